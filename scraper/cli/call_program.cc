#include "scraper/cli/call_program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "scraper/cli/terminal.h"

extern char** environ;

namespace placer::cli {
namespace {

using std::chrono::steady_clock;

constexpr int kLookMillis = 10;  // between two looks whether it has ended

// A file that exists only in memory.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("placer", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const { return fd_; }

  bool fill(std::string_view text) const {
    while (fd_ >= 0 && !text.empty()) {
      const ssize_t count = ::write(fd_, text.data(), text.size());
      if (count < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return fd_ >= 0 && ::lseek(fd_, 0, SEEK_SET) == 0;
  }

  std::string text() const {
    std::string all;
    std::array<char, 16384> piece;
    ::lseek(fd_, 0, SEEK_SET);
    for (ssize_t count = 0; (count = ::read(fd_, piece.data(), piece.size())) > 0;) {
      all.append(piece.data(), static_cast<std::size_t>(count));
    }
    return all;
  }

 private:
  int fd_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> with_own_environment(const std::vector<std::string>& more) {
  std::vector<std::string> all(more);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name(*entry, std::strcspn(*entry, "=") + 1);
    bool replaced = false;
    for (const std::string& text : more) replaced = replaced || text.starts_with(name);
    if (!replaced) all.emplace_back(*entry);
  }
  return all;
}

// Its process id, or errno's value negated.
pid_t start(const ProgramCall& call, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  sigset_t defaults;
  sigset_t none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);  // ignored here, which a program would inherit
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> arguments = call.arguments;
  std::vector<std::string> environment = with_own_environment(call.environment);
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, arguments[0].c_str(), &actions, &attributes,
                                  pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed != 0 ? -failed : pid;
}

ProgramEnd wait_for(pid_t pid, const ProgramCall& call) {
  const auto deadline = steady_clock::now() + call.limit;
  ProgramEnd end;
  int status = 0;
  while (::waitpid(pid, &status, end.killed ? 0 : WNOHANG) != pid) {
    if (!end.killed && (steady_clock::now() >= deadline || (call.give_up && call.give_up()))) {
      ::kill(-pid, SIGKILL);
      end.killed = true;
    }
    if (!end.killed) ::poll(nullptr, 0, kLookMillis);
  }
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace

tl::expected<ProgramEnd, std::string> call_program(const ProgramCall& call) {
  const MemoryFile in;
  const MemoryFile out;
  const MemoryFile err;
  if (!in.fill(call.input) || out.fd() < 0 || err.fd() < 0) {
    return tl::unexpected(fmt::format("no memory file: {}", std::strerror(errno)));
  }
  const pid_t pid = start(call, in.fd(), call.collect ? out.fd() : STDERR_FILENO,
                          call.collect ? err.fd() : STDERR_FILENO);
  if (pid < 0) {
    return tl::unexpected(
        fmt::format("cannot run '{}': {}", printable(call.arguments[0]), std::strerror(-pid)));
  }
  ProgramEnd end = wait_for(pid, call);
  if (call.collect) {
    end.out = out.text();
    end.err = err.text();
  }
  return end;
}

}  // namespace placer::cli
