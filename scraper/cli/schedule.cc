// placer schedule: lets cron or systemd run a job, every night for example.
#include <fmt/core.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>

#include "scraper/cli/commands.h"
#include "scraper/cli/crontab.h"
#include "scraper/cli/schedule_options.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kStarters = {Starter::kCron, Starter::kUser, Starter::kSystem};

int failure(const std::string& message) {
  fmt::print(stderr, "placer: schedule: {}\n", message);
  return kExitNothing;
}

std::optional<Starter> said_starter(const ScheduleOptions& options) {
  if (options.cron) return Starter::kCron;
  if (options.user) return Starter::kUser;
  if (options.system) return Starter::kSystem;
  if (options.systemd) return ::geteuid() == 0 ? Starter::kSystem : Starter::kUser;
  return std::nullopt;
}

// systemd where it runs, as it can do more.
Starter usual_starter() {
  const Starter starter = ::geteuid() == 0 ? Starter::kSystem : Starter::kUser;
  return is_running(unit_kind(starter)) ? starter : Starter::kCron;
}

// Whom the folder of the results belongs to; empty for root.
std::string account_of(const ScheduledRun& run) {
  struct stat status {};
  const std::string folder = fs::path(run.databases.front()).parent_path();
  if (::stat(folder.c_str(), &status) != 0 || status.st_uid == 0) return {};
  const passwd* entry = ::getpwuid(status.st_uid);
  return entry == nullptr ? std::to_string(status.st_uid) : entry->pw_name;
}

const char* starter_words(Starter starter) {
  switch (starter) {
    case Starter::kCron:
      return "cron";
    case Starter::kUser:
      return "your systemd (--user)";
    case Starter::kSystem:
      return "systemd (--system)";
  }
  return "";
}

void explain_starter(const ScheduledRun& run, Starter starter, const ScheduleOptions& options) {
  const auto note = [](const std::string& text) { fmt::print(stderr, "  {}\n", text); };
  if (starter == Starter::kCron) {
    note("says nothing unless something is wrong, which cron sends as a mail ($MAILTO)");
  } else {
    const char* option = starter == Starter::kUser ? "--user " : "";
    if (options.install) note(fmt::format("try it now: systemctl {}start {}", option, run.id));
    note(fmt::format("what it says: journalctl {}-u {}", option, run.id));
  }
  if (starter == Starter::kUser) {
    note("runs while you are logged in; always after 'loginctl enable-linger'");
  }
  if (starter == Starter::kSystem && account_of(run).empty()) {
    note(
        "runs as root without capabilities, since the folder of the results is root's; it runs as"
        " whoever owns that");
  }
  if (starter != Starter::kCron && !options.notify.empty()) {
    note("--notify is shut in too: it has the network, and writes only where the results are");
  }
}

// What people want to know besides the text itself; on standard error.
void explain(const ScheduledRun& run, Starter starter, const ScheduleOptions& options) {
  const auto note = [](const std::string& text) { fmt::print(stderr, "  {}\n", text); };
  fmt::print(stderr, "{}: {} by {}{}\n", printable(options.jobs.file()), words(run.time),
             starter_words(starter),
             said_starter(options)       ? ""
             : starter == Starter::kCron ? ", as no systemd runs for you; --systemd for units"
                                         : "; --cron for a line of a crontab");
  explain_starter(run, starter, options);
  for (const std::string& database : run.databases) {
    note(fmt::format("what happened and what changed: placer runs {0}; placer diff {0}",
                     shell_word(database)));
  }
  if (run.variables.empty()) return;
  std::string names;
  for (const std::string& name : run.variables) {
    names += fmt::format("{}{}=...", names.empty() ? "" : " and ", name);
  }
  std::error_code unknown;
  note(fmt::format("the job needs variables, a line each: {} in {}{}", names,
                   printable(run.variables_file),
                   fs::exists(run.variables_file, unknown) ? "" : ", which is not there yet"));
}

// What would be installed; the error says why it cannot.
tl::expected<std::string, std::string> text_of(const ScheduledRun& run, Starter starter) {
  if (starter == Starter::kCron) {
    return crontab_line(run).map([](const std::string& line) { return line + "\n"; });
  }
  const UnitKind kind = unit_kind(starter);
  return unit_folder(kind).map([&](const std::string& folder) {
    return fmt::format("# {0}/{1}.service\n{2}\n# {0}/{1}.timer\n{3}", folder, run.id,
                       service_text(run, kind, account_of(run)), timer_text(run));
  });
}

tl::expected<void, std::string> install(const ScheduledRun& run, Starter starter) {
  if (starter != Starter::kCron) {
    return install_units(run, unit_kind(starter), account_of(run));
  }
  const auto line = crontab_line(run);
  if (!line) return tl::unexpected(line.error());
  const auto table = read_crontab();
  if (!table) return tl::unexpected(table.error());
  const std::string wanted = with_line(*table, mark_of(run), *line);
  if (wanted == *table) return {};
  if (auto problem = write_crontab(wanted)) return tl::unexpected(std::move(*problem));
  return {};
}

