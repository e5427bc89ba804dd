// What `auto` makes of the pages it sees: a made-up crawl, worked out without a clock.
#include "backends/concurrency_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace placer {
namespace {

using std::chrono::microseconds;
using testing::AllOf;
using testing::HasSubstr;

// Servers and processors with so much to give.
struct World {
  double answer = 0.1;  // seconds until a server answers, however many ask
  double work = 0.001;  // seconds of a processor a page
  double served = 1e9;  // pages a second that the servers (or the engine) can give at most
  unsigned bytes = 30'000;
};

Round crawl(const World& world, const Concurrency& with) {
  const double rate =
      std::min({with.total() / world.answer, with.workers / world.work, world.served});
  Round round;
  round.full = true;
  round.pages = std::max<std::uint64_t>(with.total(), 8);
  const auto pages = static_cast<double>(round.pages);
  round.elapsed = microseconds(static_cast<std::int64_t>(1e6 * pages / rate));
  round.cpu = microseconds(static_cast<std::int64_t>(1e6 * pages * world.work));
  round.work = round.cpu / 2;
  // Beyond what is needed requests wait for their turn.
  const double cycle = std::max(world.answer, with.total() / rate);
  round.answers = microseconds(static_cast<std::int64_t>(1e6 * pages * cycle));
  round.fastest = microseconds(static_cast<std::int64_t>(1e6 * world.answer));
  round.bytes = round.pages * world.bytes;
  return round;
}

// The numbers after `rounds` rounds; `changes` counts how often they moved.
Concurrency settle(ConcurrencyLimit& limit, const World& world, int rounds,
                   int* changes = nullptr) {
  for (int i = 0; i < rounds; ++i) {
    const bool changed = limit.learn(crawl(world, limit.now())).has_value();
    if (changes != nullptr && changed) ++*changes;
  }
  return limit.now();
}

TEST(ConcurrencyLimitTest, BeginsWithOneLoopAndModestNumbers) {
  EXPECT_EQ(ConcurrencyLimit(4, 10'000).now(), (Concurrency{1, 256}));
  EXPECT_EQ(ConcurrencyLimit(4, 5).now(), (Concurrency{1, 5}));
}

TEST(ConcurrencyLimitTest, OpensTheWindowWideForSlowServers) {
  ConcurrencyLimit limit(2, 10'000);
  EXPECT_EQ(settle(limit, {.answer = 1, .work = 0.00005}, 2), (Concurrency{1, 10'000}));
}

TEST(ConcurrencyLimitTest, KeepsTheLoopsBusyAndNotMuchMore) {
  // 100 ms of waiting for each 1 ms of work: one loop is busy with 100 requests, two with 200.
  ConcurrencyLimit limit(2, 10'000);
  const Concurrency found = settle(limit, {.answer = 0.1, .work = 0.001}, 10);
  EXPECT_EQ(found.workers, 2U);
  EXPECT_GE(found.total(), 160U);
  EXPECT_LE(found.total(), 400U);
}

TEST(ConcurrencyLimitTest, TakesEveryCoreForPagesThatAreWork) {
  ConcurrencyLimit limit(8, 10'000);
  const Concurrency found = settle(limit, {.answer = 0.0005, .work = 0.002}, 3);
  EXPECT_EQ(found.workers, 8U);
  EXPECT_LE(found.total(), ConcurrencyLimit::kFirst);  // more would only wait
}

TEST(ConcurrencyLimitTest, StaysWhereItIsOnceItFits) {
  for (const double answer : {0.0002, 0.02, 0.2, 1.0, 5.0}) {
    for (const double work : {0.00005, 0.001, 0.02}) {
      ConcurrencyLimit limit(4, 10'000);
      const World world{.answer = answer, .work = work};
      settle(limit, world, 12);
      int changes = 0;
      settle(limit, world, 50, &changes);
      EXPECT_EQ(changes, 0) << answer << " s of waiting, " << work << " s of work";
      // And it gives nearly all that there is to have.
      const double most = std::min(4 / work, 10'000 / answer);
      const double rate = std::min(limit.now().total() / answer, limit.now().workers / work);
      EXPECT_GE(rate, 0.75 * most) << answer << ", " << work;
    }
  }
}

TEST(ConcurrencyLimitTest, TakesGrowthBackThatServersDoNotReward) {
  ConcurrencyLimit limit(2, 10'000);
  const World choking{.answer = 0.05, .work = 0.0001, .served = 5200};
  int changes = 0;
  const Concurrency found = settle(limit, choking, 30, &changes);
  EXPECT_EQ(found, (Concurrency{1, 256}));
  EXPECT_EQ(changes, 2);  // there, and back for good
}

TEST(ConcurrencyLimitTest, TriesAgainWhenAnswersTakeAnotherTime) {
  ConcurrencyLimit limit(2, 10'000);
  settle(limit, {.answer = 0.05, .work = 0.0001, .served = 5200}, 10);
  const Concurrency found = settle(limit, {.answer = 0.5, .work = 0.0001}, 10);
  EXPECT_GE(found.total(), 4000U);
}

TEST(ConcurrencyLimitTest, GivesUpWhatOnlyWaitsForAProcessor) {
  ConcurrencyLimit limit(2, 10'000);
  const Concurrency wide = settle(limit, {.answer = 2, .work = 0.0001}, 10);
  EXPECT_GE(wide.total(), 10'000U);
  const Concurrency found = settle(limit, {.answer = 0.01, .work = 0.005}, 10);
  EXPECT_LE(found.total(), 200U);  // 400 pages/s: none waits for half a second
  EXPECT_EQ(found.workers, 2U);
}

TEST(ConcurrencyLimitTest, LearnsNothingWhilePolitenessIsTheLimit) {
  ConcurrencyLimit limit(2, 10'000);
  Round round = crawl({.answer = 1, .work = 0.0001}, limit.now());
  round.full = false;
  EXPECT_EQ(limit.learn(round), std::nullopt);
  EXPECT_EQ(limit.now(), (Concurrency{1, 256}));
}

TEST(ConcurrencyLimitTest, WaitsForEnoughPagesToJudgeBy) {
  ConcurrencyLimit limit(2, 10'000);
  EXPECT_FALSE(limit.suffices(7, std::chrono::hours(1)));
  EXPECT_FALSE(limit.suffices(256, std::chrono::milliseconds(10)));
  EXPECT_TRUE(limit.suffices(256, std::chrono::milliseconds(100)));
  EXPECT_FALSE(limit.suffices(8, std::chrono::seconds(1)));
  EXPECT_TRUE(limit.suffices(8, std::chrono::seconds(2)));
  Round slow = crawl({.answer = 10, .work = 0.0001}, limit.now());
  limit.learn(slow);
  EXPECT_FALSE(limit.suffices(8, std::chrono::seconds(2)));  // none of them was asked for since
  EXPECT_TRUE(limit.suffices(8, std::chrono::seconds(20)));
}

TEST(ConcurrencyLimitTest, SaysWhatItSawAndWhatItDoes) {
  ConcurrencyLimit limit(2, 1000);
  const auto why = limit.learn(crawl({.answer = 1, .work = 0.0002}, limit.now()));
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, AllOf(HasSubstr("256 pages of 30 KB"), HasSubstr("answered in 1.0 s"),
                          HasSubstr("200 us of work"), HasSubstr("busy for 5 %"),
                          HasSubstr("1 event loop of up to 1000 requests")));
}

}  // namespace
}  // namespace placer
