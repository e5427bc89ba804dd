// The crawl's own record of its politeness, as it is read back.
#include <gmock/gmock.h>

#include "storage/query.h"
#include "tests/program.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PolitenessTest : public testing::Test {
 protected:
  void SetUp() override {
    meet({});
    if (rows(path_, "SELECT early FROM host LIMIT 0") != "") {
      GTEST_SKIP() << "this schema's hosts have no record of what was done to them";
    }
  }

  // A crawl that met these hosts.
  void meet(const std::vector<std::string>& hosts) {
    auto storage = open_storage(path_);
    ASSERT_TRUE(storage->begin_run("job", "serial", kNoon));
    Completion completion;
    completion.at = kNoon;
    for (const std::string& name : hosts) {
      HostState host;
      host.id = static_cast<HostId>(completion.hosts.size() + 1);
      host.host = name;
      completion.hosts.push_back(host);
    }
    ASSERT_TRUE(storage->commit({completion}, {}));
    ASSERT_TRUE(storage->end_run(RunOutcome::kInterrupted, {}, kNoon));
  }

  void record(const std::string& host, const std::string& assignments) {
    auto db = Database::open(path_, Access::kWrite);
    ASSERT_TRUE(db);
    (*db)->exec(("UPDATE host SET " + assignments + " WHERE host = '" + host + "'").c_str(),
                "testing");
    const auto status = (*db)->status();
    ASSERT_TRUE(status) << status.error().message;
  }

  PolitenessSummary summary(std::size_t most_hosts = 10) {
    auto lookup = Lookup::open(path_);
    EXPECT_TRUE(lookup);
    auto read = lookup->politeness(most_hosts);
    EXPECT_TRUE(read) << read.error().message;
    return read.value_or(PolitenessSummary{});
  }

  std::string shown() {
    const ProgramResult result = run_program({PLACER_BINARY, "status", "--politeness", path_});
    EXPECT_EQ(result.status, 0) << result.err;
    return result.out;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "test.db";
};

constexpr char kTold[] =
    "requests = 7, refused = 2, early = 0, most_in_flight = 1, min_gap_ms = 1003,"
    " min_delay_ms = 1000, pause_ms = 3600000, delay_ms = 2000, slowed_ms = 2000,"
    " latency_us = 81000, failures = 2, last_start_ms = 1780000000000,"
    " next_allowed_ms = 1780003600000";
constexpr char kEarly[] =
    "requests = 3, refused = 0, early = 1, most_in_flight = 2, min_gap_ms = 10, min_delay_ms = 500,"
    " pause_ms = 500, delay_ms = 500";

TEST_F(PolitenessTest, ReadsBackWhatTheCrawlRecorded) {
  meet({"a.test", "b.test"});
  record("a.test", kTold);
  const PolitenessSummary read = summary();
  EXPECT_EQ(read.hosts, 1U) << "the other was never asked for anything";
  ASSERT_EQ(read.rows.size(), 1U);
  const PaceState& pace = read.rows[0].pace;
  EXPECT_EQ(read.rows[0].host, "a.test");
  EXPECT_EQ(pace.next_allowed, Instant(milliseconds(1'780'003'600'000)));
  EXPECT_EQ(pace.last_start, Instant(milliseconds(1'780'000'000'000)));
  EXPECT_EQ(pace.pause, std::chrono::hours(1));
  EXPECT_EQ(pace.delay, milliseconds(2000));
  EXPECT_EQ(pace.slowed, milliseconds(2000));
  EXPECT_EQ(pace.latency, milliseconds(81));
  EXPECT_EQ(pace.failures, 2U);
  EXPECT_EQ(pace.record.requests, 7U);
  EXPECT_EQ(pace.record.refused, 2U);
  EXPECT_EQ(pace.record.most_in_flight, 1U);
  EXPECT_EQ(pace.record.min_gap, milliseconds(1003));
  EXPECT_EQ(pace.record.min_delay, milliseconds(1000));
}

TEST_F(PolitenessTest, NamesTheHostsFirstWhereLeastCareWasTaken) {
  meet({"a.test", "b.test", "c.test"});
  record("a.test", kTold);
  record("b.test", "requests = 1, min_gap_ms = NULL, min_delay_ms = NULL");
  record("c.test", kEarly);
  const PolitenessSummary read = summary();
  std::vector<std::string> hosts;
  for (const HostPace& row : read.rows) hosts.push_back(row.host);
  EXPECT_THAT(hosts, ElementsAre("c.test", "a.test", "b.test"));
  EXPECT_EQ(read.record.requests, 11U);
  EXPECT_EQ(read.record.early, 1U);
  EXPECT_EQ(read.record.most_in_flight, 2U);
  EXPECT_EQ(read.record.min_gap, milliseconds(10));
  EXPECT_EQ(summary(1).rows.size(), 1U);
  EXPECT_EQ(summary(1).hosts, 3U);
}

TEST_F(PolitenessTest, ShowsATableAndALineForRequestsThatCameEarly) {
  meet({"a.test", "c.test"});
  record("a.test", kTold);
  const std::string polite = shown();
  EXPECT_THAT(polite, HasSubstr("1003 ms between two starts to one host"));
  EXPECT_THAT(polite, HasSubstr("7 to 1 hosts, 2 answered with 429 or 503"));
  EXPECT_THAT(polite, HasSubstr("2026-05-28T21:26:40Z")) << "until then it is paused";
  EXPECT_THAT(polite, Not(HasSubstr("EARLY")));
  record("c.test", kEarly);
  EXPECT_THAT(shown(), HasSubstr("EARLY c.test: 1 requests began before they were allowed"));
}

TEST_F(PolitenessTest, HasNothingToShowBeforeTheFirstRequest) {
  EXPECT_THAT(shown(), HasSubstr("0 to 0 hosts"));
}

}  // namespace
}  // namespace placer
