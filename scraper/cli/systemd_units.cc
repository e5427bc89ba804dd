#include "scraper/cli/systemd_units.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/values.h"
#include "scraper/cli/call_program.h"
#include "scraper/cli/output_file.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

using Problem = tl::unexpected<std::string>;

// What needs no privilege: a filter of system calls, which the service's children inherit.
constexpr std::string_view kFilters =
    "NoNewPrivileges=yes\n"
    "LockPersonality=yes\n"
    "MemoryDenyWriteExecute=yes\n"
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK\n"
    "RestrictNamespaces=yes\n"
    "RestrictRealtime=yes\n"
    "RestrictSUIDSGID=yes\n"
    "SystemCallArchitectures=native\n"
    "SystemCallErrorNumber=EPERM\n"
    "SystemCallFilter=@system-service\n"
    "SystemCallFilter=~@privileged @resources\n"
    "SystemCallFilter=prlimit64 setrlimit\n"
    "UMask=0077\n";

// Mounts and capabilities, for which a user's manager needs the first.
constexpr std::string_view kNamespaces =
    "PrivateUsers=yes\n"
    "CapabilityBoundingSet=\n"
    "PrivateDevices=yes\n"
    "ProtectClock=yes\n"
    "ProtectControlGroups=yes\n"
    "ProtectHostname=yes\n"
    "ProtectKernelLogs=yes\n"
    "ProtectKernelModules=yes\n"
    "ProtectKernelTunables=yes\n"
    "ProtectProc=invisible\n"
    "ProtectSystem=strict\n";

// What only the machine's manager knows.
constexpr std::string_view kOfSystem =
    "AmbientCapabilities=\n"
    "KeyringMode=private\n"
    "RemoveIPC=yes\n";

// '%' begins a specifier everywhere in a unit.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '%') out += '%';
  }
  return out;
}

// One word of a list; of a command line with `variables` kept from being replaced.
std::string unit_word(std::string_view text, bool variables) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '%' || (c == '$' && variables)) out += c;
    out += c;
  }
  return out + "\"";
}

bool is_below(const std::string& path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// Every path that the service has to see.
std::vector<std::string> paths_of(const ScheduledRun& run) {
  std::vector<std::string> paths = run.databases;
  paths.push_back(run.folder);
  paths.push_back(run.command.at(0));
  paths.push_back(run.command.at(2));
  if (!run.log_file.empty()) paths.push_back(run.log_file);
  return paths;
}

bool any_below(const std::vector<std::string>& paths,
               std::initializer_list<std::string_view> folders) {
  return std::ranges::any_of(paths, [&](const std::string& path) {
    return std::ranges::any_of(folders,
                               [&](std::string_view folder) { return is_below(path, folder); });
  });
}

// Only where the results go can be written to.
std::string places_text(const ScheduledRun& run) {
  std::set<std::string> written;
  for (const std::string& path : run.databases) {
    written.insert(std::filesystem::path(path).parent_path());
  }
  if (!run.log_file.empty()) written.insert(std::filesystem::path(run.log_file).parent_path());
  const auto paths = paths_of(run);
  std::string text = "ReadWritePaths=";
  for (const std::string& path : written) text += unit_word("-" + path, false) + " ";
  text.back() = '\n';
  text += fmt::format("ProtectHome={}\n",
                      any_below(paths, {"/home", "/root", "/run/user"}) ? "read-only" : "yes");
  // A private /tmp would hide what is there.
  if (!any_below(paths, {"/tmp", "/var/tmp"})) text += "PrivateTmp=yes\n";
  return text;
}

std::string manager_option(UnitKind kind) {
  return kind == UnitKind::kUser ? "--user" : "--system";
}

tl::expected<void, std::string> systemctl(UnitKind kind, std::vector<std::string> arguments) {
  ProgramCall call;
  call.arguments = {"systemctl", manager_option(kind)};
  call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
  call.collect = true;
  const auto end = call_program(call);
  if (!end) return Problem(end.error());
  if (end->status == 0 && !end->killed) return {};
  std::string line = "systemctl";
  for (const std::string& argument : arguments) line += " " + argument;
  return Problem(line + ": " + printable(end->err.substr(0, end->err.find('\n')), 300));
}

struct UnitPaths {
  std::string service;
  std::string timer;
};

tl::expected<UnitPaths, std::string> unit_paths(const ScheduledRun& run, UnitKind kind) {
  auto folder = unit_folder(kind);
  if (!folder) return Problem(std::move(folder.error()));
  const std::string path = *folder + "/" + run.id;
  return UnitPaths{path + ".service", path + ".timer"};
}

// The first line of a file; nothing when there is none.
std::optional<std::string> first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!in || !std::getline(in, line)) return std::nullopt;
  return line;
}

// That of another job, or of somebody else altogether.
tl::expected<void, std::string> check_owner(const std::string& path, const ScheduledRun& run) {
  const auto line = first_line(path);
  if (!line || *line == mark_of(run)) return {};
  return Problem(
      fmt::format("{} is not of this job (it begins with '{}'); --name chooses another "
                  "name for the units",
                  printable(path), printable(*line, 100)));
}

