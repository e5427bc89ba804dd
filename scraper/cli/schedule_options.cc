#include "scraper/cli/schedule_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "config/secrets.h"
#include "scraper/cli/command.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

namespace fs = std::filesystem;

std::string absolute(const std::string& path) {
  return fs::absolute(path).lexically_normal().string();
}

// This very program, by the name that will still lead to it after an update.
std::string program_path() {
  std::string path = fs::read_symlink("/proc/self/exe").string();
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.ends_with(kDeleted)) path.resize(path.size() - kDeleted.size());
  return path;
}

// As part of a unit's name.
std::string name_of(const std::string& text) {
  std::string name = text;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  std::ranges::replace_if(
      name, [&fits](char c) { return !fits(c); }, '_');
  return name;
}

// Nothing after saying what is wrong.
std::optional<ScheduleTime> time_of(const ScheduleOptions& options) {
  if (!options.daily.empty()) {
    if (const auto time = daily_at(options.daily)) return time;
    schedule_usage_error(
        fmt::format("--daily {}: expected a time of day, such as 03:00", printable(options.daily)));
  } else if (!options.weekly.empty()) {
    if (const auto time = weekly_at(options.weekly)) return time;
    schedule_usage_error(
        fmt::format("--weekly '{}': expected a weekday and a time, such as 'Mon 03:00'",
                    printable(options.weekly)));
  } else if (!options.hourly.empty()) {
    if (const auto time = hourly_at(options.hourly)) return time;
    schedule_usage_error(fmt::format("--hourly {}: expected a minute of the hour, such as 15",
                                     printable(options.hourly)));
  } else {
    schedule_usage_error("when? Say --daily 03:00, --weekly 'Mon 03:00' or --hourly 15");
  }
  return std::nullopt;
}

std::string variables_file(const ScheduledRun& run, Starter starter) {
  std::string folder = "/etc";
  if (starter != Starter::kSystem) {
    const auto units = unit_folder(UnitKind::kUser);
    folder = units ? fs::path(*units).parent_path().parent_path().string() : "/";
  }
  return folder + "/placer/" + run.id.substr(run.id.find('-') + 1) + ".env";
}

std::set<std::string> variables_of(const std::vector<ReadyJob>& jobs) {
  std::set<std::string> names;
  const Environment asked = [&names](const std::string& name) {
    names.insert(name);
    return std::optional<std::string>("http://a.example");
  };
  for (const ReadyJob& ready : jobs) check_secrets(ready.job, asked);
  return names;
}

void add_command(const ScheduleOptions& options, Starter starter, ScheduledRun& run) {
  std::vector<std::string>& command = run.command;
  command = {program_path(), "run", absolute(options.jobs.file())};
  const auto add_all = [&command](const std::vector<std::string>& more) {
    command.insert(command.end(), more.begin(), more.end());
  };
  add_all(options.jobs.arguments());
  add_all(options.limits.arguments());
  if (!run.log_file.empty()) add_all({"--log-file", run.log_file});
  if (!options.log.empty()) add_all({"--log", options.log});
  if (!options.notify.empty()) add_all({"--notify", options.notify});
  // systemd keeps what is said in its journal; cron sends a mail, which should mean trouble.
  if (starter == Starter::kCron) add_all({"--quiet"});
}

// What is wrong with what the run would find; nothing when all is well.
std::optional<std::string> problem_of(const ScheduledRun& run) {
  for (const std::string& text : run.command) {
    if (printable(text) != text) {
      return fmt::format("'{}' has characters that no crontab or unit can hold", printable(text));
    }
  }
  if (printable(run.folder) != run.folder || run.folder.find('\\') != run.folder.npos) {
    return fmt::format("the folder '{}' has characters that no crontab or unit can hold",
                       printable(run.folder));
  }
  std::vector<std::string> written = run.databases;
  if (!run.log_file.empty()) written.push_back(run.log_file);
  for (const std::string& path : written) {
    std::error_code unknown;
    if (fs::is_directory(fs::path(path).parent_path(), unknown)) continue;
    return fmt::format("there is no folder for {}", printable(path));
  }
  return std::nullopt;
}

}  // namespace

int schedule_usage_error(const std::string& message) {
  fmt::print(stderr, "placer: schedule: {}\n", message);
  return kExitUsage;
}

bool is_schedule_name(const std::string& text) { return name_of(text) == text; }

ScheduledRun named_run(const ScheduleOptions& options) {
  ScheduledRun run;
  run.owner = absolute(options.jobs.file());
  std::string name = fs::path(options.jobs.file()).stem();
  if (!options.jobs.job().empty()) {
    run.owner += " --job " + options.jobs.job();
    name += "-" + options.jobs.job();
  }
  if (!options.name.empty()) {
    run.owner += " --name " + options.name;
    name = options.name;
  }
  run.id = "placer-" + name_of(name);
  return run;
}

std::optional<ScheduledRun> whole_run(const ScheduleOptions& options, Starter starter) {
  const auto time = time_of(options);
  if (!time || !options.limits.read()) return std::nullopt;
  const auto jobs = options.jobs.load(Secrets::kNamed);
  if (!jobs) return std::nullopt;
  ScheduledRun run = named_run(options);
  run.time = *time;
  run.folder = fs::current_path().string();
  if (!options.log_file.empty()) run.log_file = absolute(options.log_file);
  for (const ReadyJob& ready : *jobs) {
    run.databases.push_back(absolute(ready.job.storage.path));
    run.longest_request = std::max(run.longest_request, ready.job.fetch.timeout);
  }
  run.variables = variables_of(*jobs);
  run.variables_file = variables_file(run, starter);
  add_command(options, starter, run);
  if (const auto problem = problem_of(run)) {
    schedule_usage_error(*problem);
    return std::nullopt;
  }
  return run;
}

}  // namespace placer::cli
