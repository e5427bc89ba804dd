// Loaded in front of the C library (LD_PRELOAD) by tests: lets the system calls that change chosen
// files fail, or ends the process at one of them, and bends the wall clock.
//
// PLACER_FAULTS holds words "key=value" with blanks between them:
//   path=PREFIX   the files: those whose name begins with it
//   calls=LIST    of: open write size sync remove; without it all five
//   at=N          the first call, counted from 1, that something happens to
//   do=WHAT       kill: the process dies before the call; torn: it dies in the middle of a write
//                 and right after any other call; or an errno, which the call fails with
//   times=M       to how many calls in a row (errno only); without it to all that follow
//   count=FILE    the number of calls is written there when the process ends
//   clock=FILE    holds seconds that are added to CLOCK_REALTIME, read at each call
//
// Why not strace's injection: it stops the program at every call, needs ptrace, and counts each
// thread for itself; this costs nothing between the calls and can tear a write.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kMaxFd = 65536;
std::array<std::atomic<bool>, kMaxFd> g_watched;
std::atomic<long> g_calls{0};

// The value of a word of PLACER_FAULTS, copied to `out`; false when it is missing.
bool setting(const char* key, char* out, std::size_t size) {
  const char* text = std::getenv("PLACER_FAULTS");
  const std::size_t length = std::strlen(key);
  while (text != nullptr && *text != '\0') {
    const std::size_t word = std::strcspn(text, " ");
    if (word > length && std::strncmp(text, key, length) == 0 && text[length] == '=') {
      const std::size_t value = word - length - 1;
      if (value >= size) return false;
      std::memcpy(out, text + length + 1, value);
      out[value] = '\0';
      return true;
    }
    text += word + (text[word] == ' ' ? 1 : 0);
  }
  return false;
}

long number(const char* key, long otherwise) {
  char text[32];
  return setting(key, text, sizeof text) ? std::strtol(text, nullptr, 10) : otherwise;
}

struct Plan {
  char path[4096] = "";
  char calls[64] = "open,write,size,sync,remove";
  char what[32] = "";
  long at = 0;
  long times = 0;  // 0: all that follow
  Plan() {
    if (!setting("path", path, sizeof path)) return;
    setting("calls", calls, sizeof calls);
    setting("do", what, sizeof what);
    at = number("at", 0);
    times = number("times", 0);
  }
  bool concerns(const char* name) const {
    return path[0] != '\0' && std::strncmp(name, path, std::strlen(path)) == 0;
  }
};

const Plan& plan() {
  static const Plan the_plan;
  return the_plan;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

enum class Fate { kPass, kFail, kTear };

// What happens to this call, which is one that changes a file.
Fate fate(const char* call) {
  if (std::strstr(plan().calls, call) == nullptr) return Fate::kPass;
  const long n = ++g_calls;
  const long at = plan().at;
  if (at == 0 || n < at) return Fate::kPass;
  if (std::strcmp(plan().what, "kill") == 0) die();
  if (std::strcmp(plan().what, "torn") == 0) return n == at ? Fate::kTear : Fate::kPass;
  if (plan().times > 0 && n >= at + plan().times) return Fate::kPass;
  errno = std::atoi(plan().what);
  return Fate::kFail;
}

bool watched(int fd) { return fd >= 0 && fd < kMaxFd && g_watched[static_cast<unsigned>(fd)]; }

// `call()` as its fate wants it; `half()` is the same for half of the bytes.
template <class Call, class Half>
long meet(const char* kind, Call call, Half half) {
  switch (fate(kind)) {
    case Fate::kFail:
      return -1;
    case Fate::kTear:
      half();
      die();
    case Fate::kPass:
      break;
  }
  return call();
}

int open_file(int folder, const char* name, int flags, mode_t mode) {
  const bool ours = plan().concerns(name);
  const auto call = [&] { return ::syscall(SYS_openat, folder, name, flags, mode); };
  const bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_ACCMODE) != O_RDONLY;
  const long fd = ours && changes ? meet("open", call, call) : call();
  if (fd >= 0 && fd < kMaxFd) g_watched[static_cast<unsigned>(fd)] = ours;
  return static_cast<int>(fd);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

struct AtExit {
  ~AtExit() {
    char file[4096];
    if (g_calls == 0 || !setting("count", file, sizeof file)) return;
    char text[32];
    char* end = text + sizeof text;
    char* digit = end;
    for (long n = g_calls; n > 0; n /= 10) *--digit = static_cast<char>('0' + n % 10);
    const long fd = ::syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return;
    (void)!::syscall(SYS_write, fd, digit, end - digit);
    ::syscall(SYS_close, fd);
  }
};
const AtExit g_at_exit;

}  // namespace

extern "C" {

int open(const char* name, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_file(AT_FDCWD, name, flags, mode);
}

int open64(const char* name, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_file(AT_FDCWD, name, flags, mode);
}

int close(int fd) {
  if (watched(fd)) g_watched[static_cast<unsigned>(fd)] = false;
  return static_cast<int>(::syscall(SYS_close, fd));
}

ssize_t write(int fd, const void* bytes, size_t size) {
  const auto some = [&](size_t n) { return ::syscall(SYS_write, fd, bytes, n); };
  if (!watched(fd)) return some(size);
  return meet(
      "write", [&] { return some(size); }, [&] { return some(size / 2); });
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  const auto some = [&](size_t n) { return ::syscall(SYS_pwrite64, fd, bytes, n, offset); };
  if (!watched(fd)) return some(size);
  return meet(
      "write", [&] { return some(size); }, [&] { return some(size / 2); });
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return pwrite64(fd, bytes, size, offset);
}

int ftruncate64(int fd, off64_t size) {
  const auto call = [&] { return ::syscall(SYS_ftruncate, fd, size); };
  return static_cast<int>(watched(fd) ? meet("size", call, call) : call());
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
  const auto call = [&] { return ::syscall(SYS_fsync, fd); };
  return static_cast<int>(watched(fd) ? meet("sync", call, call) : call());
}

int fdatasync(int fd) {
  const auto call = [&] { return ::syscall(SYS_fdatasync, fd); };
  return static_cast<int>(watched(fd) ? meet("sync", call, call) : call());
}

int unlink(const char* name) {
  const auto call = [&] { return ::syscall(SYS_unlinkat, AT_FDCWD, name, 0); };
  return static_cast<int>(plan().concerns(name) ? meet("remove", call, call) : call());
}

int clock_gettime(clockid_t clock, timespec* time) {
  const long result = ::syscall(SYS_clock_gettime, clock, time);
  char file[4096];
  if (result != 0 || clock != CLOCK_REALTIME || !setting("clock", file, sizeof file)) {
    return static_cast<int>(result);
  }
  const long fd = ::syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  char text[32] = "";
  if (::syscall(SYS_read, fd, text, sizeof text - 1) > 0) {
    time->tv_sec += std::strtol(text, nullptr, 10);
  }
  ::syscall(SYS_close, fd);
  return 0;
}
}
