// The loop: frontier -> backend -> frontier -> storage. The only place where a crawl ends.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "scraper/backend.h"
#include "scraper/frontier/frontier.h"
#include "scraper/storage.h"

namespace placer {

// How far a user's wish to stop goes; set from a signal handler, read by the engine.
enum class Stop : int {
  kNo,
  kDrain,  // start nothing new, finish and store what is under way
  kNow,    // abandon what is under way, store what has ended
};

struct EngineOptions {
  std::optional<std::uint64_t> max_pages;             // pages of this run
  std::optional<std::chrono::milliseconds> max_time;  // of this run
  // A transaction holds at most about so many: what it teaches of traps should not come late.
  std::size_t commit_pages = 64;
  std::chrono::milliseconds commit_interval{50};  // and no outcome waits longer
};

// Where the run stands.
struct Progress {
  std::chrono::milliseconds elapsed{0};
  RunCounters counters;
  std::uint64_t queued = 0;  // URLs known and not fetched
  std::uint64_t places = 0;  // rows of `place`
  std::size_t in_flight = 0;
  std::size_t waiting_hosts = 0;  // hosts with work whose time has not come, or no slot is free
  std::chrono::milliseconds next_due{0};  // until the first of them may be asked
};

// What somebody who watches gets to see. Called on the engine's thread; any may be empty.
struct EngineObserver {
  std::function<void(const Completion&)> on_completion;  // before it is committed
  std::function<void(const Progress&)> on_progress;      // a few times a second
  // When all is fetched, before storage puts places together, which may take a while.
  std::function<void(const Progress&)> on_conclusion{};
};

struct RunSummary {
  RunOutcome outcome = RunOutcome::kDone;
  Progress progress;
  std::vector<HeldHost> held;
  RunVerdict verdict;
};

// Confined to one thread. The references must outlive it.
class Engine {
 public:
  // `clock` must be monotonic (see Instant).
  Engine(Frontier& frontier, Backend& backend, Storage& storage, EngineOptions options,
         EngineObserver observer, std::function<Instant()> clock);

  // Crawls until nothing is left that may be fetched, a limit is reached or `stop` asks for the
  // end; everything that ended is committed. An error means that storage failed, or that this
  // machine has no sockets left; what was committed before is safe and the run can be resumed.
  Result<RunSummary> run(const std::atomic<Stop>& stop);

 private:
  bool may_lease(Instant now, Stop stop);
  void lease(Instant now);
  void collect(std::chrono::milliseconds max_wait);
  Result<void> commit(Instant now);
  Result<void> commit_and_refill(Instant now);
  Result<void> commit_when_due(Instant now);
  std::uint64_t pages() const;  // of this run, fetched so far
  std::chrono::milliseconds time_to_wait(Instant now, bool leasing) const;
  Progress progress(Instant now) const;
  void report(Instant now);

  Frontier& frontier_;
  Backend& backend_;
  Storage& storage_;
  EngineOptions options_;
  EngineObserver observer_;
  std::function<Instant()> clock_;

  Instant started_;
  Instant reported_;
  Instant committed_;
  RunCounters counters_;
  std::uint64_t pages_in_flight_ = 0;
  bool limit_met_ = false;
  std::optional<Error> failure_;  // of this machine, which ends the run
};

}  // namespace placer
