#include "scraper/engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReportInterval{200};
// Upper bound on a wait: signals and the progress line are looked at this often.
constexpr milliseconds kMaxWait{100};

void count(const Completion& completion, RunCounters& counters) {
  const Outcome& outcome = completion.outcome;
  if (outcome.request.id != 0) {
    ++counters.requests;
    counters.bytes += outcome.body_bytes;
    const bool lost = outcome.error && (outcome.error->code == ErrorCode::kWorkerCrashed ||
                                        outcome.error->code == ErrorCode::kWorkerKilled);
    if (lost) ++counters.worker_deaths;
  }
  if (completion.requeue) ++counters.retries;
  if (completion.page) {
    ++counters.pages;
    if (*completion.page != PageStatus::kOk && *completion.page != PageStatus::kRedirect) {
      ++counters.errors;
    }
    counters.observations += outcome.places.size();
  }
  // A row that turns out to be disallowed was counted when it was queued.
  const bool known = completion.dequeue && !completion.page;
  counters.discovered += completion.discovered.size() + completion.filtered.size();
  if (known) --counters.discovered;
  counters.filtered += completion.filtered.size();
  counters.discovered -= completion.reconsidered.size();
  counters.filtered -= completion.reconsidered.size();
}

}  // namespace

Engine::Engine(Frontier& frontier, Backend& backend, Storage& storage, EngineOptions options,
               EngineObserver observer, std::function<Instant()> clock)
    : frontier_(frontier),
      backend_(backend),
      storage_(storage),
      options_(options),
      observer_(std::move(observer)),
      clock_(std::move(clock)),
      started_(clock_()),
      reported_(started_),
      committed_(started_) {}

Result<RunSummary> Engine::run(const std::atomic<Stop>& stop) {
  if (auto ready = commit_and_refill(clock_()); !ready) return tl::unexpected(ready.error());
  Stop wish = Stop::kNo;
  while (true) {
    Instant now = clock_();
    wish = failure_ ? std::max(stop.load(), Stop::kDrain) : stop.load();
    const bool leasing = may_lease(now, wish);
    if (leasing) lease(now);
    const bool drained = backend_.in_flight() == 0;
    if (wish == Stop::kNow || (drained && (!leasing || frontier_.finished()))) break;
    collect(time_to_wait(now, leasing));
    now = clock_();
    if (auto saved = commit_when_due(now); !saved) return tl::unexpected(saved.error());
    report(now);
  }
  const Instant now = clock_();
  if (auto saved = commit(now); !saved) return tl::unexpected(saved.error());
  RunSummary summary;
  summary.held = frontier_.held();
  if (failure_) {
    summary.outcome = RunOutcome::kFailed;
  } else if (wish != Stop::kNo) {
    summary.outcome = RunOutcome::kInterrupted;
  } else if (limit_met_ && !frontier_.finished()) {  // it kept something from being fetched
    summary.outcome = RunOutcome::kLimit;
  }
  if (observer_.on_conclusion) observer_.on_conclusion(progress(now));
  auto verdict = storage_.end_run(summary.outcome, counters_, now);
  if (!verdict) return tl::unexpected(std::move(verdict.error()));
  if (failure_) return tl::unexpected(std::move(*failure_));
  summary.progress = progress(now);  // with the places that the end of the run left
  summary.verdict = std::move(*verdict);
  return summary;
}

std::uint64_t Engine::pages() const { return counters_.pages + frontier_.pages_ended(); }

bool Engine::may_lease(Instant now, Stop stop) {
  if (stop != Stop::kNo) return false;
  if (options_.max_time && now - started_ >= *options_.max_time) {
    limit_met_ = true;
    return false;
  }
  if (options_.max_pages && pages() >= *options_.max_pages) {
    limit_met_ = true;
    return false;
  }
  return true;
}

void Engine::lease(Instant now) {
  while (backend_.in_flight() < backend_.capacity()) {
    if (options_.max_pages && pages() + pages_in_flight_ >= *options_.max_pages) return;
    auto request = frontier_.next(now);
    if (!request) return;
    if (request->kind != RequestKind::kRobots) ++pages_in_flight_;
    backend_.submit(std::move(*request));
  }
}

// Takes what has ended from the backend to the frontier.
void Engine::collect(milliseconds max_wait) {
  for (Outcome& outcome : backend_.wait(max_wait)) {
    if (outcome.request.kind != RequestKind::kRobots) --pages_in_flight_;
    if (outcome.error && outcome.error->code == ErrorCode::kNoDescriptors) {
      failure_ = outcome.error;
    }
    frontier_.finish(std::move(outcome), clock_());
  }
}

// Makes durable what has changed in the frontier.
Result<void> Engine::commit(Instant now) {
  committed_ = now;
  auto batch = frontier_.take_completions(now);
  if (!batch) return tl::unexpected(std::move(batch.error()));
  for (const Completion& completion : *batch) {
    count(completion, counters_);
    if (observer_.on_completion) observer_.on_completion(completion);
  }
  return batch->empty() ? Result<void>() : storage_.commit(*batch, counters_);
}

Result<void> Engine::commit_and_refill(Instant now) {
  if (auto saved = commit(now); !saved) return saved;
  return frontier_.refill(now);
}

Result<void> Engine::commit_when_due(Instant now) {
  const bool due = frontier_.has_completions() && now - committed_ >= options_.commit_interval;
  const bool full = frontier_.pages_ended() >= options_.commit_pages;
  const bool hungry = backend_.in_flight() < backend_.capacity() && frontier_.idle(now);
  return due || full || hungry ? commit_and_refill(now) : Result<void>();
}

milliseconds Engine::time_to_wait(Instant now, bool leasing) const {
  milliseconds wait = kMaxWait;
  if (frontier_.has_completions()) {
    wait = std::min(wait, options_.commit_interval - (now - committed_));
  }
  const bool has_room = leasing && backend_.in_flight() < backend_.capacity();
  if (has_room && frontier_.idle(now)) return milliseconds{0};
  // A host that is due already waits for a free slot, not for time.
  const auto due = frontier_.next_due();
  if (due && *due > now) wait = std::min(wait, *due - now);
  return std::max(wait, milliseconds{0});
}

Progress Engine::progress(Instant now) const {
  Progress progress;
  progress.elapsed = now - started_;
  progress.counters = counters_;
  progress.queued = frontier_.queued();
  progress.places = storage_.place_count();
  progress.in_flight = backend_.in_flight();
  progress.waiting_hosts = frontier_.waiting_hosts();
  if (const auto due = frontier_.next_due()) {
    progress.next_due = std::max(*due - now, milliseconds{0});
  }
  return progress;
}

void Engine::report(Instant now) {
  if (now - reported_ < kReportInterval) return;
  reported_ = now;
  if (observer_.on_progress) observer_.on_progress(progress(now));
}

}  // namespace placer