// False when it is not there.
tl::expected<bool, std::string> take_out(const ScheduledRun& run, Starter starter) {
  if (starter != Starter::kCron) return remove_units(run, unit_kind(starter));
  const auto table = read_crontab();
  if (!table) return tl::unexpected(table.error());
  const std::string wanted = with_line(*table, mark_of(run), "");
  if (wanted == *table) return false;
  if (auto problem = write_crontab(wanted)) return tl::unexpected(std::move(*problem));
  return true;
}

bool is_installed(const ScheduledRun& run, Starter starter) {
  if (starter != Starter::kCron) return are_installed(run, unit_kind(starter));
  const auto table = read_crontab();
  return table && with_line(*table, mark_of(run), "") != *table;
}

// Both would start it.
void warn_of_others(const ScheduledRun& run, Starter starter) {
  constexpr std::array<const char*, 3> kOptions = {"--cron", "--user", "--system"};
  for (const Starter other : kStarters) {
    if (other == starter || !is_installed(run, other)) continue;
    fmt::print(stderr, "  {} starts it too: the same command with --remove {} takes that out\n",
               starter_words(other), kOptions[static_cast<std::size_t>(other)]);
  }
}

// Wherever it is, unless that was said.
int remove(const ScheduleOptions& options) {
  const ScheduledRun run = named_run(options);
  const auto said = said_starter(options);
  bool found = false;
  std::string problems;
  for (const Starter starter : kStarters) {
    if (said && *said != starter) continue;
    const auto removed = take_out(run, starter);
    if (!removed) {
      problems += (problems.empty() ? "" : "; ") + removed.error();
    } else if (*removed) {
      fmt::print(stderr, "{}: removed from {}\n", printable(run.owner), starter_words(starter));
      found = true;
    }
  }
  if (found) return kExitDone;
  return failure(fmt::format("no schedule of {} is installed{}{}", printable(run.owner),
                             problems.empty() ? "" : ": ", problems));
}

int schedule(const ScheduleOptions& options) {
  if (options.jobs.file() == "-") {
    return schedule_usage_error("it needs the name of a job file; standard input is gone by night");
  }
  if (!is_schedule_name(options.name)) {
    return schedule_usage_error("--name is made of letters, digits, '.', '_' and '-'");
  }
  if (options.remove) return remove(options);
  if (!options.log.empty() && options.log_file.empty()) {
    return schedule_usage_error("--log says how the log file is written; name one with --log-file");
  }
  const Starter starter = said_starter(options).value_or(usual_starter());
  const auto run = whole_run(options, starter);
  if (!run) return kExitUsage;
  const auto text = text_of(*run, starter);
  if (!text) return schedule_usage_error(text.error());
  if (!options.install) {
    fmt::print("{}", *text);
    explain(*run, starter, options);
    fmt::print(stderr, "  nothing is installed yet: the same command with --install does it\n");
    return kExitDone;
  }
  if (const auto done = install(*run, starter); !done) return failure(done.error());
  explain(*run, starter, options);
  warn_of_others(*run, starter);
  fmt::print(stderr, "  installed; the same command with --remove takes it out\n");
  return kExitDone;
}

}  // namespace

Command schedule_command() {
  Command command("schedule", kGroupJob, "Let cron or systemd run a job, every night for example");
  auto options = std::make_shared<ScheduleOptions>();
  options->jobs.add_file_to(command);
  command.option("--daily", "HH:MM", options->daily, "Once a day, such as 03:00")
      .option("--weekly", "'DAY HH:MM'", options->weekly, "Once a week, such as 'Mon 03:00'")
      .option("--hourly", "MM", options->hourly, "Once an hour, at this minute")
      .only_one_of({"--daily", "--weekly", "--hourly"})
      .flag("--cron", options->cron, "A line of your crontab")
      .flag("--systemd", options->systemd, "Units; usual where systemd runs")
      .flag("--user", options->user, "Units of your own systemd")
      .flag("--system", options->system, "Units of the machine's systemd")
      .only_one_of({"--cron", "--systemd", "--user", "--system"},
                   "A crontab line, or units: usual ones, your own, the machine's")
      .flag("--install", options->install, "Put it in place instead of printing it")
      .flag("--remove", options->remove, "Take it out again")
      .only_one_of({"--install", "--remove"}, "Instead of printing it")
      .option("--name", "NAME", options->name, "For a second schedule of the same job");
  options->jobs.add_changes_to(command);
  options->jobs.add_whereabouts_to(command);
  options->limits.add_to(command);
  command.option("--log-file", "FILE", options->log_file, "As of run")
      .option("--log", "FORMAT", options->log, "Of the log file: text or json")
      .choices({"text", "json"})
      .option("--notify", "COMMAND", options->notify, "As of run")
      .examples({"placer schedule cafes.yaml --daily 03:00 --budget 45m --install"})
      .action([options] { return schedule(*options); });
  return command;
}

}  // namespace placer::cli
