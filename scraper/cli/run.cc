// placer run: runs the jobs of a file, or goes on with them where they stopped.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "scraper/cli/commands.h"
#include "scraper/cli/crawl.h"
#include "scraper/cli/job_file.h"
#include "scraper/cli/log_file.h"
#include "scraper/cli/notify.h"
#include "scraper/cli/progress.h"
#include "scraper/cli/run_limits.h"
#include "scraper/cli/terminal.h"
#include "scraper/extract/rules/parts.h"

namespace placer::cli {
namespace {

struct RunOptions {
  JobFileOptions jobs;
  RunLimits limits;
  std::string log;
  std::string log_file;
  std::string notify;
  bool quiet = false;
};

LogFormat log_format(const std::string& name) {
  if (name == "json") return LogFormat::kJson;
  return name == "text" ? LogFormat::kText : LogFormat::kNone;
}

std::string describe(const BackendChoice& choice) {
  return fmt::format("{} {}x{}", backend_name(choice.kind), choice.workers, choice.window);
}

// `going_on`: earlier runs of this pass fetched pages too, so its end is no failure even when the
// last of them were errors.
int exit_status(const RunSummary& summary, bool going_on) {
  if (summary.outcome == RunOutcome::kInterrupted) return kExitInterrupted;
  if (going_on && summary.outcome == RunOutcome::kDone && summary.held.empty()) return kExitDone;
  const RunCounters& counters = summary.progress.counters;
  return counters.pages > counters.errors ? kExitDone : kExitNothing;
}

int exit_status(const Error& error) {
  if (error.code == ErrorCode::kLocked) return kExitLocked;
  if (error.code == ErrorCode::kInvalidArgument) return kExitUsage;  // the database of another job
  return error.code == ErrorCode::kStorage ? kExitDatabase : kExitNothing;
}

RunEnding failed(const Error& error, RunEnding ending) {
  ending.exit = exit_status(error);
  ending.outcome = ending.exit == kExitLocked ? "locked" : run_outcome_name(RunOutcome::kFailed);
  ending.summary = printable(fmt::format("{}: {}", ending.job, error.message));
  return ending;
}

// Everything that a run says goes to both: whoever watches, and the log file if there is one.
struct Reporters {
  RunReporter screen;
  std::optional<RunReporter> file;

