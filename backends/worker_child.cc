#include "backends/worker_child.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "backends/wire.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStartDeadline{30'000};  // from fork to hello
constexpr int kExitMillis = 1000;               // from the end of the stream to the exit

std::uint32_t beat_for(milliseconds deadline) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(deadline.count() / 4, 10, 1000));
}

}  // namespace

WorkerChild::WorkerChild(ChildProcess process, Terms terms, const std::string& job_text, Time now)
    : process_(std::move(process)), terms_(terms), heard_(now) {
  append_frame(unsent_, FrameType::kStart, encode(WorkerStart{job_text, beat_for(terms.deadline)}));
  flush();
}

void WorkerChild::give(Request request, bool alone, Time now) {
  if (held_.empty()) heard_ = now;
  alone_ = alone;
  append_frame(unsent_, FrameType::kRequest, encode(request));
  held_.emplace(request.id, std::move(request));
  flush();
}

void WorkerChild::transfer(std::vector<Outcome>& outcomes, Time now) {
  if (ended_) return;
  flush();
  const ReadState state = reader_.read(process_.socket(), false);
  read_frames(outcomes, now);
  if (state == ReadState::kClosed) ended_ = true;
}

void WorkerChild::flush() {
  std::size_t sent = 0;
  while (sent < unsent_.size()) {
    const ssize_t n = send(process_.socket(), unsent_.data() + sent, unsent_.size() - sent,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
      sent = unsent_.size();  // it is dead; reading will find the end of the stream
    }
    if (n < 0) break;
    sent += static_cast<std::size_t>(n);
  }
  unsent_.erase(0, sent);
}

void WorkerChild::read_frames(std::vector<Outcome>& outcomes, Time now) {
  while (why_.empty()) {
    const auto frame = reader_.next();
    if (!frame) return end("sent " + frame.error().message);
    if (!*frame) return;
    heard_ = now;
    try {
      receive(**frame, outcomes);
    } catch (const std::bad_alloc&) {
      end("sent more than there is memory for");
    }
  }
}

void WorkerChild::receive(const Frame& frame, std::vector<Outcome>& outcomes) {
  if (frame.type == FrameType::kHello && !hello_) {
    if (!frame.payload.empty()) return end(fmt::format("cannot start: {}", frame.payload));
    hello_ = true;
    return;
  }
  if (frame.type == FrameType::kBeat && hello_) return;
  if (frame.type != FrameType::kOutcome) return end("sent a frame out of turn");
  auto outcome = decode_outcome(frame.payload);
  if (!outcome) return end("sent " + outcome.error().message);
  const auto held = held_.find(outcome->request.id);
  if (held == held_.end()) return end("sent an outcome nobody asked for");
  outcome->request = std::move(held->second);  // ours, whatever it says
  held_.erase(held);
  ++served_;
  alone_ = alone_ && !held_.empty();
  worn_ = worn_ || (outcome->error && outcome->error->code == ErrorCode::kWorkerCrashed);
  outcomes.push_back(std::move(*outcome));
}

WorkerChild::Time WorkerChild::deadline() const {
  if (!hello_) return heard_ + kStartDeadline;
  return held_.empty() ? Time::max() : heard_ + terms_.deadline;
}

void WorkerChild::check_deadline(Time now) {
  if (ended_ || now < deadline()) return;
  end(fmt::format("hung: silent for {} ms",
                  std::chrono::duration_cast<milliseconds>(now - heard_).count()));
}

void WorkerChild::end(std::string why) {
  ended_ = true;
  why_ = std::move(why);
}

WorkerChild::Autopsy WorkerChild::autopsy() {
  const std::string who = fmt::format("worker {} (pid {}) ", terms_.number, process_.pid());
  if (!why_.empty()) {
    process_.kill();
    process_.reap(-1);
    return {ErrorCode::kWorkerCrashed, who + why_};
  }
  const auto status = process_.reap(kExitMillis);
  if (!status) {
    process_.kill();
    process_.reap(-1);
    return {ErrorCode::kWorkerCrashed, who + "closed its socket"};
  }
  if (*status == ChildProcess::kCannotExecute << 8 && !hello_) {
    return {ErrorCode::kWorkerKilled, who + "could not be executed"};
  }
  const bool killed = ended_from_outside(*status);
  return {killed ? ErrorCode::kWorkerKilled : ErrorCode::kWorkerCrashed,
          who + describe_status(*status)};
}

std::vector<Request> WorkerChild::take_held() {
  std::vector<Request> requests;
  for (auto& [id, request] : std::exchange(held_, {})) requests.push_back(std::move(request));
  return requests;
}

}  // namespace placer
