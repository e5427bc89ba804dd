#include "backends/process_worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "backends/frame.h"
#include "backends/guarded_worker.h"
#include "backends/socket_pair.h"
#include "backends/wire.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr int kExitEngineGone = 0;
constexpr int kExitBrokenStream = 70;  // the engine says what we do not understand
constexpr int kExitNoWorker = 71;      // the job cannot be prepared

// An exchange that takes longer leaves time to load what its page will ask for.
constexpr milliseconds kSlowServer{20};

// Writes all of `bytes`, waiting while the engine is busy; false when it is gone.
bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool send_frame(int fd, FrameType type, std::string_view payload) {
  std::string bytes;
  append_frame(bytes, type, payload);
  return send_all(fd, bytes);
}

bool send_hello(int fd, std::string problem) {
  const WorkerHello hello{static_cast<std::uint32_t>(getpid()), std::move(problem)};
  return send_frame(fd, FrameType::kHello, encode(hello));
}

bool send_outcome(int fd, Outcome outcome) {
  std::string payload = encode(outcome);
  if (payload.size() > kMaxPayload) {
    std::string message = fmt::format("{}: {} bytes of links and places, more than the {} that fit",
                                      outcome.request.url, payload.size(), kMaxPayload);
    payload = encode(
        lost_outcome(std::move(outcome.request), ErrorCode::kParseMemory, std::move(message)));
  }
  return send_frame(fd, FrameType::kOutcome, payload);
}

// Waits for the first frame.
Result<WorkerStart> read_start(int fd, FrameReader& reader) {
  for (;;) {
    const auto frame = reader.next();
    if (!frame) return tl::unexpected(frame.error());
    if (*frame) {
      if ((*frame)->type == FrameType::kStart) return decode_worker_start((*frame)->payload);
      return fail(ErrorCode::kProtocol, "a frame before the job");
    }
    if (reader.read(fd, true) == ReadState::kClosed) {
      return fail(ErrorCode::kProtocol, "closed before the job");
    }
  }
}

// Starts every request that has arrived; false when the stream is broken.
bool start_arrived(FrameReader& reader, GuardedWorker& worker) {
  for (;;) {
    const auto frame = reader.next();
    if (!frame) return false;
    if (!*frame) return true;
    auto request = decode_request((*frame)->payload);
    if ((*frame)->type != FrameType::kRequest || !request) return false;
    worker.start(std::move(*request));
  }
}

// `load`, unless it is empty, is done once while a server is waited for.
int serve(int fd, FrameReader& reader, GuardedWorker& worker, milliseconds beat,
          std::function<void()> load) {
  using std::chrono::steady_clock;
  auto heard_of = steady_clock::now();  // when the engine last heard of us
  for (;;) {
    const bool idle = worker.held() == 0;
    const ReadState state = reader.read(fd, idle);
    if (!start_arrived(reader, worker)) return kExitBrokenStream;
    if (state == ReadState::kClosed) return kExitEngineGone;
    if (idle) heard_of = steady_clock::now();
    auto outcomes = worker.poll(load ? std::min(beat, kSlowServer) : beat, fd);
    if (outcomes.empty() && load) std::exchange(load, nullptr)();
    for (Outcome& outcome : outcomes) {
      if (!send_outcome(fd, std::move(outcome))) return kExitEngineGone;
      heard_of = steady_clock::now();
    }
    if (steady_clock::now() - heard_of >= beat) {
      if (!send_frame(fd, FrameType::kBeat, {})) return kExitEngineGone;
      heard_of = steady_clock::now();
    }
  }
}

// A fork whose child has our parent for its own. glibc's fork() cannot ask for that; it would only
// take locks over besides, and here are no other threads that could hold any.
pid_t fork_sibling() {
  return static_cast<pid_t>(
      syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, 0));
}

// Loads what workers can share, in a worker or for all that are forked later.
void warm_up(const PreparedJob& job) {
  try {
    if (job.warm_up) job.warm_up();
  } catch (const std::exception&) {
    // Out of memory, say: the page that needs it will report it.
  }
}

// The life of a forked worker. What the fork server loaded is not tidied up: that would copy it.
[[noreturn]] void run_worker(int fd, pid_t engine, const PreparedJob& job, bool warm,
                             milliseconds beat) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != engine) _exit(kExitEngineGone);  // it died before the line above
  prctl(PR_SET_NAME, "placer-worker");
  GuardedWorker worker(job.make_worker, fmt::format("worker process {}", getpid()));
  FrameReader reader;
  std::function<void()> load;
  if (!warm) load = [&job] { warm_up(job); };
  const int status = send_hello(fd, {}) ? serve(fd, reader, worker, beat, load) : kExitEngineGone;
  std::fflush(nullptr);
  _exit(status);
}

// Forks a worker for every socket that comes, and warms up when it is told to.
int serve_forks(int fd, pid_t engine, const PreparedJob& job, milliseconds beat) {
  for (bool warm = false;;) {
    const auto socket = receive_descriptor(fd);
    if (!socket) return kExitEngineGone;
    if (*socket < 0) {
      warm_up(job);
      warm = true;
      continue;
    }
    const pid_t worker = fork_sibling();
    if (worker == 0) {
      dup2(*socket, fd);
      fcntl(fd, F_SETFD, FD_CLOEXEC);
      close(*socket);
      run_worker(fd, engine, job, warm, beat);
    }
    if (worker < 0) send_hello(*socket, fmt::format("fork: {}", std::strerror(errno)));
    close(*socket);
  }
}

}  // namespace

int run_process_worker(int fd, const JobPreparation& prepare) {
  const pid_t engine = getppid();
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_NAME, "placer-forks");
  FrameReader reader;
  const auto start = read_start(fd, reader);
  if (!start) {
    send_hello(fd, start.error().message);
    return kExitBrokenStream;
  }
  PreparedJob job;
  try {
    job = prepare(start->job_text);
  } catch (const std::exception& thrown) {
    send_hello(fd, thrown.what());
    return kExitNoWorker;
  }
  if (!send_hello(fd, {})) return kExitEngineGone;
  return serve_forks(fd, engine, job, milliseconds(start->beat_millis));
}

}  // namespace placer
