#include "backends/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "backends/socket_pair.h"

namespace placer {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kShadowMemory = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kShadowMemory = true;
#else
constexpr bool kShadowMemory = false;
#endif
#else
constexpr bool kShadowMemory = false;
#endif

constexpr int kExitMillis = 1000;  // from the end of the stream to the exit

// All that the child needs between fork and exec, where it may not allocate.
struct Launch {
  const char* path;
  char* const* arguments;
  pid_t parent;
  int socket;
  rlim_t address_space;
  rlim_t open_files;
};

void lower_limit(__rlimit_resource resource, rlim_t to) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return;
  limit.rlim_max = std::min(limit.rlim_max, to);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(resource, &limit);
}

void close_from(int first) {
  if (close_range(static_cast<unsigned>(first), UINT_MAX, 0) == 0) return;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  for (int fd = first; fd < static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536)); ++fd) {
    close(fd);
  }
}

// Runs in the child with every signal blocked; async-signal-safe calls only.
[[noreturn]] void launch(const Launch& it) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != it.parent) _exit(0);  // it died before the line above
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

  if (it.socket == kChildSocket) {
    fcntl(it.socket, F_SETFD, 0);
  } else {
    dup2(it.socket, kChildSocket);
  }
  const int null = open("/dev/null", O_RDWR);
  if (null >= 0) dup2(null, STDIN_FILENO);
  if (fcntl(STDERR_FILENO, F_GETFD) < 0 && null >= 0) dup2(null, STDERR_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);  // standard output belongs to the engine's results
  close_from(kChildSocket + 1);

  lower_limit(RLIMIT_CORE, 0);
  lower_limit(RLIMIT_NOFILE, it.open_files);
  if (!kShadowMemory && it.address_space != 0) lower_limit(RLIMIT_AS, it.address_space);

  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  signal(SIGINT, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execv(it.path, it.arguments);
  _exit(ChildProcess::kCannotExecute);
}

// With SIGCHLD ignored (a parent may hand that down) no child can be waited for.
void allow_waiting() {
  struct sigaction action {};
  if (sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
    signal(SIGCHLD, SIG_DFL);
  }
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const SandboxLimits& limits) {
  allow_waiting();
  std::vector<std::string> words = command;
  std::error_code none;  // what `ps` shows: the program's own path rather than the link
  const auto real_path = std::filesystem::read_symlink("/proc/self/exe", none);
  if (words.at(0) == "/proc/self/exe" && !real_path.empty()) words[0] = real_path.string();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const SocketPair ends = make_socket_pair();
  const Launch it{command.at(0).c_str(), arguments.data(),     getpid(),
                  ends.theirs,           limits.address_space, limits.open_files};
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours runs in the child
  pid_ = fork();
  if (pid_ == 0) launch(it);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(ends.theirs);
  if (pid_ < 0) {
    close(ends.ours);
    throw std::system_error(error, std::generic_category(), "fork");
  }
  socket_ = ends.ours;
}

ChildProcess::~ChildProcess() {
  hang_up();
  kill();
  reap(-1);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), socket_(std::exchange(other.socket_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(socket_, other.socket_);
  return *this;
}

void ChildProcess::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

void ChildProcess::hang_up() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

std::optional<int> ChildProcess::reap(int max_wait_millis) {
  if (pid_ < 0) return std::nullopt;
  for (int waited = 0;; ++waited) {
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, max_wait_millis < 0 ? 0 : WNOHANG);
    if (ended == pid_ || (ended < 0 && errno == ECHILD)) {
      pid_ = -1;
      return ended < 0 ? SIGKILL : status;  // somebody else reaped it: nothing is known
    }
    if (max_wait_millis >= 0 && waited >= max_wait_millis) return std::nullopt;
    if (max_wait_millis > 0) poll(nullptr, 0, 1);
  }
}

bool ChildProcess::adopt(pid_t pid) {
  siginfo_t info{};
  if (pid <= 0 || waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    return false;
  }
  pid_ = pid;
  return true;
}

ChildProcess::Ending ChildProcess::finish(const std::string& why) {
  if (why.empty()) {
    if (const auto status = reap(kExitMillis)) return {describe_status(*status), status};
  }
  kill();
  reap(-1);
  return {why.empty() ? "closed its socket" : why, std::nullopt};
}

std::string describe_status(int status) {
  if (!WIFSIGNALED(status)) return fmt::format("exited with status {}", WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  if (name == nullptr) return fmt::format("died of signal {}", WTERMSIG(status));
  return fmt::format("died of SIG{}", name);
}

bool ended_from_outside(int status) {
  if (!WIFSIGNALED(status)) return false;
  switch (WTERMSIG(status)) {
    case SIGKILL:
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGQUIT:
      return true;
    default:
      return false;
  }
}

}  // namespace placer
