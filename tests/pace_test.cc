#include "scraper/frontier/pace.h"

#include <algorithm>
#include <map>
#include <queue>

namespace placer {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart{hours(24 * 365 * 50)};

PaceRules rules_of(milliseconds delay) {
  PaceRules rules;
  rules.delay = delay;
  rules.max_crawl_delay = seconds(60);
  rules.max_delay = seconds(60);
  rules.backoff = seconds(1);
  rules.max_backoff = seconds(300);
  return rules;
}

Outcome answer(int status, milliseconds first_byte = milliseconds(50)) {
  Outcome outcome;
  outcome.status = static_cast<std::uint16_t>(status);
  outcome.timings.first_byte =
      static_cast<std::uint64_t>(std::chrono::microseconds(first_byte).count());
  return outcome;
}

Outcome refusal(int status, seconds retry_after) {
  Outcome outcome = answer(status);
  outcome.retry_after = retry_after;
  return outcome;
}

Outcome failure(ErrorCode code) {
  Outcome outcome;
  outcome.error = Error{code, "GET http://h/: failed"};
  return outcome;
}

// One host that is asked as soon as it may be, one request at a time.
class PaceTest : public testing::Test {
 protected:
  explicit PaceTest(PaceRules rules = rules_of(seconds(1)))
      : rules_(rules), pace_(rules, {}, kStart) {}

  // Starts when it may; the answer comes `after` later.
  void fetch(const Outcome& outcome, milliseconds after = milliseconds(50)) {
    now_ = std::max(now_, pace_.next_allowed());
    pace_.started(now_);
    now_ += after;
    pace_.finished(outcome, now_, random_);
  }
  milliseconds wait() const { return pace_.next_allowed() - now_; }

