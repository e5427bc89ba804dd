// Which pages a run on a budget visits again, and what that means for what is stored.
#include "storage/revisit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/storage_support.h"
#include "tests/temporary_folder.h"
#include "tests/web/server.h"
#include "tests/web/written.h"

namespace placer {
namespace {

using std::chrono::hours;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

constexpr auto kDay = hours(24);

TEST(RevisitTest, RateLiesBetweenWhatWasSeenAndWhatPagesAreLike) {
  const double unknown = change_rate({});
  EXPECT_GT(unknown, 1.0 / 60);
  EXPECT_LT(unknown, 1.0 / 7);
  EXPECT_NEAR(change_rate({100, 100, 100}), 5.0, 1.0);  // at least: each look found a change
  EXPECT_NEAR(change_rate({1000, 1000, 95}), 0.1, 0.01);
  EXPECT_LT(change_rate({365, 365, 0}), 1.0 / 300);
}

TEST(RevisitTest, MoreChangesMakeAPageDueEarlierAndMoreChecksWithoutOneLater) {
  for (std::uint64_t checks = 1; checks < 50; ++checks) {
    const double days = static_cast<double>(checks);
    for (std::uint64_t changes = 0; changes < checks; ++changes) {
      EXPECT_LT(change_rate({days, checks, changes}), change_rate({days, checks, changes + 1}));
    }
    EXPECT_GE(due_after({days + 1, checks + 1, 0}), due_after({days, checks, 0}));
  }
}

TEST(RevisitTest, IsDueBetweenAnHourAnd90DaysWhateverTheCountsSay) {
  for (const Visits& odd : {Visits{-5, 3, 1}, Visits{0, 0, 9}, Visits{1e9, 1'000'000'000, 0},
                            Visits{0.001, 100'000, 100'000}}) {
    EXPECT_GE(due_after(odd), hours(1));
    EXPECT_LE(due_after(odd), 90 * kDay);
    EXPECT_GT(change_rate(odd), 0);
    EXPECT_LE(change_probability(odd, 1e6), 1);
    EXPECT_GE(change_probability(odd, 0), 0);
  }
}

TEST(RevisitTest, ItIsDueWhenAChangeIsAsLikelyAsNot) {
  const Visits weekly{70, 70, 10};
  const double days = std::chrono::duration<double, std::ratio<86'400>>(due_after(weekly)).count();
  EXPECT_NEAR(change_probability(weekly, days), 0.5, 0.001);
}

// Pages 1 to 6 of one host are fetched once a day for a week.
class RevisitStorageTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kPages = 6;

  void pass(int day, const RunPlan& plan = {}) {
    const Instant at = kNoon + day * kDay;
    auto storage = open_storage(folder_ / "a.db");
    auto resumed = storage->begin_run("test", "fake", at, plan);
    ASSERT_TRUE(resumed) << resumed.error().message;
    Completion found = discovered(1, kPages);
    std::vector<Completion> batch{found};
    for (std::uint64_t n = 1; n <= kPages; ++n) batch.push_back(page(n, day, at));
    ASSERT_TRUE(storage->commit(batch, {}));
    ASSERT_TRUE(storage->end_run(RunOutcome::kDone, {}, at));
  }

  // Page 1 is the start page, 2 changes daily, 4 never states a place, 5 states three.
  static Completion page(std::uint64_t n, int day, Instant at) {
    std::vector<Observation> places;
    if (n != 4) places.push_back(observation("Cafe " + std::to_string(n), "a"));
    if (n == 2) places[0].place.phone = "+4930" + std::to_string(1'000'000 + day);
    for (int more = 0; n == 5 && more < 2; ++more) {
      places.push_back(observation("Bar " + std::to_string(more), "b" + std::to_string(more)));
    }
    Completion c = fetched(n, places, at);
    c.outcome.request.depth = n == 1 ? 0 : 1;
    c.outcome.content_hash = n;
    c.outlinks.emplace();
    return c;
  }

  // The URLs queued by a run that begins on that day.
  std::string chosen(int day, std::uint64_t budget,
                     std::optional<std::uint64_t> per_host = std::nullopt) {
    RunPlan plan;
    plan.budget = budget;
    plan.budget_per_host = per_host;
    auto storage = open_storage(folder_ / "a.db");
    auto resumed = storage->begin_run("test", "fake", kNoon + day * kDay, plan);
    EXPECT_TRUE(resumed && resumed->fresh);
    queued_ = resumed ? resumed->queued : 0;
    const auto rest = storage->end_run(RunOutcome::kInterrupted, {}, kNoon + day * kDay);
    EXPECT_TRUE(rest && rest->pass == PassEnd::kOpen);
    return rows(folder_ / "a.db",
                "SELECT group_concat(substr(url, 16), ' ') FROM"
                " (SELECT url FROM queue ORDER BY seq)");
  }

  TemporaryFolder folder_;
  std::uint64_t queued_ = 0;
};

TEST_F(RevisitStorageTest, TakesWhatChangesMostAndStatesMostFirstAndNoStartPage) {
  for (int day = 0; day < 7; ++day) pass(day);
  EXPECT_EQ(chosen(8, 2), "2 5\n");
  EXPECT_EQ(queued_, 2U);
  // What was left over is no choice for the next time: all is weighed anew.
  EXPECT_EQ(chosen(9, 3), "2 5 3\n");
  EXPECT_EQ(chosen(10, 100), "2 5 3 6 4\n");
  EXPECT_EQ(queued_, 5U);
  EXPECT_EQ(chosen(11, 100, 1), "2\n");
}

TEST_F(RevisitStorageTest, LearnsHowOftenEachPageChanges) {
  for (int day = 0; day < 7; ++day) pass(day);
  EXPECT_EQ(rows(folder_ / "a.db", "SELECT checks, changes FROM page ORDER BY url"),
            "6|0\n6|6\n6|0\n6|0\n6|0\n6|0\n");
  EXPECT_EQ(rows(folder_ / "a.db", "SELECT count(*) FROM page WHERE next_due <= fetched_at"),
            "0\n");
  EXPECT_EQ(
      rows(folder_ / "a.db", "SELECT substr(url, 16) FROM page ORDER BY next_due, url LIMIT 1"),
      "2\n");
}

// The program, on a site of a start page, a list of places and their pages.
class BudgetRunTest : public testing::Test {
 protected:
  static constexpr int kPlaces = 30;

