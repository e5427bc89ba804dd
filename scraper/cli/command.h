// The commands, one file each. Every one adds itself to the command line and, when it is the one
// called, leaves what is to be done in `action`; that returns the exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <functional>
#include <string>
#include <vector>

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

// Groups of the commands, as the help names them.
inline constexpr const char* kGroupJob = "A job";
inline constexpr const char* kGroupPlaces = "Its places";
inline constexpr const char* kGroupCrawl = "How it went";
inline constexpr const char* kGroupAlso = "Also";

// " (did you mean 'run'?)", or nothing where no word is near.
std::string did_you_mean(const std::string& written, const std::vector<std::string>& known);

// Accepts these words and no other; an error says what was perhaps meant.
CLI::Validator one_of(std::vector<std::string> words);

// The argument DB of the commands that look at results.
CLI::Option* add_database(CLI::App& command, std::string& path);

// What an exit status means, in the order of the statuses.
struct ExitMeaning {
  ExitStatus status;
  const char* text;
};
inline constexpr std::array<ExitMeaning, 6> kExitMeanings{{
    {kExitDone, "done"},
    {kExitNothing, "ended without fetching anything, or stopped by an error"},
    {kExitUsage, "the command line or the job file is wrong"},
    {kExitDatabase, "the database cannot be used"},
    {kExitLocked, "another run holds the database (EX_TEMPFAIL)"},
    {kExitInterrupted, "interrupted; the state is saved, and the same command goes on"},
}};

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
void add_help(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);
void add_manual(CLI::App& app, Action& action);
void add_worker(CLI::App& app, Action& action);
void add_sample_web(CLI::App& app, Action& action);

}  // namespace placer::cli