  PaceRules rules_;
  Pace pace_;
  Instant now_ = kStart;
  std::minstd_rand random_{7};
};

TEST_F(PaceTest, LetsTheFirstRequestStartAtOnce) { EXPECT_LE(pace_.next_allowed(), kStart); }

TEST_F(PaceTest, CountsTheDelayFromStartToStart) {
  fetch(answer(200), milliseconds(300));
  EXPECT_EQ(wait(), milliseconds(700));
  fetch(answer(200), seconds(5));
  EXPECT_LE(wait(), milliseconds(0));
}

// As its origin sees it: the next request may take no time at all to go out.
TEST_F(PaceTest, CountsTheDelayFromWhenARequestWentOut) {
  Outcome outcome = answer(200, milliseconds(10));
  outcome.timings.total = 20'000;
  outcome.timings.process = 5'000;
  fetch(outcome, milliseconds(300));  // 275 ms to a worker and back
  EXPECT_EQ(wait(), milliseconds(975));
}

TEST_F(PaceTest, HonoursCrawlDelayUpToTheCap) {
  fetch(answer(200));
  pace_.set_crawl_delay(seconds(10));
  EXPECT_EQ(pace_.next_allowed(), kStart + seconds(10)) << "it holds for the gap under way too";
  pace_.set_crawl_delay(hours(5));
  EXPECT_EQ(pace_.delay(), seconds(60));
  pace_.set_crawl_delay(milliseconds(10));
  EXPECT_EQ(pace_.delay(), seconds(1)) << "robots.txt never makes a crawl faster";
}

// RFC 9110 section 10.2.3, RFC 6585 section 4.
TEST_F(PaceTest, KeepsRetryAfterToTheSecondWhateverTheLongestBackOff) {
  rules_.max_backoff = seconds(2);
  for (const int status : {429, 503, 301, 302, 307}) {
    pace_ = Pace(rules_, {}, now_);
    fetch(refusal(status, seconds(1234)));
    EXPECT_EQ(wait(), seconds(1234)) << status;
  }
  pace_ = Pace(rules_, {}, now_);
  fetch(refusal(503, hours(400)));
  EXPECT_EQ(wait(), hours(24));
  pace_ = Pace(rules_, {}, now_);
  fetch(refusal(200, seconds(1234)));
  EXPECT_LT(wait(), seconds(1)) << "nothing failed";
}

TEST_F(PaceTest, IsNotHurriedByAShortOrNonsensicalRetryAfter) {
  fetch(refusal(503, seconds(0)));
  EXPECT_GE(wait(), seconds(1));
  fetch(refusal(503, seconds(-100)));
  EXPECT_GE(wait(), seconds(2));
}

TEST_F(PaceTest, DoublesBackOffWithEachFailureAndForgetsItOnSuccess) {
  for (const int pause : {1, 2, 4, 8, 16}) {
    fetch(answer(503));
    EXPECT_GE(wait(), seconds(pause));
    EXPECT_LE(wait(), milliseconds(1250 * pause) + pace_.delay());
  }
  EXPECT_EQ(pace_.failures(), 5U);
  for (int i = 0; i < 40; ++i) fetch(failure(ErrorCode::kConnect), seconds(0));
  EXPECT_GE(wait(), seconds(300));
  EXPECT_LE(wait(), seconds(375));
  fetch(answer(200));
  EXPECT_EQ(pace_.failures(), 0U);
  EXPECT_LE(wait(), seconds(60));
}

TEST_F(PaceTest, SlowsDownForTroubleAndRecoversStepByStepToTheDelayOfTheJob) {
  fetch(answer(200));
  fetch(answer(429));
  EXPECT_EQ(pace_.delay(), seconds(2));
  fetch(failure(ErrorCode::kTimeout));
  EXPECT_EQ(pace_.delay(), seconds(4));
  fetch(answer(500));
  EXPECT_EQ(pace_.delay(), seconds(5));
  milliseconds before = pace_.delay();
  int steps = 0;
  for (; pace_.delay() > seconds(1); ++steps) {
    fetch(answer(200));
    EXPECT_LT(pace_.delay(), before);
    before = pace_.delay();
  }
  EXPECT_GT(steps, 5);
  EXPECT_LT(steps, 40);
  EXPECT_EQ(pace_.delay(), seconds(1));
}

TEST_F(PaceTest, SlowsDownTenfoldAtMost) {
  for (int i = 0; i < 50; ++i) fetch(answer(503));
  EXPECT_EQ(pace_.delay(), seconds(10));
}

TEST_F(PaceTest, SlowsDownWhenAnswersTakeMuchLongerThanUsual) {
  for (int i = 0; i < 20; ++i) fetch(answer(200, milliseconds(100 + i % 3 * 20)));
  EXPECT_EQ(pace_.delay(), seconds(1));
  for (int i = 0; i < 10; ++i) fetch(answer(200, milliseconds(900)), milliseconds(900));
  EXPECT_GT(pace_.delay(), seconds(2));
  EXPECT_LE(pace_.delay(), milliseconds(5 * 900)) << "at most five times what answers take";
  for (int i = 0; i < 60; ++i) fetch(answer(200, milliseconds(100)));
  EXPECT_EQ(pace_.delay(), seconds(1));
}

TEST_F(PaceTest, DoesNotMindASlowPageOrAHostThatIsAlwaysSlow) {
  for (int i = 0; i < 200; ++i) {
    fetch(answer(200, milliseconds(i % 25 == 24 ? 900 : 100)));
    ASSERT_EQ(pace_.delay(), seconds(1)) << i;
  }
  pace_ = Pace(rules_, {}, now_);
  for (int i = 0; i < 100; ++i) {
    fetch(answer(200, milliseconds(4000)), milliseconds(4000));
    ASSERT_EQ(pace_.delay(), seconds(1)) << i;
  }
}

TEST_F(PaceTest, LeavesTheDelayAloneWhenTheJobWantsNoAdapting) {
  rules_.adaptive = false;
  pace_ = Pace(rules_, {}, now_);
  for (int i = 0; i < 5; ++i) fetch(answer(503));
  EXPECT_EQ(pace_.delay(), seconds(1));
  EXPECT_GE(wait(), seconds(16)) << "back-off is another matter";
}

TEST_F(PaceTest, CountsFailuresInFlightTogetherAsOne) {
  for (int i = 0; i < 4; ++i) pace_.started(now_);
  for (int i = 0; i < 4; ++i) pace_.finished(answer(503), now_, random_);
  EXPECT_EQ(pace_.failures(), 1U);
  EXPECT_EQ(pace_.delay(), seconds(2));
  EXPECT_EQ(pace_.state().record.refused, 4U);
  EXPECT_EQ(pace_.state().record.most_in_flight, 4U);
  fetch(answer(503));
  EXPECT_EQ(pace_.failures(), 2U);
}

TEST_F(PaceTest, LearnsNothingFromWhatHappenedOnOurSide) {
  fetch(answer(503));
  for (const ErrorCode code : {ErrorCode::kWorkerKilled, ErrorCode::kWorkerCrashed,
                               ErrorCode::kCancelled, ErrorCode::kAddressRefused}) {
    fetch(failure(code));
    EXPECT_EQ(pace_.failures(), 1U);
    EXPECT_EQ(pace_.delay(), seconds(2));
  }
}

TEST_F(PaceTest, KeepsTheRecordOfWhatWasDone) {
  fetch(answer(200));
  EXPECT_EQ(pace_.state().record.min_gap, std::nullopt);
  fetch(answer(429));
  fetch(answer(200));
  const PaceRecord& record = pace_.state().record;
  EXPECT_EQ(record.requests, 3U);
  EXPECT_EQ(record.refused, 1U);
  EXPECT_EQ(record.most_in_flight, 1U);
  EXPECT_EQ(record.min_gap, seconds(1));
  EXPECT_EQ(record.min_delay, seconds(1));
  EXPECT_EQ(record.early, 0U);
  pace_.started(now_ + milliseconds(1));
  EXPECT_EQ(record.early, 1U) << "whoever does not wait is told on";
  EXPECT_LT(record.min_gap, seconds(1));
}

TEST_F(PaceTest, GoesOnWithAPauseInTheNextRun) {
  fetch(refusal(503, seconds(3600)));
  const Pace next(rules_, pace_.state(), now_ + seconds(600));
  EXPECT_EQ(next.next_allowed(), pace_.next_allowed());
  EXPECT_EQ(next.delay(), seconds(2)) << "and with what it learned";
}

TEST_F(PaceTest, KeepsAPauseForItsWholeLengthAfterTheClockWasSetBack) {
  fetch(refusal(503, seconds(3600)));
  const Instant set_back = now_ - hours(24 * 30);
  const Pace next(rules_, pace_.state(), set_back);
  EXPECT_EQ(next.next_allowed(), set_back + seconds(3600));
  EXPECT_EQ(next.state().last_start, Instant{}) << "no gap can be measured between two clocks";
}

TEST_F(PaceTest, WaitsAFullDelayAfterAnUncleanEnd) {
  Pace next(rules_, pace_.state(), now_);
  next.assume_started(now_);
  EXPECT_EQ(next.next_allowed(), now_ + seconds(1));
  next.set_crawl_delay(seconds(20));
  EXPECT_EQ(next.next_allowed(), now_ + seconds(20));
}

// What must hold however a host behaves, over restarts, kills and clocks set back.
TEST(PacePropertyTest, NeverStartsBeforeDelayRetryAfterOrCrawlDelayHavePassed) {
  std::uint64_t starts = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    std::minstd_rand random(seed);
    const auto below = [&random](int n) {
      return static_cast<int>(random() / 7 % static_cast<unsigned>(n));
    };
    PaceRules rules = rules_of(milliseconds(below(3) * 700));
    rules.adaptive = below(4) != 0;
    rules.backoff = milliseconds(below(2000));
    const milliseconds crawl_delay{below(3) == 0 ? below(90'000) : 0};
    const milliseconds least = std::max(rules.delay, std::min(crawl_delay, rules.max_crawl_delay));
    const int per_host = 1 + below(3);

    Instant now = kStart;        // true time
    milliseconds clock{0};       // what the wall clock is ahead of it
    Instant may_start = kStart;  // the oracle
    Pace pace(rules, {}, now);
    pace.set_crawl_delay(crawl_delay);
    std::queue<Instant> in_flight;
    for (int step = 0; step < 300; ++step) {
      if (below(40) == 0) {  // the run ends, the next begins
        const bool killed = below(2) == 0;
        if (!killed) now += milliseconds(below(1000));
        clock -= milliseconds(below(2) * below(10'000'000));
        pace = Pace(rules, pace.state(), now + clock);
        if (killed) pace.assume_started(now + clock);
        pace.set_crawl_delay(crawl_delay);
        in_flight = {};
      } else if (static_cast<int>(in_flight.size()) < per_host) {
        now = std::max(now, pace.next_allowed() - clock);
        ASSERT_GE(now, may_start) << "seed " << seed << ", step " << step;
        pace.started(now + clock);
        in_flight.push(now);
        may_start = std::max(may_start, now + least);
        ++starts;
      }
      if (!in_flight.empty() && below(3) != 0) {
        now = std::max(now, in_flight.front() + milliseconds(below(4000)));
        in_flight.pop();
        static constexpr int kStatus[] = {200, 200, 200, 200, 404, 301, 500, 503, 429};
        Outcome outcome = answer(kStatus[below(9)], milliseconds(below(4000)));
        if (below(10) == 0) outcome = failure(ErrorCode::kTimeout);
        if (below(3) == 0) outcome.retry_after = seconds(below(5000));
        pace.finished(outcome, now + clock, random);
        if (outcome.retry_after && outcome.status != 200 && outcome.status != 404) {
          may_start = std::max(may_start, now + *outcome.retry_after);
        }
      }
      ASSERT_GE(pace.delay(), least);
      ASSERT_LE(pace.delay(), std::max<milliseconds>(least, rules.max_delay));
    }
    ASSERT_EQ(pace.state().record.early, 0U);
    ASSERT_LE(pace.state().record.most_in_flight, static_cast<unsigned>(per_host));
    const PaceRecord& record = pace.state().record;
    if (record.min_gap) {
      ASSERT_GE(*record.min_gap, *record.min_delay) << "seed " << seed;
    }
  }
  EXPECT_GT(starts, 30'000U);
}

TEST(AddressDelayTest, IsAQuarterOfASecondButNeverMoreThanTheDelayOfTheJob) {
  PolitenessOptions politeness;
  EXPECT_EQ(address_delay(politeness), milliseconds(250));
  politeness.delay = milliseconds(10);
  EXPECT_EQ(address_delay(politeness), milliseconds(10));
  politeness.address_delay = seconds(3);
  EXPECT_EQ(address_delay(politeness), seconds(3));
}

TEST(AddressPaceTest, SpacesTheStartsOfSeveralHosts) {
  AddressPace addresses(milliseconds(250));
  EXPECT_EQ(addresses.turn("192.0.2.1", kStart, false), kStart);
  EXPECT_EQ(addresses.turn("192.0.2.2", kStart, false), kStart) << "another address";
  EXPECT_EQ(addresses.turn("192.0.2.1", kStart, false), kStart + milliseconds(250));
  EXPECT_EQ(addresses.turn("192.0.2.1", kStart, false), kStart + milliseconds(500));
  const Instant second = kStart + milliseconds(250);
  EXPECT_EQ(addresses.turn("192.0.2.1", second, true), second);
  EXPECT_EQ(addresses.turn("", kStart, false), kStart) << "an address not known yet";
}

TEST(AddressPaceTest, LetsNobodyJumpTheQueue) {
  AddressPace addresses(milliseconds(250));
  addresses.turn("192.0.2.1", kStart, false);
  const Instant turn = addresses.turn("192.0.2.1", kStart, false);
  EXPECT_EQ(addresses.turn("192.0.2.1", turn, false), turn + milliseconds(250)) << "a newcomer";
  EXPECT_EQ(addresses.turn("192.0.2.1", turn, true), turn) << "who waited";
}

TEST(AddressPaceTest, CountsAStartOfWhichOnlyTheAnswerToldTheAddress) {
  AddressPace addresses(milliseconds(250));
  addresses.note("192.0.2.1", kStart);
  EXPECT_EQ(addresses.turn("192.0.2.1", kStart + milliseconds(100), false),
            kStart + milliseconds(250));
}

TEST(AddressPaceTest, AsksNothingOfAJobWithoutADelay) {
  AddressPace addresses(milliseconds(0));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(addresses.turn("192.0.2.1", kStart, false), kStart);
  EXPECT_EQ(addresses.remembered(), 0U);
}

TEST(AddressPaceTest, RemembersOnlyAddressesThatSomebodyWaitsFor) {
  AddressPace addresses(milliseconds(250));
  for (int i = 0; i < 100'000; ++i) {
    addresses.turn("192.0.2." + std::to_string(i), kStart + milliseconds(i), false);
    ASSERT_LE(addresses.remembered(), 600U);
  }
}

// Hosts of one address, each served as its turn comes, sometimes late.
TEST(AddressPacePropertyTest, NeverStartsTooSoonAndLetsEveryHostHaveItsTurnInFewCalls) {
  constexpr int kHosts = 500;
  constexpr int kRequests = 4;
  const milliseconds delay{250};
  std::minstd_rand random(11);
  AddressPace addresses(delay);
  struct Waiter {
    Instant due;
    int host;
    bool waited;
    bool operator<(const Waiter& other) const {
      return std::tie(due, host) > std::tie(other.due, other.host);
    }
  };
  std::priority_queue<Waiter> due;
  for (int host = 0; host < kHosts; ++host) due.push({kStart, host, false});
  std::map<int, int> served;
  Instant now = kStart;
  std::optional<Instant> last;
  int calls = 0;
  while (!due.empty()) {
    const Waiter next = due.top();
    due.pop();
    now = std::max(now, next.due + milliseconds(random() % 8 == 0 ? 90 : 0));
    ++calls;
    const Instant turn = addresses.turn("2001:db8::1", now, next.waited);
    if (turn > now) {
      due.push({turn, next.host, true});
      continue;
    }
    if (last) {
      ASSERT_GE(now - *last, delay);
    }
    last = now;
    if (++served[next.host] < kRequests) due.push({now + seconds(1), next.host, false});
  }
  EXPECT_EQ(served.size(), kHosts);
  EXPECT_LE(now - kStart, delay * (kHosts * kRequests * 5 / 4) + delay);
  EXPECT_LE(calls, 4 * kHosts * kRequests);
}

}  // namespace
}  // namespace placer
