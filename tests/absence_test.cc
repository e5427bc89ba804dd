// When a place counts as missing, when as gone, and what proves nothing.
#include <gmock/gmock.h>

#include "scraper/frontier/key.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using std::chrono::hours;

// One pass a day over a site whose pages are completions made by hand.
class AbsenceTest : public ::testing::Test {
 protected:
  // A run on `day` that commits `batch` and ends like this.
  RunVerdict run(int day, const std::vector<Completion>& batch,
                 RunOutcome outcome = RunOutcome::kDone) {
    const Instant at = kNoon + hours(24 * day);
    StorageOptions options{path, Durability::kNormal};
    options.gone_after = gone_after;
    auto storage = SqliteStorage::open(path, options);
    EXPECT_TRUE(storage);
    EXPECT_TRUE((*storage)->begin_run("cafes", "serial", at));
    std::vector<Completion> dated = batch;
    for (Completion& completion : dated) completion.at = at;
    EXPECT_TRUE((*storage)->commit(dated, {}));
    const auto verdict = (*storage)->end_run(outcome, {}, at + hours(1));
    EXPECT_TRUE(verdict);
    return verdict ? *verdict : RunVerdict{};
  }

  // "missing|gone" of a place; "-" for no.
  std::string absence(const std::string& name) const {
    return rows(path,
                "SELECT ifnull(substr(missing_since, 9, 2), '-') || '|' ||"
                " ifnull(substr(gone_since, 9, 2), '-') FROM place WHERE name = '" +
                    name + "'");
  }
  std::string history(const std::string& name) const {
    return rows(path,
                "SELECT run, field, ifnull(substr(old_value, 9, 2), '-'),"
                " ifnull(substr(new_value, 9, 2), '-') FROM place_history JOIN place"
                " ON id = place_id WHERE name = '" +
                    name + "' AND field = 'gone_since' ORDER BY run");
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
  std::chrono::milliseconds gone_after{hours(48)};
};

// As the frontier knows a page, so that it is found by its URL.
std::uint64_t key_of(std::uint64_t n) { return fingerprint(dedupe_key(*Url::parse(page_url(n)))); }

// Page 1 is the start page, on which the others are found.
Completion start() {
  Completion c = fetched(1);
  c.fingerprint = key_of(1);
  return c;
}

Completion page(std::uint64_t n, std::vector<Observation> places = {}) {
  Completion c = fetched(n, std::move(places));
  c.found_on = key_of(1);
  c.fingerprint = key_of(n);
  c.outcome.request.depth = 1;
  return c;
}

Completion answered(std::uint64_t n, int status) {
  Completion c = page(n);
  c.outcome.status = static_cast<std::uint16_t>(status);
  c.page = status < 400 ? PageStatus::kRedirect : PageStatus::kHttpError;
  return c;
}

Completion timed_out(std::uint64_t n) {
  Completion c = answered(n, 0);
  c.page = PageStatus::kFetchError;
  c.outcome.error = Error{ErrorCode::kTimeout, "too slow"};
  return c;
}

// So many pages without a place, so that one failure does not spoil the pass.
std::vector<Completion> with_others(std::vector<Completion> batch) {
  for (std::uint64_t n = 100; n < 120; ++n) batch.push_back(page(n));
  return batch;
}

TEST_F(AbsenceTest, HoldsAPlaceForGoneOnceNoPageStatedItForTheGracePeriod) {
  run(0, {start(), page(2, {observation("Anna")})});
  EXPECT_EQ(absence("Anna"), "-|-\n");
  run(1, {start(), page(2)});
  EXPECT_EQ(absence("Anna"), "29|-\n");
  run(2, {start(), page(2)});
  EXPECT_EQ(absence("Anna"), "29|-\n");
  EXPECT_EQ(history("Anna"), "");
  run(3, {start(), page(2)});
  EXPECT_EQ(absence("Anna"), "29|29\n");
  EXPECT_EQ(history("Anna"), "4|gone_since|-|29\n");
  run(4, {start(), page(2)});
  EXPECT_EQ(absence("Anna"), "29|29\n");
  EXPECT_EQ(rows(path, "SELECT count(*) FROM place_history WHERE run = 5"), "0\n");
}

TEST_F(AbsenceTest, HoldsAPlaceForGoneAtOnceWithoutAGracePeriod) {
  gone_after = hours(0);
  run(0, {start(), page(2, {observation("Anna")})});
  run(1, {start(), answered(2, 404)});
  EXPECT_EQ(absence("Anna"), "29|29\n");
  EXPECT_EQ(rows(path, "SELECT count(*) FROM observation"), "0\n");
}

TEST_F(AbsenceTest, BringsAPlaceBackThatIsStatedAgain) {
  gone_after = hours(0);
  run(0, {start(), page(2, {observation("Anna")})});
  run(1, {start(), page(2)});
  run(2, {start(), page(2, {observation("Anna")})});
  EXPECT_EQ(absence("Anna"), "-|-\n");
  EXPECT_EQ(history("Anna"), "2|gone_since|-|29\n3|gone_since|29|-\n");
}

TEST_F(AbsenceTest, CountsTheTimeAnewWhenAPlaceWasStatedInBetween) {
  run(0, {start(), page(2, {observation("Anna")})});
  run(1, {start(), page(2)});
  run(2, {start(), page(2, {observation("Anna")})});
  EXPECT_EQ(absence("Anna"), "-|-\n");
  run(3, {start(), page(2)});
  run(4, {start(), page(2)});
  EXPECT_EQ(absence("Anna"), "31|-\n");
}

TEST_F(AbsenceTest, TakesAPageThatIsGoneOrHasMovedForAnAnswer) {
  for (const int status : {404, 410, 301, 308}) {
    path = folder / (std::to_string(status) + ".db");
    run(0, {start(), page(2, {observation("Anna")})});
    run(1, {start(), answered(2, status)});
    EXPECT_EQ(absence("Anna"), "29|-\n") << status;
    EXPECT_EQ(rows(path, "SELECT count(*) FROM place_source"), "2\n") << "explained until then";
    run(3, {start(), answered(2, status)});
    EXPECT_EQ(absence("Anna"), "29|29\n") << status;
    EXPECT_EQ(rows(path, "SELECT name, source_url FROM place"), "Anna|https://x.test/2\n");
    EXPECT_EQ(rows(path, "SELECT count(*) FROM observation"), "0\n");
  }
}

TEST_F(AbsenceTest, ConcludesNothingFromAPageThatFailed) {
  for (const int status : {0, 302, 403, 429, 500, 503}) {
    path = folder / (std::to_string(status) + ".db");
    run(0, with_others({start(), page(2, {observation("Anna")})}));
    for (int day = 1; day < 9; ++day) {
      const auto end =
          run(day, with_others({start(), status == 0 ? timed_out(2) : answered(2, status)}));
      EXPECT_EQ(end.pass, PassEnd::kComplete);
    }
    EXPECT_EQ(absence("Anna"), "-|-\n") << status;
  }
}

TEST_F(AbsenceTest, LetsNoTimeRunOutOnAPageThatFailed) {
  run(0, with_others({start(), page(2, {observation("Anna")})}));
  run(1, with_others({start(), answered(2, 404)}));
  run(4, with_others({start(), answered(2, 503)}));
  EXPECT_EQ(absence("Anna"), "29|-\n");
  run(5, with_others({start(), answered(2, 404)}));
  EXPECT_EQ(absence("Anna"), "29|29\n");
}

TEST_F(AbsenceTest, TakesAPageThatNothingLinksToForAnAnswer) {
  run(0, {start(), page(2, {observation("Anna")})});
  run(1, {start()});
  EXPECT_EQ(absence("Anna"), "29|-\n");
  run(3, {start()});
  EXPECT_EQ(absence("Anna"), "29|29\n");
}

TEST_F(AbsenceTest, ConcludesNothingFromAPageBehindOneThatFailed) {
  Completion deep = page(3, {observation("Anna")});
  deep.found_on = key_of(2);
  Completion deeper = page(4, {observation("Bert", "b")});
  deeper.found_on = key_of(3);
  run(0, with_others({start(), page(2), deep, deeper}));
  run(1, with_others({start(), answered(2, 503)}));
  EXPECT_EQ(absence("Anna") + absence("Bert"), "-|-\n-|-\n");
  run(2, with_others({start(), page(2)}));
  EXPECT_EQ(absence("Anna") + absence("Bert"), "30|-\n30|-\n");
}

TEST_F(AbsenceTest, ConcludesNothingFromAPageThatThePassLeftOut) {
  run(0, {start(), page(2, {observation("Anna")})});
  Completion filtered = start();
  filtered.filtered.push_back({FilterReason::kRobots, page_url(2), key_of(2)});
  run(1, {filtered});
  EXPECT_EQ(absence("Anna"), "-|-\n");
  Completion limited = start();
  limited.filtered.push_back({FilterReason::kMaxPages, page_url(7), 0});
  run(2, {limited});
  EXPECT_EQ(absence("Anna"), "-|-\n");
}

TEST_F(AbsenceTest, ConcludesNothingFromAPassThatWasNotFinished) {
  gone_after = hours(0);
  run(0, {start(), page(2, {observation("Anna")})});
  run(1, {start(), page(2), discovered(5, 6)}, RunOutcome::kInterrupted);
  run(2, {start(), page(2)}, RunOutcome::kLimit);
  EXPECT_EQ(absence("Anna"), "-|-\n");
  EXPECT_EQ(rows(path, "SELECT DISTINCT pass_end FROM run ORDER BY 1"), "NULL\ncomplete\n");
}

TEST_F(AbsenceTest, ConcludesFromAnswersAloneWhereHostsThatCannotBeReachedAreLeft) {
  gone_after = hours(0);
  run(0, {start(), page(2, {observation("Anna")}), page(3, {observation("Bert")})});
  EXPECT_EQ(run(1, {start(), page(2), discovered(5, 6)}).pass, PassEnd::kPartial);
  EXPECT_EQ(absence("Anna"), "29|29\n") << "its page was answered without it";
  EXPECT_EQ(absence("Bert"), "-|-\n") << "what is left may link to it";
}

TEST_F(AbsenceTest, ConcludesNothingFromASpoiledPass) {
  gone_after = hours(0);
  run(0, {start(), page(2, {observation("Anna")}), page(3), page(4)});
  EXPECT_EQ(run(1, {start(), page(2), timed_out(3), page(4)}).pass, PassEnd::kSpoiled);
  EXPECT_EQ(absence("Anna"), "-|-\n");
  Completion dead_start = answered(1, 404);
  dead_start.found_on = 0;
  dead_start.outcome.request.depth = 0;
  EXPECT_EQ(run(2, {dead_start}).pass, PassEnd::kSpoiled);
  EXPECT_EQ(absence("Anna"), "-|-\n");
  EXPECT_EQ(run(3, {start(), page(2)}).pass, PassEnd::kComplete);
  EXPECT_EQ(absence("Anna"), "31|31\n");
}

TEST_F(AbsenceTest, ForgetsWhatADeadPageSaidOfAPlaceThatOthersState) {
  Observation detail = observation("Anna");
  detail.place.phone = "+491";
  run(0, {start(), page(2, {detail}), page(3, {observation("Anna")})});
  run(1, {start(), answered(2, 404), page(3, {observation("Anna")})});
  EXPECT_EQ(rows(path, "SELECT phone, source_url FROM place"), "+491|https://x.test/2\n");
  run(3, {start(), answered(2, 404), page(3, {observation("Anna")})});
  EXPECT_EQ(rows(path, "SELECT phone, source_url FROM place"), "NULL|https://x.test/3\n");
  EXPECT_EQ(absence("Anna"), "-|-\n");
  EXPECT_EQ(rows(path, "SELECT field, old_value, new_value FROM place_history WHERE run = 3"),
            "phone|+491|NULL\n");
}

TEST_F(AbsenceTest, DoesNotTakeAWithdrawalForASighting) {
  run(0, {start(), page(2, {observation("Anna")}), page(3, {observation("Anna")})});
  run(1, with_others({start(), page(2), timed_out(3)}));
  EXPECT_EQ(rows(path, "SELECT last_seen FROM place"), "2026-05-28T20:26:40Z\n");
}

TEST_F(AbsenceTest, EndsAPassAfterAStopAtAnEmptyQueueAndBeginsAnother) {
  gone_after = hours(0);
  const Completion bert = page(3, {observation("Bert", "b")});
  run(0, {start(), page(2, {observation("Anna")}), bert});
  run(1, {start(), page(2), bert}, RunOutcome::kInterrupted);
  EXPECT_EQ(absence("Anna"), "-|-\n");
  run(2, {start(), bert});
  EXPECT_EQ(absence("Anna") + absence("Bert"), "29|29\n-|-\n");
  EXPECT_EQ(history("Anna"), "2|gone_since|-|29\n");
  EXPECT_EQ(rows(path, "SELECT pass, outcome, pass_end FROM run ORDER BY id"),
            "1|done|complete\n2|interrupted|complete\n3|done|complete\n");
}

TEST_F(AbsenceTest, TakesTheKeysOfAGonePlaceAwayWithTheNextResolution) {
  gone_after = hours(0);
  Observation other = observation("Anna", "b");
  other.place.phone = "+4930901820";
  other.place.addr_housenumber = "5";
  Observation same = other;
  same.place.addr_street.reset();
  same.place.addr_housenumber.reset();
  run(0, {start(), page(2, {other}), page(3, {same})});
  ASSERT_EQ(rows(path, "SELECT count(*) FROM place"), "1\n");
  ASSERT_EQ(rows(path, "SELECT count(DISTINCT identity) FROM identity_block"), "2\n");
  run(1, {start(), page(2), page(3)});
  run(2, {start(), page(2), page(3)});
  EXPECT_EQ(rows(path, "SELECT count(*) FROM place WHERE gone_since IS NOT NULL"), "1\n");
  EXPECT_EQ(rows(path, "SELECT DISTINCT identity = (SELECT id FROM place) FROM identity_block"),
            "1\n");
}

}  // namespace
}  // namespace placer
