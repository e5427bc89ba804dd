// How many event loops a crawl is worth, and how many requests in each: learnt from its pages.
//
// While loops wait, more requests in flight bring more pages (Little's law: what keeps them busy is
// what is in flight now, divided by the share of time in which they are). While they are busy, only
// further loops do, and what is in flight beyond need waits for a processor.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace placer {

struct Concurrency {
  std::uint32_t workers = 1;  // event loops in use
  std::uint32_t window = 1;   // requests in flight in each

  std::uint32_t total() const { return workers * window; }
  friend bool operator==(const Concurrency&, const Concurrency&) = default;
};

// What was seen of some pages, one after the other.
struct Round {
  std::uint64_t pages = 0;
  std::chrono::microseconds elapsed{0};
  std::chrono::microseconds cpu{0};      // of all loops
  std::chrono::microseconds work{0};     // Timings::process, summed
  std::chrono::microseconds answers{0};  // Timings::first_byte, summed; how long it took to answer
  std::chrono::microseconds fastest{0};  // the shortest of them
  std::uint64_t bytes = 0;               // of bodies
  bool full = false;  // the window was what held further requests back, most of the time
};

// A value without a clock: the same rounds give the same numbers.
class ConcurrencyLimit {
 public:
  // `most_workers` loops, and about `most_in_flight` requests in all of them together, are never
  // exceeded. Begins with one loop of up to kFirst requests.
  ConcurrencyLimit(std::uint32_t most_workers, std::uint32_t most_in_flight);

  static constexpr std::uint32_t kFirst = 256;  // in flight until the first pages were seen
  static constexpr std::uint32_t kLeast = 16;   // in flight in each loop, however fast answers come

  const Concurrency& now() const { return now_; }

  // Whether `pages` within `elapsed` tell enough for learn().
  bool suffices(std::uint64_t pages, std::chrono::microseconds elapsed) const;

  // Judges a round run with now(). When the numbers change: the figures that made them, for people.
  // Growth that brought no more pages is taken back, and not tried again until answers take another
  // time.
  std::optional<std::string> learn(const Round& round);

 private:
  // The last growth, to be judged by the next round.
  struct Trial {
    Concurrency before;
    double rate = 0;  // pages per second before it
  };

  bool takes_back(double rate, double cycle);
  Concurrency better(const Round& round, double busy, double rate) const;
  Concurrency spread(double requests, std::uint32_t workers) const;

  std::uint32_t most_workers_;
  std::uint32_t most_in_flight_;
  Concurrency now_;
  std::optional<Trial> trial_;
  std::chrono::microseconds answer_{0};  // the mean of the last round
  double ceiling_cycle_ = 0;  // seconds a request took when growth had not paid; 0: it may grow
};

}  // namespace placer
