#include "backends/guarded_worker.h"

#include <fmt/format.h>
#include <poll.h>

#include <exception>
#include <utility>

namespace placer {

Outcome lost_outcome(Request request, ErrorCode code, std::string message) {
  Outcome outcome;
  outcome.request = std::move(request);
  outcome.error = Error{code, std::move(message)};
  return outcome;
}

void GuardedWorker::start(Request request) {
  const std::uint64_t id = request.id;
  Request& kept = held_[id] = std::move(request);
  try {
    if (!worker_) worker_ = make_worker_();
    worker_->start(kept);
  } catch (const std::exception& thrown) {
    lose_all(thrown.what());
  }
}

std::vector<Outcome> GuardedWorker::poll(std::chrono::milliseconds max_wait, int wake_fd) {
  if (!lost_.empty()) return std::exchange(lost_, {});
  if (held_.empty()) {
    pollfd wake{wake_fd, POLLIN, 0};
    ::poll(&wake, wake_fd < 0 ? 0 : 1, static_cast<int>(max_wait.count()));
    return {};
  }
  std::vector<Outcome> outcomes;
  try {
    outcomes = worker_->poll(max_wait, wake_fd);
    for (const Outcome& outcome : outcomes) held_.erase(outcome.request.id);
  } catch (const std::exception& thrown) {
    lose_all(thrown.what());
    return std::exchange(lost_, {});
  }
  return outcomes;
}

void GuardedWorker::lose_all(const char* why) {
  worker_.reset();
  for (auto& [id, request] : std::exchange(held_, {})) {
    std::string message = fmt::format("{} threw {} on {}", name_, why, request.url);
    lost_.push_back(
        lost_outcome(std::move(request), ErrorCode::kWorkerCrashed, std::move(message)));
  }
}

}  // namespace placer
