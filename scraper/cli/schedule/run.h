// A run that is to happen by itself: what `placer schedule` hands to cron or systemd.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/cli/schedule/time.h"

namespace placer::cli {

// Paths are absolute, without control characters.
struct ScheduledRun {
  std::string id;     // "placer-cafes": names the units, and the file of variables
  std::string owner;  // "/home/a/cafes.yaml", with " --job ..." or " --name ..." if given: the mark
                      // by which an entry is found again
  ScheduleTime time;
  std::string folder;                  // where it runs; relative paths of the job begin there
  std::vector<std::string> command;    // the program, "run", the job file, options
  std::vector<std::string> databases;  // one of each job
  std::string log_file;                // may be empty
  std::set<std::string> variables;     // of the environment, which the jobs name
  std::string variables_file;          // where they are taken from
  std::chrono::milliseconds longest_request{0};  // what a run that is told to stop may wait for
};

// "# placer: OWNER": ends a line of a crontab, begins a unit file.
std::string mark_of(const ScheduledRun& run);

// As one word of a POSIX shell; as it stands where that needs no quotes.
std::string shell_word(std::string_view text);

}  // namespace placer::cli
