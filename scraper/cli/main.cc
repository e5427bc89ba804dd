// placer: scrapes places from the web into SQLite. The composition root.
//
// Exit status: see command.h.
#include <fmt/core.h>
#include <malloc.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "config/values.h"
#include "scraper/cli/command.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

// "unknown command 'rnu' (did you mean 'run'?)"; nothing when the command is known.
std::optional<std::string> unknown_command(const CLI::App& app, const std::string& name) {
  std::vector<std::string_view> names;
  std::vector<std::string> kept;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return std::nullopt;
    if (!command->get_group().empty()) kept.push_back(command->get_name());
  }
  names.assign(kept.begin(), kept.end());
  const std::string_view meant = nearest(name, names);
  return fmt::format("unknown command '{}'{}", printable(name),
                     meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant));
}

int main_checked(int argc, char** argv) {
  CLI::App app{
      "Scrapes places (businesses and other points of interest) from the web into SQLite."};
  app.name("placer");
  app.set_version_flag("--version", std::string("placer ") + PLACER_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return fmt::format("placer: {}\nTry '{} --help'.\n", printable(error.what()),
                       failed->get_name() == "placer" ? "placer" : "placer " + failed->get_name());
  });
  Action action;
  // The children of `processes` start by the dozen and have no use for the other commands.
  const bool child = argc > 1 && std::strcmp(argv[1], "worker") == 0;
  for (const auto add : {add_run, add_check, add_init, add_inspect, add_status, add_runs,
                         add_explain, add_query, add_diff, add_export, add_report, add_serve,
                         add_bench, add_verify, add_edges, add_debug, add_worker, add_sample_web}) {
    if (!child || add == add_worker) add(app, action);
  }
  if (argc > 1 && argv[1][0] != '-') {
    if (const auto problem = unknown_command(app, argv[1])) {
      fmt::print(stderr, "placer: {}\nTry 'placer --help'.\n", *problem);
      return kExitUsage;
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitUsage;
  }
  const int status = action();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    fmt::print(stderr, "placer: cannot write the output: {}\n", std::strerror(errno));
    return status == kExitDone ? kExitNothing : status;
  }
  return status;
}

// Every connection takes a descriptor, and the usual soft limit of 1,024 is a shell's, not ours.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// A page's memory is given back and asked for again many times a second; what the C library returns
// to the system in between comes back as page faults, a quarter of what a fetch costs.
void keep_freed_memory() {
  constexpr int kTrimThreshold = 4 << 20;
  constexpr int kMmapThreshold = 1 << 20;
  mallopt(M_TRIM_THRESHOLD, kTrimThreshold);
  mallopt(M_MMAP_THRESHOLD, kMmapThreshold);
}

}  // namespace
}  // namespace placer::cli

int main(int argc, char** argv) {
  try {
    placer::cli::raise_descriptor_limit();
    placer::cli::keep_freed_memory();
    return placer::cli::main_checked(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "placer: {}\n", placer::cli::printable(error.what()));
    return placer::cli::kExitNothing;
  }
}
