#include "backends/process_backend.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "backends/guarded_worker.h"

namespace placer {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint32_t kStartAttempts = 3;  // then starting counts as impossible for now
constexpr milliseconds kFirstBackOff{10};    // after a failed start, then doubled
constexpr milliseconds kLongestBackOff{5'000};
constexpr milliseconds kLeaveDeadline{1'000};  // a child asked to end is killed later
constexpr milliseconds kLeavePause{50};        // between looks at those

milliseconds back_off(std::uint32_t failures) {
  return std::min(kLongestBackOff, kFirstBackOff * (1 << std::min(failures - 1, 10U)));
}

milliseconds until(WorkerChild::Time time, WorkerChild::Time now) {
  if (time <= now) return milliseconds(0);
  if (time - now > std::chrono::hours(1)) return std::chrono::hours(1);
  return std::chrono::ceil<milliseconds>(time - now);
}

std::uint32_t beat_for(milliseconds deadline) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(deadline.count() / 4, 10, 1000));
}

}  // namespace

ProcessBackend::ProcessBackend(ProcessOptions options)
    : options_(std::move(options)),
      random_(options_.seed),
      assigner_(options_.window),
      listened_(Clock::now()) {
  start_child(Clock::now());
  while (children_.empty() || children_.front()->starting()) {
    if (failed_starts_ >= kStartAttempts) {
      throw std::runtime_error(fmt::format("cannot start worker processes ({}): {}",
                                           options_.command.at(0), failed_start_cause_));
    }
    if (children_.empty() && Clock::now() >= next_start_) start_child(Clock::now());
    supervise(until(children_.empty() ? next_start_ : next_event(), Clock::now()));
  }
}

ProcessBackend::~ProcessBackend() {
  server_.reset();                                            // no child comes after this
  for (const pid_t child : children()) kill(child, SIGKILL);  // all at once, reaped one by one
}

std::size_t ProcessBackend::capacity() const {
  return std::size_t{options_.workers} * options_.window;
}

std::vector<pid_t> ProcessBackend::children() const {
  std::vector<pid_t> pids;
  for (const auto& child : children_) {
    if (!child->starting()) pids.push_back(child->pid());
  }
  return pids;
}

void ProcessBackend::submit(Request request) {
  ++in_flight_;
  assigner_.add(std::move(request));
  start_missing(Clock::now());
  assign(Clock::now());
}

std::vector<Outcome> ProcessBackend::wait(milliseconds max_wait) {
  const auto deadline = Clock::now() + max_wait;
  bool interrupted = false;
  do {
    const auto left = finished_.empty() ? until(deadline, Clock::now()) : milliseconds(0);
    interrupted = !supervise(left);
  } while (finished_.empty() && !interrupted && Clock::now() < deadline);
  in_flight_ -= finished_.size();
  return std::exchange(finished_, {});
}

// One round: listen, then draw every conclusion. False when a signal cut the listening short.
bool ProcessBackend::supervise(milliseconds max_wait) {
  std::vector<pollfd> sockets;
  for (const auto& child : children_) {
    const int events = child->wants_to_send() ? POLLIN | POLLOUT : POLLIN;
    sockets.push_back({child->socket(), static_cast<short>(events), 0});
  }
  if (server_) {
    const int events = server_->wants_to_send() ? POLLIN | POLLOUT : POLLIN;
    sockets.push_back({server_->socket(), static_cast<short>(events), 0});
  }
  const Time before = Clock::now();
  const milliseconds patience = std::min(max_wait, until(next_event(), before));
  const int ready = poll(sockets.data(), sockets.size(), static_cast<int>(patience.count()));
  const bool interrupted = ready < 0 && errno == EINTR;
  const Time now = Clock::now();
  // Time in which nobody listened (the engine was busy, or Ctrl-Z stopped it) is no child's
  // silence.
  const auto unheard =
      (before - listened_) + std::max(now - before - patience, Clock::duration::zero());
  listened_ = now;
  for (std::size_t i = 0; i < children_.size(); ++i) {
    children_[i]->excuse(unheard);
    if (sockets[i].revents != 0) children_[i]->transfer(finished_, now);
    children_[i]->check_deadline(now);
  }
  if (server_) {
    server_->excuse(unheard);
    if (sockets.back().revents != 0) server_->transfer();
    server_->check_deadline(now);
  }
  under_way_ = under_way_ || !finished_.empty();
  bury_server(now);
  bury_ended(now);
  give_up_hopeless(now);
  retire_served(now);
  reap_leaving(now);
  start_missing(now);
  assign(now);
  return !interrupted;
}

