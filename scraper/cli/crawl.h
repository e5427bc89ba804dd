// One job from start to end: the parts put together. Used by run, bench and verify.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "backends/backends.h"
#include "scraper/cli/job_file.h"
#include "scraper/engine.h"

namespace placer::cli {

// What a run may spend on visiting pages again: one of the two.
struct VisitBudget {
  std::optional<std::uint64_t> pages;
  std::optional<std::chrono::milliseconds> time;
};

struct CrawlOptions {
  // Set: the pages most worth another look instead of all.
  std::optional<VisitBudget> budget;
  EngineOptions engine;
  // Called once the database is open and the backend stands, before the first request.
  std::function<void(const BackendChoice&, bool going_on, std::uint64_t queued)> on_start;
  // Called when `auto` changes how many requests it has in flight: the figures that led to it.
  std::function<void(const std::string& why)> on_backend_change;
  EngineObserver observer;
};

// Runs `ready.job` into its database. kLocked when another run holds it, kStorage when it fails.
Result<RunSummary> crawl(const ReadyJob& ready, const CrawlOptions& options,
                         const std::atomic<Stop>& stop);

// A peer that went away is an error of the write, not the end of the program. For commands that
// talk to servers or workers; the others end quietly when the reader of their output does.
void ignore_broken_pipes();

// The wish to stop, as SIGINT, SIGTERM and SIGHUP express it: the first drains, the second
// leaves. Ignores broken pipes too.
const std::atomic<Stop>& stop_on_signals();

// What a child executes to be this very program, also after the file was replaced.
inline constexpr const char* kThisProgram = "/proc/self/exe";

}  // namespace placer::cli
