// What `placer run` shows while it runs: a live display on a terminal, events for --log, a summary
// at the end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/cli/live/display.h"
#include "scraper/cli/log_file.h"
#include "scraper/engine.h"

namespace placer::cli {

enum class LogFormat { kNone, kText, kJson };

// What a run came to, for people: "cafes: done in 12.3 s: 83 pages (0 errors), ...". Not escaped.
std::string summary_line(const std::string& job, const RunSummary& summary,
                         const std::string& database);

// Writes to `out` (stderr), or to a log file. Confined to the engine's thread.
class RunReporter {
 public:
  // `live`: somebody watches; only for terminals.
  RunReporter(std::string job, LogFormat log, bool live, bool quiet, std::FILE* out);

  // Shows the run live (live/display.h) when somebody watches and nothing is logged there. `stop`
  // must outlive the reporter.
  void show_live(const std::atomic<Stop>& stop);

  // Everything, each line with its time, into `file`, which must outlive it.
  RunReporter(std::string job, LogFormat log, LogFile& file);

  void started(const std::string& backend, const std::string& reason, const std::string& database,
               bool resumed, std::uint64_t queued);
  void backend_changed(const std::string& why);
  void completion(const Completion& completion);
  void progress(const Progress& progress);
  void concluding(const Progress& progress);
  void finished(const RunSummary& summary, const std::string& database);
  void failed(const std::string& message);
  // Of something beside the crawl: the log file, the command of --notify.
  void warning(const std::string& message);
  // What of the job's rules never matched (extract/rules/parts.h).
  void unused_rules(const std::vector<std::string>& descriptions);

  // Of the requests so far; empty: none failed.
  const std::string& first_error() const { return first_error_; }

 private:
  void clear_display();
  void line(const std::string& text);
  void message(std::string_view event, const std::string& text);

  std::string job_;
  LogFormat log_;
  bool live_;
  bool quiet_;
  std::FILE* out_;
  std::optional<LiveDisplay> display_;
  LogFile* file_ = nullptr;  // instead of out_
  std::string first_error_;
};

// EngineObserver callbacks that feed `reporter`, which must outlive them.
EngineObserver observe(RunReporter& reporter);

}  // namespace placer::cli
