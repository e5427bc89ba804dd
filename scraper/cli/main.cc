// placer: scrapes places from the web into SQLite. The composition root.
//
// Exit status: see command.h.
#include <fcntl.h>
#include <fmt/core.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

#include "scraper/cli/command.h"
#include "scraper/cli/help.h"
#include "scraper/cli/terminal.h"
#include "scraper/cli/versions.h"

namespace placer::cli {
namespace {

int main_checked(int argc, char** argv) {
  CLI::App app{"Scrapes places (businesses, points of interest) from the web into SQLite."};
  app.name("placer");
  app.formatter(help_formatter());
  app.set_help_flag("-h,--help", "This help");
  app.set_version_flag("--version", versions);
  app.require_subcommand(1);
  app.footer(
      "  placer init https://example.org/ && placer run example.org.yaml\n"
      "  placer query example.org.db cafes near 52.52,13.40 within 2km open now\n");
  Action action;
  // The children of `processes` start by the dozen and have no use for the other commands.
  const bool child = argc > 1 && std::strcmp(argv[1], "worker") == 0;
  for (const auto add :
       {add_init,    add_check,  add_run,       add_inspect, add_query,  add_export,
        add_report,  add_serve,  add_diff,      add_edges,   add_status, add_runs,
        add_explain, add_bench,  add_verify,    add_debug,   add_help,   add_completion,
        add_manual,  add_worker, add_sample_web}) {
    if (!child || add == add_worker) add(app, action);
  }
  if (argc == 1) {
    fmt::print(stderr, "{}", app.help());
    return kExitUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    fmt::print(stderr, "{}", usage_problem(app, error, argc, argv));
    return kExitUsage;
  }
  const int status = action();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    fmt::print(stderr, "placer: cannot write the output: {}\n", std::strerror(errno));
    return status == kExitDone ? kExitNothing : status;
  }
  return status;
}

// A file that is opened where a standard stream was closed would get what is printed.
void open_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) open("/dev/null", O_RDWR);
  }
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
    placer::cli::open_standard_streams();
    placer::cli::raise_descriptor_limit();
    placer::cli::keep_freed_memory();
    return placer::cli::main_checked(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "placer: {}\n", placer::cli::printable(error.what()));
    return placer::cli::kExitNothing;
  }
}
