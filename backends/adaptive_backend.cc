#include "backends/adaptive_backend.h"

#include <algorithm>
#include <utility>

namespace placer {

using std::chrono::duration_cast;
using std::chrono::microseconds;

AdaptiveBackend::AdaptiveBackend(WorkerFactory make_worker, std::string name,
                                 std::uint32_t most_workers, std::uint32_t most_in_flight,
                                 OnChange on_change)
    : loops_(std::move(make_worker), {std::move(name), most_workers, most_in_flight}),
      limit_(most_workers, most_in_flight),
      on_change_(std::move(on_change)) {
  loops_.use(limit_.now().workers, limit_.now().window);
  begin_round(Clock::now());
}

void AdaptiveBackend::begin_round(Clock::time_point now) {
  round_ = {};
  began_ = now;
  cpu_at_ = loops_.cpu_time();
  waits_ = full_ = 0;
}

std::vector<Outcome> AdaptiveBackend::wait(std::chrono::milliseconds max_wait) {
  const bool full = in_flight() >= capacity();
  if (!full && round_.pages == 0) begin_round(Clock::now());
  ++waits_;
  if (full) ++full_;
  std::vector<Outcome> outcomes = loops_.wait(max_wait);
  for (const Outcome& outcome : outcomes) note(outcome);
  const Clock::time_point now = Clock::now();
  if (!limit_.suffices(round_.pages, duration_cast<microseconds>(now - began_))) return outcomes;
  round_.elapsed = duration_cast<microseconds>(now - began_);
  round_.cpu = loops_.cpu_time() - cpu_at_;
  round_.full = 2 * full_ >= waits_;
  if (const auto why = limit_.learn(round_)) {
    loops_.use(limit_.now().workers, limit_.now().window);
    if (on_change_) on_change_(*why);
  }
  begin_round(now);
  return outcomes;
}

void AdaptiveBackend::note(const Outcome& outcome) {
  // A robots.txt, or no answer at all, says little of how long a page takes.
  if (outcome.status == 0 || outcome.request.kind == RequestKind::kRobots) return;
  const microseconds answer(static_cast<std::int64_t>(outcome.timings.first_byte));
  round_.fastest = round_.pages == 0 ? answer : std::min(round_.fastest, answer);
  ++round_.pages;
  round_.answers += answer;
  round_.work += microseconds(static_cast<std::int64_t>(outcome.timings.process));
  round_.bytes += outcome.body_bytes;
}

}  // namespace placer
