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
#include <vector>

#include "scraper/cli/command_line.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

int run_placer(int argc, char** argv) {
  std::vector<Command> commands;
  for (const auto command :
       {init_command, check_command, run_command, schedule_command, inspect_command, query_command,
        export_command, report_command, serve_command, diff_command, edges_command, status_command,
        runs_command, explain_command, bench_command, verify_command, debug_command,
        sample_web_command}) {
    commands.push_back(command());
  }
  for (const auto command : {help_command, completion_command, manual_command}) {
    commands.push_back(command(commands));
  }
  return run_command_line(commands, argc, argv);
}

int main_checked(int argc, char** argv) {
  // The children of `processes` start by the dozen and have no use for the other commands.
  const bool child = argc > 1 && std::strcmp(argv[1], "worker") == 0;
  const int status = child ? worker_command().action()() : run_placer(argc, argv);
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
