// The seam to concurrency: where workers run, and how many.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "scraper/message.h"

namespace placer {

// Runs Workers somewhere: on the caller's thread, in threads, in child processes.
//
// Contract: every submitted Request yields exactly one Outcome, in any order. A worker that dies
// yields kWorkerCrashed or kWorkerKilled for what it held, and is replaced. Destruction abandons
// what is in flight, leaves no thread or child behind and returns promptly. Thread safety: confined
// to the engine's thread.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string_view name() const = 0;
  virtual std::size_t capacity() const = 0;  // most requests in flight, > 0; wait() may change it
  virtual std::size_t in_flight() const = 0;

  // REQUIRES: in_flight() < capacity().
  virtual void submit(Request request) = 0;

  // Waits up to `max_wait` for outcomes; empty on timeout or when a signal arrives. When nothing is
  // in flight it waits `max_wait`.
  virtual std::vector<Outcome> wait(std::chrono::milliseconds max_wait) = 0;
};

}  // namespace placer