  template <class Say>
  void each(const Say& say) {
    say(screen);
    if (file) say(*file);
  }
};

CrawlOptions watched(const CrawlOptions& limits, const std::string& database, Reporters& reporters,
                     RuleUse& use, bool& resumed) {
  CrawlOptions options = limits;
  options.observer = observe(reporters.screen);
  const auto report = options.observer.on_completion;
  options.observer.on_completion = [&use, &reporters, report](const Completion& completion) {
    if (!completion.outcome.rule_hits.empty()) use.add(completion.outcome.rule_hits);
    if (report) report(completion);
    if (reporters.file) reporters.file->completion(completion);
  };
  options.on_start = [&](const BackendChoice& choice, bool going_on, std::uint64_t queued) {
    resumed = going_on;
    reporters.each([&](RunReporter& to) {
      to.started(describe(choice), choice.reason, database, going_on, queued);
    });
  };
  options.on_backend_change = [&reporters](const std::string& why) {
    reporters.each([&why](RunReporter& to) { to.backend_changed(why); });
  };
  return options;
}

// Why a run fetched nothing.
std::string reason_of_nothing(const RunSummary& summary, const std::string& first_error) {
  if (!summary.held.empty()) return summary.held.front().reason;
  return first_error.empty() ? "no URL may be fetched; 'placer status' counts why" : first_error;
}

RunEnding run_job(const ReadyJob& ready, const RunOptions& options, const CrawlOptions& limits,
                  Reporters& reporters, const std::atomic<Stop>& stop) {
  const std::string& database = ready.job.storage.path;
  RunEnding ending;
  ending.job = ready.job.name;
  ending.job_file = options.jobs.file();
  ending.database = database;
  RuleUse use(ready.job.extract.rules);
  bool resumed = false;
  const auto summary = crawl(ready, watched(limits, database, reporters, use, resumed), stop);
  if (!summary) {
    const bool storage = summary.error().code == ErrorCode::kStorage;
    reporters.each([&](RunReporter& to) {
      to.failed(summary.error().message +
                (storage ? "; when that is put right, run the same command to go on" : ""));
    });
    return failed(summary.error(), std::move(ending));
  }
  reporters.each([&](RunReporter& to) {
    to.unused_rules(use.unused());
    to.finished(*summary, database);
  });
  ending.exit = exit_status(*summary, resumed);
  ending.outcome = run_outcome_name(summary->outcome);
  ending.summary = printable(summary_line(ready.job.name, *summary, database));
  ending.alarms = summary->verdict.alarms;
  if (ending.exit != kExitNothing) return ending;
  const std::string why = reason_of_nothing(*summary, reporters.screen.first_error());
  ending.outcome = run_outcome_name(RunOutcome::kFailed);
  ending.summary += printable("; nothing was fetched: " + why);
  if (summary->held.empty() && reporters.screen.first_error().empty()) {
    reporters.each([&why](RunReporter& to) { to.failed("nothing was fetched: " + why); });
  }
  return ending;
}

// One job with all that goes with it; its exit status.
int run_and_tell(const ReadyJob& ready, const RunOptions& options, const CrawlOptions& limits,
                 LogFile* log_file, const std::atomic<Stop>& stop) {
  const LogFormat format = log_format(options.log);
  Reporters reporters{RunReporter(ready.job.name, log_file == nullptr ? format : LogFormat::kNone,
                                  stderr_is_terminal(), options.quiet, stderr),
                      std::nullopt};
  if (log_file != nullptr) {
    const bool json = format == LogFormat::kJson;
    reporters.file.emplace(ready.job.name, json ? LogFormat::kJson : LogFormat::kText, *log_file);
    log_file->on_failure([&reporters](const std::string& why) { reporters.screen.warning(why); });
  }
  reporters.screen.show_live(stop);
  const RunEnding ending = run_job(ready, options, limits, reporters, stop);
  if (!options.notify.empty() && is_trouble(ending)) {
    const Stop before = stop.load();
    const auto problem =
        notify(options.notify, ending, [&stop, before] { return stop.load() != before; });
    if (problem) reporters.each([&](RunReporter& to) { to.warning(*problem); });
  }
  if (log_file != nullptr) log_file->on_failure({});
  return ending.exit;
}

// The job file is of no use, which has been said. At night nobody may have seen it.
int unusable(const RunOptions& options, LogFile* log_file, const std::atomic<Stop>& stop) {
  RunEnding ending;
  ending.job_file = options.jobs.file();
  ending.outcome = "unusable";
  ending.exit = kExitUsage;
  const std::string why = "nothing was run; 'placer check' says what is wrong with the job file";
  ending.summary = printable(fmt::format("{}: {}", ending.job_file, why));
  const bool json = log_format(options.log) == LogFormat::kJson;
  if (log_file != nullptr) {
    RunReporter(ending.job_file, json ? LogFormat::kJson : LogFormat::kText, *log_file).failed(why);
  }
  if (options.notify.empty()) return ending.exit;
  const auto problem = notify(options.notify, ending, [&stop] { return stop.load() != Stop::kNo; });
  if (problem) fmt::print(stderr, "placer: {}\n", *problem);
  return ending.exit;
}

int run(const RunOptions& options) {
  const auto limits = options.limits.read();
  if (!limits) return kExitUsage;
  std::unique_ptr<LogFile> log_file;
  if (!options.log_file.empty()) {
    auto opened = LogFile::open(options.log_file);
    if (!opened) {
      fmt::print(stderr, "placer: {}\n", opened.error());
      return kExitUsage;
    }
    log_file = std::move(*opened);
  }
  const auto jobs = options.jobs.load();
  const std::atomic<Stop>& stop = stop_on_signals();
  if (!jobs) return unusable(options, log_file.get(), stop);
  int worst = kExitDone;
  for (const ReadyJob& ready : *jobs) {
    worst = std::max(worst, run_and_tell(ready, options, *limits, log_file.get(), stop));
    if (stop.load() != Stop::kNo) {
      return worst == kExitDatabase || worst == kExitLocked ? worst : kExitInterrupted;
    }
  }
  return worst;
}

}  // namespace

Command run_command() {
  Command command("run", kGroupJob, "Run the jobs of a file, or go on where they stopped");
  auto options = std::make_shared<RunOptions>();
  options->jobs.add_to(command);
  options->limits.add_to(command);
  command.option("--log", "FORMAT", options->log, "One line per request on stderr: text or json")
      .choices({"text", "json"})
      .option("--log-file", "FILE", options->log_file,
              "These lines and all messages in this file; it may be rotated")
      .option("--notify", "COMMAND", options->notify,
              "Run by a shell when a job fails or an alarm rings, with the story in "
              "$PLACER_SUMMARY and as JSON on its standard input")
      .flag("-q,--quiet", options->quiet, "Say nothing but errors")
      .examples({"placer run cafes.yaml                        # again to go on, or to refresh",
                 "placer run cafes.yaml --budget 10m           # only what most likely changed",
                 "placer run cafes.yaml --quiet --notify 'mail -s \"placer: $PLACER_JOB\" me'"})
      .action([options] { return run(*options); });
  return command;
}

}  // namespace placer::cli