  BudgetRunTest() {
    std::vector<std::string> links;
    for (int i = 0; i < kPlaces; ++i) {
      links.push_back(path(i));
      put(i, "");
    }
    site_.put("/", web::link_page({"/list"}));
    site_.put("/list", web::link_page(links));
    folder_.write("job.yaml", loopback_job(server_.url("/")));
  }

  static std::string path(int i) { return "/place-" + std::to_string(i); }
  void put(int i, const std::string& phone, const std::vector<std::string>& links = {}) {
    site_.put(path(i), web::place_page("Cafe Number " + std::to_string(i), phone, links));
  }
  ProgramResult run(const std::vector<std::string>& more = {}) {
    server_.clear_log();
    std::vector<std::string> all{PLACER_BINARY, "run",  "job.yaml", "--backend",
                                 "serial",      "--db", "a.db"};
    all.insert(all.end(), more.begin(), more.end());
    auto ended = run_program(all, folder_.path());
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended;
  }
  std::vector<std::string> asked_for() const {
    std::vector<std::string> targets;
    for (const auto& request : server_.log()) targets.push_back(request.target);
    return targets;
  }
  std::vector<std::string> query(const std::string& sql) const {
    return query_lines(folder_ / "a.db", sql);
  }
  // As if all had been fetched years ago; times are stored in seconds, and a test takes less.
  void age_pages() const {
    auto db = Database::open(folder_ / "a.db", Access::kWrite);
    ASSERT_TRUE(db);
    (*db)->exec(
        "UPDATE page SET first_fetched = '2020-01-01T00:00:00Z',"
        " fetched_at = '2020-01-01T00:00:00Z'",
        "testing");
    ASSERT_TRUE((*db)->status());
  }
  void expect_all_places_are_there(int places) const {
    EXPECT_THAT(query("SELECT count(*) FROM place WHERE missing_since IS NULL"),
                ElementsAre(std::to_string(places)));
    EXPECT_THAT(query("SELECT count(*) FROM observation WHERE missing_since IS NOT NULL"),
                ElementsAre("0"));
  }

