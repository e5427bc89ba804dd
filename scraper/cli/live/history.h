// The last minute of a run, second by second.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scraper/engine.h"

namespace placer::cli {

// Time is what the reports say has elapsed. Holds at most kSeconds values of each kind.
class LiveHistory {
 public:
  static constexpr std::size_t kSeconds = 60;

  // A second that brought no report, because a page or a commit took longer, gets its share of what
  // the next one brings.
  void add(const Progress& now);

  std::span<const double> rates() const { return rates_; }    // pages per second, newest last
  std::span<const double> queues() const { return queues_; }  // URLs in the queue

  double pages_per_second() const;  // over the last few seconds
  // Time for the queue at the pace of the whole minute; nothing while there is no pace.
  std::optional<std::chrono::milliseconds> left() const;

 private:
  double average(std::size_t seconds) const;

  std::vector<double> rates_;
  std::vector<double> queues_;
  Progress before_;  // of the last whole second
  Progress now_;
};

}  // namespace placer::cli
