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
  counters.discovered += completion.discovered.size() + (known ? 0 : completion.filtered.size());
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
  absorb();
  if (auto ready = commit_and_refill(clock_()); !ready) return tl::unexpected(ready.error());
  Stop wish = Stop::kNo;
  while (true) {
    Instant now = clock_();
    wish = stop.load();
    const bool leasing = may_lease(now, wish);
    if (leasing) lease(now);
    absorb();
    const bool drained = backend_.in_flight() == 0;
    if (wish == Stop::kNow || (drained && (!leasing || frontier_.finished()))) break;
    collect(time_to_wait(now));
    now = clock_();
    if (auto saved = commit_and_refill(now); !saved) return tl::unexpected(saved.error());
    report(now);
  }
  const Instant now = clock_();
  if (auto saved = commit(now); !saved) return tl::unexpected(saved.error());
  RunSummary summary;
  summary.held = frontier_.held();
  if (wish != Stop::kNo) {
    summary.outcome = RunOutcome::kInterrupted;
  } else if (limit_reached_) {
    summary.outcome = RunOutcome::kLimit;
  }
  summary.progress = progress(now);
  auto verdict = storage_.end_run(summary.outcome, counters_, now);
  if (!verdict) return tl::unexpected(std::move(verdict.error()));
  summary.verdict = std::move(*verdict);
  return summary;
}

bool Engine::may_lease(Instant now, Stop stop) {
  if (stop != Stop::kNo) return false;
  // A limit only counts as reached when it kept something from being fetched.
  if (options_.max_time && now - started_ >= *options_.max_time) {
    limit_reached_ = !frontier_.finished();
    return false;
  }
  if (options_.max_pages && counters_.pages >= *options_.max_pages) {
    limit_reached_ = frontier_.queued() > 0;
    return false;
  }
  return true;
}

void Engine::lease(Instant now) {
  while (backend_.in_flight() < backend_.capacity()) {
    if (options_.max_pages && counters_.pages + pages_in_flight_ >= *options_.max_pages) return;
    auto request = frontier_.next(now);
    if (!request) return;
    if (request->kind == RequestKind::kPage) ++pages_in_flight_;
    backend_.submit(std::move(*request));
  }
}

// Takes what has ended from the backend to the frontier.
void Engine::collect(milliseconds max_wait) {
  for (Outcome& outcome : backend_.wait(max_wait)) {
    if (outcome.request.kind == RequestKind::kPage) --pages_in_flight_;
    frontier_.finish(std::move(outcome), clock_());
  }
  absorb();
}

// Takes what has changed from the frontier into the next transaction.
void Engine::absorb() {
  auto completions = frontier_.take_completions();
  for (Completion& completion : completions) {
    count(completion, counters_);
    if (observer_.on_completion) observer_.on_completion(completion);
  }
  std::ranges::move(completions, std::back_inserter(batch_));
}

Result<void> Engine::commit(Instant now) {
  committed_ = now;
  if (batch_.empty()) return {};
  auto saved = storage_.commit(batch_, counters_);
  batch_.clear();
  return saved;
}

Result<void> Engine::commit_and_refill(Instant now) {
  const bool due = now - committed_ >= options_.commit_interval;
  if (!due && batch_.size() < options_.commit_pages && !frontier_.starving()) return {};
  if (auto saved = commit(now); !saved) return saved;
  if (!frontier_.starving()) return {};
  return frontier_.refill(now);
}

milliseconds Engine::time_to_wait(Instant now) const {
  milliseconds wait = kMaxWait;
  if (!batch_.empty()) wait = std::min(wait, options_.commit_interval - (now - committed_));
  // A host that is due already waits for a free slot, not for time.
  const auto due = frontier_.next_due();
  if (due && *due > now) wait = std::min(wait, *due - now);
  if (frontier_.starving()) return milliseconds{0};
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
