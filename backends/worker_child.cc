#include "backends/worker_child.h"

#include <fmt/format.h>
#include <poll.h>

#include <new>
#include <utility>

#include "backends/wire.h"

namespace placer {

using std::chrono::milliseconds;

WorkerChild::WorkerChild(ChildProcess process, Terms terms, Time now)
    : process_(std::move(process)), terms_(terms), heard_(now) {}

WorkerChild::~WorkerChild() {
  const Time last = std::chrono::steady_clock::now() + kStartDeadline;
  std::vector<Outcome> none;
  while (starting() && !ended_ && process_.socket() >= 0) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= last) return;
    pollfd hello{process_.socket(), POLLIN, 0};
    poll(&hello, 1, static_cast<int>(std::chrono::ceil<milliseconds>(last - now).count()));
    transfer(none, now);
  }
}

void WorkerChild::give(Request request, bool alone, Time now) {
  if (held_.empty()) heard_ = now;
  alone_ = alone;
  append_frame(unsent_, FrameType::kRequest, encode(request));
  held_.emplace(request.id, std::move(request));
  send_ready(process_.socket(), unsent_);
}

void WorkerChild::transfer(std::vector<Outcome>& outcomes, Time now) {
  if (ended_) return;
  send_ready(process_.socket(), unsent_);
  const ReadState state = reader_.read(process_.socket(), false);
  read_frames(outcomes, now);
  if (state == ReadState::kClosed) ended_ = true;
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
  if (frame.type == FrameType::kHello && !hello_) return receive_hello(frame.payload);
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

void WorkerChild::receive_hello(std::string_view payload) {
  const auto hello = decode_worker_hello(payload);
  if (!hello) return end("sent " + hello.error().message);
  if (!hello->problem.empty()) return end("cannot start: " + hello->problem);
  if (!process_.adopt(static_cast<pid_t>(hello->pid))) return end("is no child of the engine");
  hello_ = true;
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
  const std::string who = starting()
                              ? fmt::format("worker {} ", terms_.number)
                              : fmt::format("worker {} (pid {}) ", terms_.number, process_.pid());
  const ChildProcess::Ending ending = process_.finish(why_);
  const bool killed = ending.status && ended_from_outside(*ending.status);
  return {killed ? ErrorCode::kWorkerKilled : ErrorCode::kWorkerCrashed, who + ending.how};
}

std::vector<Request> WorkerChild::take_held() {
  std::vector<Request> requests;
  for (auto& [id, request] : std::exchange(held_, {})) requests.push_back(std::move(request));
  return requests;
}

}  // namespace placer