tl::expected<void, std::string> write_file(const std::string& path, const std::string& text) {
  auto file = OutputFile::open(path);
  if (!file) return Problem(std::move(file.error()));
  file->stream() << text;
  return file->keep();
}

}  // namespace

std::string service_text(const ScheduledRun& run, UnitKind kind, const std::string& account) {
  const bool system = kind == UnitKind::kSystem;
  std::string text = mark_of(run) + "\n[Unit]\n";
  text += fmt::format("Description=placer: {}\n", literal(run.command.at(2)));
  if (system) text += "Wants=network-online.target\nAfter=network-online.target\n";
  text += "\n[Service]\nType=oneshot\n";
  if (system && !account.empty()) text += "User=" + account + "\n";
  text += "WorkingDirectory=" + literal(run.folder) + "\n";
  if (!run.variables.empty()) text += "EnvironmentFile=-" + literal(run.variables_file) + "\n";
  text += "ExecStart=" + unit_word(run.command.at(0), false);
  for (std::size_t i = 1; i < run.command.size(); ++i) {
    text += " " + unit_word(run.command[i], true);
  }
  text +=
      "\n# Another run holds the database; stopped, with its state saved: no failures.\n"
      "SuccessExitStatus=75 130\n"
      "# The first signal lets what is under way end, and is for the main process alone.\n"
      "KillMode=mixed\n";
  using std::chrono::seconds;
  constexpr seconds kToSave{60};
  text += fmt::format("TimeoutStopSec={}s\n\n",
                      (std::chrono::ceil<seconds>(run.longest_request) + kToSave).count());
  text.append(kFilters);
  if (!system) text += "# This and what follows needs user namespaces, which Debian has.\n";
  text.append(kNamespaces).append(places_text(run));
  if (system) text += kOfSystem;
  return text;
}

std::string timer_text(const ScheduledRun& run) {
  const bool hourly = run.time.every == ScheduleTime::Every::kHour;
  return fmt::format(
      "{}\n[Unit]\nDescription=placer: {}, {}\n\n[Timer]\nOnCalendar={}\n"
      "# Always so much later, for each timer another time.\n"
      "RandomizedDelaySec={}\nFixedRandomDelay=yes\n"
      "# Made up for when the machine was off.\nPersistent=yes\n\n"
      "[Install]\nWantedBy=timers.target\n",
      mark_of(run), literal(run.command.at(2)), words(run.time), on_calendar(run.time),
      hourly ? "1min" : "5min");
}

tl::expected<std::string, std::string> unit_folder(UnitKind kind) {
  if (kind == UnitKind::kSystem) return "/etc/systemd/system";
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && config[0] == '/') return std::string(config) + "/systemd/user";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string(home) + "/.config/systemd/user";
  return Problem("HOME is not set, so that nobody knows where your units are");
}

bool is_running(UnitKind kind) {
  if (::access("/run/systemd/system", F_OK) != 0) return false;
  if (kind == UnitKind::kSystem) return true;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::string folder =
      runtime != nullptr ? std::string(runtime) : fmt::format("/run/user/{}", ::getuid());
  return ::access((folder + "/systemd/private").c_str(), F_OK) == 0;
}

tl::expected<void, std::string> install_units(const ScheduledRun& run, UnitKind kind,
                                              const std::string& account) {
  const auto paths = unit_paths(run, kind);
  if (!paths) return Problem(paths.error());
  std::error_code failed;
  const auto folder = std::filesystem::path(paths->service).parent_path();
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Problem(
        fmt::format("cannot make the folder {}: {}", printable(folder.string()), failed.message()));
  }
  return check_owner(paths->service, run)
      .and_then([&] { return check_owner(paths->timer, run); })
      .and_then([&] { return write_file(paths->service, service_text(run, kind, account)); })
      .and_then([&] { return write_file(paths->timer, timer_text(run)); })
      .and_then([&] { return systemctl(kind, {"daemon-reload"}); })
      .and_then([&] {
        return systemctl(kind, {"enable", "--now", run.id + ".timer"});
      })
      // A timer that runs already keeps its old time until it is started again.
      .and_then([&] {
        return systemctl(kind, {"restart", run.id + ".timer"});
      });
}

bool are_installed(const ScheduledRun& run, UnitKind kind) {
  const auto paths = unit_paths(run, kind);
  return paths &&
         (first_line(paths->timer) == mark_of(run) || first_line(paths->service) == mark_of(run));
}

tl::expected<bool, std::string> remove_units(const ScheduledRun& run, UnitKind kind) {
  const auto paths = unit_paths(run, kind);
  if (!paths) return Problem(paths.error());
  if (!are_installed(run, kind)) return false;
  // It may never have been started, or its manager may not be running.
  const auto stopped = systemctl(kind, {"disable", "--now", run.id + ".timer"});
  for (const std::string& path : {paths->service, paths->timer}) {
    if (first_line(path) != mark_of(run)) continue;
    std::error_code failed;
    std::filesystem::remove(path, failed);
    if (failed) {
      return Problem(fmt::format("cannot remove {}: {}", printable(path), failed.message()));
    }
  }
  if (!stopped) return Problem("the units are removed, but " + stopped.error());
  return systemctl(kind, {"daemon-reload"}).map([] { return true; });
}

}  // namespace placer::cli
