// placer run: runs the jobs of a file, or goes on with them where they stopped.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "config/values.h"
#include "scraper/cli/command.h"
#include "scraper/cli/crawl.h"
#include "scraper/cli/job_file.h"
#include "scraper/cli/progress.h"
#include "scraper/cli/terminal.h"
#include "scraper/extract/rules/parts.h"

namespace placer::cli {
namespace {

struct RunOptions {
  JobFileOptions jobs;
  std::uint64_t max_pages = 0;  // 0: no limit
  std::string max_time;
  std::string budget;
  std::string log;
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

// Pages, or a time; nothing after saying what is wrong.
std::optional<VisitBudget> budget_of(const std::string& text) {
  if (const auto pages = parse_whole(text); pages && *pages > 0) return VisitBudget{*pages, {}};
  if (const auto time = parse_duration(text); time && time->count() > 0) {
    return VisitBudget{{}, *time};
  }
  fmt::print(stderr,
             "placer: --budget {}: expected a number of pages or a time, such as 500 or 10m\n",
             printable(text));
  return std::nullopt;
}

int run_job(const ReadyJob& ready, const RunOptions& options, const CrawlOptions& limits,
            const std::atomic<Stop>& stop) {
  const std::string& database = ready.job.storage.path;
  RunReporter reporter(ready.job.name, log_format(options.log), stderr_is_terminal(), options.quiet,
                       stderr);
  reporter.show_live(stop);
  CrawlOptions crawl_options = limits;
  bool resumed = false;
  crawl_options.observer = observe(reporter);
  RuleUse use(ready.job.extract.rules);
  const auto report = crawl_options.observer.on_completion;
  crawl_options.observer.on_completion = [&use, &report](const Completion& completion) {
    if (!completion.outcome.rule_hits.empty()) use.add(completion.outcome.rule_hits);
    if (report) report(completion);
  };
  crawl_options.on_start = [&](const BackendChoice& choice, bool going_on, std::uint64_t queued) {
    resumed = going_on;
    reporter.started(describe(choice), choice.reason, database, going_on, queued);
  };
  crawl_options.on_backend_change = [&](const std::string& why) { reporter.backend_changed(why); };
  const auto summary = crawl(ready, crawl_options, stop);
  if (!summary) {
    const bool storage = summary.error().code == ErrorCode::kStorage;
    reporter.failed(summary.error().message +
                    (storage ? "; when that is put right, run the same command to go on" : ""));
    return exit_status(summary.error());
  }
  reporter.unused_rules(use.unused());
  reporter.finished(*summary, database);
  return exit_status(*summary, resumed);
}

int run(const RunOptions& options) {
  CrawlOptions limits;
  EngineOptions& engine = limits.engine;
  if (options.max_pages > 0) engine.max_pages = options.max_pages;
  if (!options.max_time.empty()) {
    const auto limit = parse_duration(options.max_time);
    if (!limit) {
      fmt::print(stderr, "placer: --max-time {}: expected a duration such as 90s, 10m or 2h\n",
                 printable(options.max_time));
      return kExitUsage;
    }
    engine.max_time = *limit;
  }
  if (!options.budget.empty()) {
    limits.budget = budget_of(options.budget);
    if (!limits.budget) return kExitUsage;
    if (limits.budget->time && !engine.max_time) engine.max_time = limits.budget->time;
  }
  const auto jobs = options.jobs.load();
  if (!jobs) return kExitUsage;
  const std::atomic<Stop>& stop = stop_on_signals();
  int worst = kExitDone;
  for (const ReadyJob& ready : *jobs) {
    worst = std::max(worst, run_job(ready, options, limits, stop));
    if (stop.load() != Stop::kNo) {
      return worst == kExitDatabase || worst == kExitLocked ? worst : kExitInterrupted;
    }
  }
  return worst;
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("run", "Run the jobs of a file, or go on where they stopped")
                      ->group(kGroupJob);
  command->footer(
      "placer run cafes.yaml                        # again to go on, or to refresh\n"
      "placer run cafes.yaml --budget 10m           # only what most likely changed\n"
      "placer run cafes.yaml --max-pages 50 --db trial.db --log text");
  auto options = std::make_shared<RunOptions>();
  options->jobs.add_to(*command);
  command->add_option("--max-pages", options->max_pages, "Stop after this many pages")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->add_option("--max-time", options->max_time, "Stop after this time, such as 10m")
      ->type_name("TIME");
  command
      ->add_option("--budget", options->budget,
                   "Only so many of the pages most worth another visit")
      ->type_name("PAGES|TIME");
  command->add_option("--log", options->log, "One line per request on stderr: text or json")
      ->type_name("FORMAT")
      ->check(one_of({"text", "json"}));
  command->add_flag("-q,--quiet", options->quiet, "Say nothing but errors");
  command->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace placer::cli
