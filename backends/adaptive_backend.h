// What `auto` runs: event loops that it puts to use as the crawl's pages ask for them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/concurrency_limit.h"
#include "backends/thread_backend.h"

namespace placer {

// A ThreadBackend of which it uses as many loops, with as wide a window, as ConcurrencyLimit says.
// capacity() follows.
class AdaptiveBackend : public Backend {
 public:
  // Told the figures and the numbers they led to, in one sentence, on the engine's thread.
  using OnChange = std::function<void(const std::string& why)>;

  // Starts `most_workers` loops, each for as many requests as `most_in_flight`.
  AdaptiveBackend(WorkerFactory make_worker, std::string name, std::uint32_t most_workers,
                  std::uint32_t most_in_flight, OnChange on_change);

  std::string_view name() const override { return loops_.name(); }
  std::size_t capacity() const override { return limit_.now().total(); }
  std::size_t in_flight() const override { return loops_.in_flight(); }
  void submit(Request request) override { loops_.submit(std::move(request)); }
  std::vector<Outcome> wait(std::chrono::milliseconds max_wait) override;

 private:
  using Clock = std::chrono::steady_clock;

  void note(const Outcome& outcome);
  void begin_round(Clock::time_point now);

  ThreadBackend loops_;
  ConcurrencyLimit limit_;
  OnChange on_change_;
  Round round_;
  Clock::time_point began_;              // the round
  std::chrono::microseconds cpu_at_{0};  // of the loops, when it began
  std::uint64_t waits_ = 0;              // calls of wait() in it
  std::uint64_t full_ = 0;               // of these, with the window full
};

}  // namespace placer
