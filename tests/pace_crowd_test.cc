// Several requests in flight to one host: which slow answers say that the host is slow?
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <queue>

#include "scraper/frontier/pace.h"

namespace placer {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart{hours(24 * 365 * 50)};

PaceRules without_delay() {
  PaceRules rules;
  rules.max_delay = seconds(60);
  rules.backoff = seconds(1);
  rules.max_backoff = seconds(300);
  return rules;
}

// A host that is asked for as much as it may be, and serves so many at a time.
class Host {
 public:
  Host(std::size_t at_once, milliseconds takes) : takes_(takes), free_(at_once, kStart) {}

  void set_takes(milliseconds takes) { takes_ = takes; }

  // Ends `count` exchanges, with up to `in_flight` of them at the same time.
  void crawl(int count, std::size_t in_flight) {
    for (int i = 0; i < count; ++i) {
      while (sent_.size() < in_flight && pace_.next_allowed() <= now_) send();
      if (sent_.empty()) {
        now_ = pace_.next_allowed();
        send();
      }
      take_answer();
    }
  }
  // The same, but all answers are learnt of at the same time, once all have come.
  void crawl_in_batches(int batches, std::size_t in_flight) {
    for (int i = 0; i < batches; ++i) {
      now_ = std::max(now_, pace_.next_allowed());
      while (sent_.size() < in_flight) send();
      while (!sent_.empty()) take_answer();
    }
  }
  milliseconds delay() const { return pace_.delay(); }

 private:
  struct Sent {
    Instant at{};
    Instant done{};
  };

  void send() {
    Instant& first_free = *std::min_element(free_.begin(), free_.end());
    first_free = std::max(first_free, now_) + takes_;
    sent_.push_back({now_, first_free});
    pace_.started(now_);
  }
  void take_answer() {
    const Sent sent = sent_.front();
    sent_.pop_front();
    now_ = std::max(now_, sent.done);
    Outcome outcome;
    outcome.status = 200;
    outcome.timings.first_byte = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(sent.done - sent.at).count());
    pace_.finished(outcome, now_, random_);
  }

  milliseconds takes_;
  std::vector<Instant> free_;  // when each of its servers is
  std::deque<Sent> sent_;
  Instant now_ = kStart;
  Pace pace_{without_delay(), {}, kStart};
  std::minstd_rand random_{7};
};

TEST(PaceCrowdTest, TakesAQueueOfItsOwnRequestsForNoSlowHost) {
  for (const std::size_t at_once : {1U, 4U}) {
    Host host(at_once, milliseconds(100));
    host.crawl(5, 1);
    for (const std::size_t in_flight : {64U, 8U, 2U, 1U, 32U}) {
      host.crawl(200, in_flight);
      EXPECT_EQ(host.delay(), milliseconds(0)) << at_once << " served, " << in_flight << " asked";
    }
    host.crawl_in_batches(10, 64);
    EXPECT_EQ(host.delay(), milliseconds(0)) << at_once;
  }
}

TEST(PaceCrowdTest, TakesFewerInFlightForNoSlowHost) {
  Host host(64, milliseconds(500));
  for (const std::size_t in_flight : {64U, 1U, 16U}) {
    host.crawl(100, in_flight);
    EXPECT_EQ(host.delay(), milliseconds(0)) << in_flight;
  }
}

TEST(PaceCrowdTest, SlowsDownWhenAHostGetsSlowUnderTheSameLoad) {
  for (const std::size_t at_once : {1U, 4U, 64U}) {
    Host host(at_once, milliseconds(100));
    host.crawl(5, 1);
    host.crawl(300, 32);
    ASSERT_EQ(host.delay(), milliseconds(0));
    host.set_takes(milliseconds(800));
    host.crawl(100, 32);
    EXPECT_GT(host.delay(), milliseconds(0)) << at_once;
  }
}

}  // namespace
}  // namespace placer
