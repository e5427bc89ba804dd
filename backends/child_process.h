// A child process as a sandbox: started by fork and exec, joined to us by one socket.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace placer {

// From a process's start to its first message.
inline constexpr std::chrono::milliseconds kStartDeadline{30'000};

inline constexpr int kChildSocket = 3;  // the child's end, beside its standard streams

struct SandboxLimits {
  std::uint64_t address_space = 0;  // bytes; 0: no limit. Ignored in ASan and TSan builds
  std::uint64_t open_files = 256;
};

// The child dies with the thread that started it, gains no privileges by exec, dumps no core, has
// no file but standard error and its socket, ignores SIGINT (Ctrl-C reaches the whole process
// group; the engine decides when its children end) and has every other signal at its default.
//
// Owns socket and process: destruction kills the child and reaps it.
class ChildProcess {
 public:
  // `command`: path and arguments. "/proc/self/exe" is this very program, even after its file was
  // replaced. Throws std::system_error when no process can be made; that the program cannot be
  // executed shows as exit status kCannotExecute.
  ChildProcess(const std::vector<std::string>& command, const SandboxLimits& limits);

  // One that another process starts for us, at the other end of `socket`: adopt() it once it has
  // said who it is.
  explicit ChildProcess(int socket) : socket_(socket) {}
  ~ChildProcess();

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;

  static constexpr int kCannotExecute = 127;

  // How a process ended.
  struct Ending {
    std::string how;            // "died of SIGSEGV", "closed its socket"
    std::optional<int> status;  // as waitpid gives it; nothing when we had to end it
  };

  // False when `pid` is no child of this process.
  bool adopt(pid_t pid);

  pid_t pid() const { return pid_; }
  int socket() const { return socket_; }

  void kill();

  // Closes the socket, which asks the child to end.
  void hang_up();

  // The status as waitpid gives it, once the child has ended; waits up to `max_wait_millis`.
  std::optional<int> reap(int max_wait_millis);

  // Reaps one whose stream is over, killing it when it has not ended within a second. `why` it is
  // to end now; empty: it went by itself.
  Ending finish(const std::string& why);

 private:
  pid_t pid_ = -1;   // -1: reaped, or not known yet
  int socket_ = -1;  // our end, non-blocking
};

// "died of SIGSEGV", "exited with status 3".
std::string describe_status(int status);

// True when somebody ended the process from outside (SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT):
// says nothing about what it was doing.
bool ended_from_outside(int status);

}  // namespace placer
