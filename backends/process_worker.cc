#include "backends/process_worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <utility>

#include "backends/frame.h"
#include "backends/guarded_worker.h"
#include "backends/wire.h"

namespace placer {
namespace {

constexpr int kExitEngineGone = 0;
constexpr int kExitBrokenStream = 70;  // the engine says what we do not understand
constexpr int kExitNoWorker = 71;      // the job's factory threw

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

int serve(int fd, FrameReader& reader, GuardedWorker& worker, std::chrono::milliseconds beat) {
  using std::chrono::steady_clock;
  auto heard_of = steady_clock::now();  // when the engine last heard of us
  for (;;) {
    const bool idle = worker.held() == 0;
    const ReadState state = reader.read(fd, idle);
    if (!start_arrived(reader, worker)) return kExitBrokenStream;
    if (state == ReadState::kClosed) return kExitEngineGone;
    if (idle) heard_of = steady_clock::now();
    for (Outcome& outcome : worker.poll(beat, fd)) {
      if (!send_outcome(fd, std::move(outcome))) return kExitEngineGone;
      heard_of = steady_clock::now();
    }
    if (steady_clock::now() - heard_of >= beat) {
      if (!send_frame(fd, FrameType::kBeat, {})) return kExitEngineGone;
      heard_of = steady_clock::now();
    }
  }
}

}  // namespace

int run_process_worker(int fd, const WorkerFactoryOfJob& make_factory) {
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_NAME, "placer-worker");
  FrameReader reader;
  const auto start = read_start(fd, reader);
  if (!start) {
    send_frame(fd, FrameType::kHello, start.error().message);
    return kExitBrokenStream;
  }
  WorkerFactory factory;
  try {
    factory = make_factory(start->job_text);
  } catch (const std::exception& thrown) {
    send_frame(fd, FrameType::kHello, thrown.what());
    return kExitNoWorker;
  }
  GuardedWorker worker(std::move(factory), fmt::format("worker process {}", getpid()));
  if (!send_frame(fd, FrameType::kHello, {})) return kExitEngineGone;
  return serve(fd, reader, worker, std::chrono::milliseconds(start->beat_millis));
}

}  // namespace placer