void ProcessBackend::bury_server(Time now) {
  if (!server_ || !server_->ended()) return;
  note_failed_start(server_->autopsy(), now);
  server_.reset();
}

void ProcessBackend::bury_ended(Time now) {
  for (auto& child : children_) {
    if (!child->ended()) continue;
    const WorkerChild::Autopsy autopsy = child->autopsy();
    // Without a fork server, it is that one's end that is noted.
    if (child->starting() && server_) {
      note_failed_start(autopsy.cause, now);
      server_.reset();
    }
    for (Request& request : child->take_held()) {
      std::string message = fmt::format("{} on {}", autopsy.cause, request.url);
      finished_.push_back(lost_outcome(std::move(request), autopsy.code, std::move(message)));
    }
    child.reset();
  }
  std::erase(children_, nullptr);
}

void ProcessBackend::give_up_hopeless(Time now) {
  const bool hopeless = children_.empty() && failed_starts_ >= kStartAttempts && now < next_start_;
  if (!hopeless) return;
  for (Request& request : assigner_.take_all()) {
    std::string message =
        fmt::format("{}: no worker process can be started: {}", request.url, failed_start_cause_);
    finished_.push_back(
        lost_outcome(std::move(request), ErrorCode::kWorkerKilled, std::move(message)));
  }
}

void ProcessBackend::note_failed_start(const std::string& cause, Time now) {
  ++failed_starts_;
  failed_start_cause_ = cause;
  next_start_ = now + back_off(failed_starts_);
}

void ProcessBackend::retire_served(Time now) {
  for (auto& child : children_) {
    if (!child->retired()) continue;
    leaving_.push_back({child->take_process(), now});
    leaving_.back().process.hang_up();
    child.reset();
  }
  std::erase(children_, nullptr);
}

void ProcessBackend::reap_leaving(Time now) {
  std::erase_if(leaving_, [now](Leaving& child) {
    if (now - child.since > kLeaveDeadline) child.process.kill();
    return child.process.reap(0).has_value();
  });
}

bool ProcessBackend::wants_child() const {
  const std::size_t unfinished = in_flight_ - finished_.size();
  return children_.size() < std::min<std::size_t>(options_.workers, unfinished);
}

void ProcessBackend::start_missing(Time now) {
  while (wants_child() && now >= next_start_) start_child(now);
}

void ProcessBackend::start_server(Time now) {
  SandboxLimits limits;  // which its workers inherit
  limits.address_space = options_.process_memory;
  limits.open_files = std::max<std::uint64_t>(256, 64 + 4ULL * options_.window);
  const WorkerStart start{options_.job_text, beat_for(options_.page_deadline)};
  server_ = std::make_unique<ForkServer>(options_.command, limits, start, now);
}

void ProcessBackend::start_child(Time now) {
  const double jitter = 0.9 + 0.2 * std::uniform_real_distribution<>()(random_);
  WorkerChild::Terms terms;
  terms.number = started_++;
  terms.retire_after =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(options_.pages_per_process * jitter));
  terms.deadline = options_.page_deadline;
  try {
    if (!server_) start_server(now);
    if (under_way_) server_->warm_up();
    children_.push_back(std::make_unique<WorkerChild>(server_->fork_worker(), terms, now));
  } catch (const std::system_error& error) {
    note_failed_start(error.what(), now);
  }
}

void ProcessBackend::assign(Time now) {
  if (assigner_.size() == 0) return;
  std::vector<WorkerLoad> loads;
  for (const auto& child : children_) {
    if (child->ready()) failed_starts_ = 0;
    loads.push_back({child->ready(), child->held(), child->alone()});
  }
  for (auto& [worker, request] : assigner_.assign(loads)) {
    const bool alone = options_.window > 1 && request.crashes > 0;
    children_[worker]->give(std::move(request), alone, now);
  }
}

ProcessBackend::Time ProcessBackend::next_event() const {
  Time next = wants_child() ? next_start_ : Time::max();
  if (!leaving_.empty()) next = std::min(next, listened_ + kLeavePause);
  for (const auto& child : children_) next = std::min(next, child->deadline());
  if (server_) next = std::min(next, server_->deadline());
  return next;
}

}  // namespace placer
