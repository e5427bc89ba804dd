// The commands, one file each. Every one adds itself to the command line and, when it is the one
// called, leaves what is to be done in `action`; that returns the exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace placer::cli {

// Exit statuses; promises to scripts and cron.
enum ExitStatus : int {
  kExitDone = 0,
  kExitNothing = 1,  // ended without fetching anything, or stopped by an error
  kExitUsage = 2,    // command line or job file
  kExitDatabase = 3,
  kExitLocked = 75,        // EX_TEMPFAIL: another run holds the database
  kExitInterrupted = 130,  // state saved
};

using Action = std::function<int()>;

void add_run(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_init(CLI::App& app, Action& action);
void add_inspect(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_runs(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_query(CLI::App& app, Action& action);
void add_diff(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_schedule(CLI::App& app, Action& action);
void add_edges(CLI::App& app, Action& action);
void add_debug(CLI::App& app, Action& action);
void add_worker(CLI::App& app, Action& action);
void add_sample_web(CLI::App& app, Action& action);

}  // namespace placer::cli
