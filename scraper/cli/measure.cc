#include "scraper/cli/measure.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <stdexcept>

extern char** environ;

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
constexpr int kSampleEvery = 20;  // ms

// Starts a child with `from` (STDOUT_FILENO or STDERR_FILENO) on a pipe; the other of the two goes
// to /dev/null. Returns its pid and the pipe's reading end.
std::pair<pid_t, int> spawn(const std::vector<std::string>& arguments, int from) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int other = from == STDOUT_FILENO ? STDERR_FILENO : STDOUT_FILENO;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, other, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], from);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  if (failed != 0) {
    close(pipe_ends[0]);
    throw std::runtime_error("cannot start " + arguments[0] + ": " + std::strerror(failed));
  }
  return {pid, pipe_ends[0]};
}

// Bytes that `pid` and its descendants hold, shared pages split among their users.
std::uint64_t tree_memory(pid_t pid) {
  std::uint64_t bytes = 0;
  std::vector<pid_t> tree{pid};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const std::string folder = "/proc/" + std::to_string(tree[i]);
    std::ifstream rollup(folder + "/smaps_rollup");
    for (std::string word; rollup >> word;) {
      std::uint64_t kib = 0;
      if (word == "Pss:" && rollup >> kib) bytes += kib * 1024;
    }
    std::ifstream children(folder + "/task/" + std::to_string(tree[i]) + "/children");
    for (pid_t child = 0; children >> child;) tree.push_back(child);
  }
  return bytes;
}

milliseconds to_ms(const timeval& time) {
  return milliseconds(time.tv_sec * 1000 + time.tv_usec / 1000);
}

}  // namespace

Measured measure(const std::vector<std::string>& arguments) {
  const auto begin = std::chrono::steady_clock::now();
  const auto [pid, pipe_end] = spawn(arguments, STDERR_FILENO);
  Measured measured;
  while (true) {
    pollfd ready{pipe_end, POLLIN, 0};
    const int count = poll(&ready, 1, kSampleEvery);
    measured.peak_memory = std::max(measured.peak_memory, tree_memory(pid));
    if (count <= 0) continue;
    std::array<char, 65536> buffer;
    const ssize_t bytes = read(pipe_end, buffer.data(), buffer.size());
    if (bytes <= 0) break;
    measured.errors.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  close(pipe_end);
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  measured.wall =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  measured.cpu = to_ms(usage.ru_utime) + to_ms(usage.ru_stime);
  measured.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return measured;
}

Background::Background(const std::vector<std::string>& arguments) {
  const auto [pid, pipe_end] = spawn(arguments, STDOUT_FILENO);
  pid_ = pid;
  char c = 0;
  while (read(pipe_end, &c, 1) == 1 && c != '\n') first_line_ += c;
  close(pipe_end);
  if (first_line_.empty())
    throw std::runtime_error(arguments[0] + ": the sample web did not start");
}

Background::~Background() {
  kill(pid_, SIGTERM);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace placer::cli
