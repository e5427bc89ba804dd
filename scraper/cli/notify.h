// Telling somebody that a run failed, or that the quality watch rang: the command of --notify.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scraper/storage.h"

namespace placer::cli {

// How the run of one job ended.
struct RunEnding {
  std::string job;       // empty: the job file cannot be used
  std::string job_file;  // as the command line has it
  std::string database;
  std::string outcome;  // "done", "limit", "interrupted", "failed", "locked", "unusable"
  int exit = 0;         // ExitStatus
  std::string summary;  // a line for people, printable()
  std::vector<Alarm> alarms;
};

// Somebody should know: it ended with an error, found another run, or fields went missing. That a
// person or the system stopped it is nothing to tell.
bool is_trouble(const RunEnding& ending);

inline constexpr std::chrono::milliseconds kNotifyLimit{60'000};

// Runs `command` by /bin/sh -c and waits for its end, at most `limit`. It gets the ending in its
// environment (PLACER_JOB, PLACER_JOB_FILE, PLACER_OUTCOME, PLACER_EXIT, PLACER_DATABASE,
// PLACER_SUMMARY, PLACER_ALARMS: how many) and as one line of JSON on its standard input; never in
// its words, which the shell would read. What it prints goes to standard error.
//
// Says what was wrong with it; nothing when it ended with 0.
std::optional<std::string> notify(const std::string& command, const RunEnding& ending,
                                  const std::function<bool()>& give_up = {},
                                  std::chrono::milliseconds limit = kNotifyLimit);

}  // namespace placer::cli
