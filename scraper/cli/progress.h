// What `placer run` shows while it runs: a live display on a terminal, events for --log, a summary
// at the end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "scraper/cli/live_display.h"
#include "scraper/engine.h"

namespace placer::cli {

enum class LogFormat { kNone, kText, kJson };

// Writes to `out` (stderr). Confined to the engine's thread.
class RunReporter {
 public:
  // `live`: somebody watches; only for terminals.
  RunReporter(std::string job, LogFormat log, bool live, bool quiet, std::FILE* out);

  // Shows the run live (live_display.h) when somebody watches and nothing is logged there. `stop`
  // must outlive the reporter.
  void show_live(const std::atomic<Stop>& stop);
  void started(const std::string& backend, const std::string& reason, const std::string& database,
               bool resumed, std::uint64_t queued);
  void backend_changed(const std::string& why);
  void completion(const Completion& completion);
  void progress(const Progress& progress);
  void concluding(const Progress& progress);
  void finished(const RunSummary& summary, const std::string& database);
  void failed(const std::string& message);
  // What of the job's rules never matched (extract/rules/parts.h).
  void unused_rules(const std::vector<std::string>& descriptions);

 private:
  void clear_display();
  void line(const std::string& text);

  std::string job_;
  LogFormat log_;
  bool live_;
  bool quiet_;
  std::FILE* out_;
  std::optional<LiveDisplay> display_;
  std::string first_error_;
};

// EngineObserver callbacks that feed `reporter`, which must outlive them.
EngineObserver observe(RunReporter& reporter);

}  // namespace placer::cli