  web::WrittenSite site_{web::Validation::kEtag};
  web::RunningServer server_{site_.handler()};
  TemporaryFolder folder_;
};

TEST_F(BudgetRunTest, LeavesTheRestAloneAndCountsIt) {
  run();
  run({"--budget", "5"});
  EXPECT_EQ(asked_for().size(), 6U);  // and the start page
  EXPECT_THAT(asked_for(), Contains("/"));
  EXPECT_THAT(query("SELECT pass_end FROM run ORDER BY id"), ElementsAre("complete", "partial"));
  expect_all_places_are_there(kPlaces);
}

TEST_F(BudgetRunTest, FetchesNewPagesBehindChangedOnesAndPassesOverTheOld) {
  run();
  std::vector<std::string> links;
  for (int i = 0; i <= kPlaces; ++i) links.push_back(path(i));
  put(kPlaces, "");  // one more
  site_.put("/", web::link_page(links));
  run({"--budget", "3"});
  EXPECT_THAT(asked_for(), Contains(path(kPlaces)));
  EXPECT_EQ(asked_for().size(), 5U);
  EXPECT_THAT(query("SELECT reason, count FROM filtered"), ElementsAre("not-due|27"));
  expect_all_places_are_there(kPlaces + 1);
}

// What a page on a budget links to and was left alone is still linked to.
TEST_F(BudgetRunTest, ACompletePassAfterItMissesNothing) {
  run();
  std::vector<std::string> links{"/list"};
  for (int i = 0; i < kPlaces; ++i) links.push_back(path(i));
  site_.put("/", web::link_page(links));
  site_.remove("/list");
  run({"--budget", "1"});
  run();
  EXPECT_GE(asked_for().size(), static_cast<std::size_t>(kPlaces));
  EXPECT_THAT(query("SELECT pass_end FROM run ORDER BY id"),
              ElementsAre("complete", "partial", "complete"));
  expect_all_places_are_there(kPlaces);
}

TEST_F(BudgetRunTest, EachRunChoosesAnew) {
  run();
  age_pages();
  run({"--budget", "10"});
  const auto first = asked_for();
  run({"--budget", "10"});
  int again = 0;
  for (const std::string& target : asked_for()) again += std::ranges::count(first, target) > 0;
  EXPECT_LE(again, 2);  // the start page; the others have waited longer
  EXPECT_THAT(query("SELECT count(*) FROM queue"), ElementsAre("0"));
}

TEST_F(BudgetRunTest, AnInterruptedOneEndsWithTheNextRun) {
  run();
  run({"--budget", "20", "--max-pages", "5"});
  EXPECT_THAT(query("SELECT outcome, pass_end FROM run WHERE id = 2"), ElementsAre("limit|-"));
  put(7, "+49 30 1234567");
  run();
  EXPECT_EQ(asked_for().size(), static_cast<std::size_t>(kPlaces) + 2);
  EXPECT_THAT(query("SELECT outcome, pass_end FROM run WHERE id = 3"),
              ElementsAre("done|complete"));
  EXPECT_THAT(query("SELECT count(*) FROM place WHERE phone IS NOT NULL"), ElementsAre("1"));
  expect_all_places_are_there(kPlaces);
}

TEST_F(BudgetRunTest, WhatAStartUrlRedirectsToIsVisitedEveryTime) {
  web::Reply moved;
  moved.status = 302;
  moved.headers = {{"Location", "/home"}};
  site_.put("/home", web::link_page({"/list"}));
  site_.put_reply("/", moved);
  run();
  run({"--budget", "2"});
  EXPECT_THAT(asked_for(), IsSupersetOf({"/", "/home"}));
  EXPECT_THAT(query("SELECT pass_end FROM run ORDER BY id"), ElementsAre("complete", "partial"));
}

TEST_F(BudgetRunTest, DoesNotVisitWhatTheJobExcludesSince) {
  run();
  run({"--budget", "100", "--set", "scope.exclude=['/place-1*']"});
  EXPECT_THAT(asked_for(), Not(Contains("/place-1")));
  EXPECT_THAT(asked_for(), Not(Contains("/place-17")));
  EXPECT_THAT(asked_for(), Contains("/place-2"));
  EXPECT_THAT(query("SELECT reason, count FROM filtered"), ElementsAre("exclude|11"));
}

TEST_F(BudgetRunTest, AFirstRunOnABudgetFetchesEverything) {
  run({"--budget", "3"});
  expect_all_places_are_there(kPlaces);
}

TEST_F(BudgetRunTest, ATimeIsABudgetToo) {
  run();
  put(3, "+49 30 1234567");
  run({"--budget", "10m"});
  EXPECT_THAT(query("SELECT count(*) FROM place WHERE phone IS NOT NULL"), ElementsAre("1"));
  EXPECT_THAT(query("SELECT pass_end FROM run ORDER BY id"), ElementsAre("complete", "partial"));
}

TEST_F(BudgetRunTest, AVanishedPageIsNoticed) {
  run();
  for (int i = 0; i < 3; ++i) site_.remove(path(i));
  run({"--budget", "100"});
  EXPECT_THAT(query("SELECT count(*) FROM place WHERE missing_since IS NOT NULL"),
              ElementsAre("3"));
}

}  // namespace
}  // namespace placer
