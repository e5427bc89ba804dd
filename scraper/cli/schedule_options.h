// What `placer schedule` is asked for, and the run that it stands for.
#pragma once

#include <optional>
#include <string>

#include "scraper/cli/job_file.h"
#include "scraper/cli/run_limits.h"
#include "scraper/cli/scheduled_run.h"
#include "scraper/cli/systemd_units.h"

namespace placer::cli {

struct ScheduleOptions {
  JobFileOptions jobs;
  RunLimits limits;
  std::string log;
  std::string log_file;
  std::string notify;
  std::string daily;
  std::string weekly;
  std::string hourly;
  std::string name;
  bool cron = false;
  bool systemd = false;
  bool user = false;
  bool system = false;
  bool install = false;
  bool remove = false;
};

// Who is to start the job.
enum class Starter { kCron, kUser, kSystem };

inline UnitKind unit_kind(Starter starter) {
  return starter == Starter::kSystem ? UnitKind::kSystem : UnitKind::kUser;
}

// Prints a message; kExitUsage.
int schedule_usage_error(const std::string& message);

// Whether --name can be part of a unit's name as it stands.
bool is_schedule_name(const std::string& text);

// By what an installed run is found again: its mark and the names of its units. Reads no file.
ScheduledRun named_run(const ScheduleOptions& options);

// All of it, for `starter`; the job file is checked. Nothing after printing what is wrong; the
// caller ends with kExitUsage.
std::optional<ScheduledRun> whole_run(const ScheduleOptions& options, Starter starter);

}  // namespace placer::cli
