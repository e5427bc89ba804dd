#include "tests/simulated_crawl.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "scraper/frontier/scope.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr int kMostRuns = 400;
// Kills and faults end after so many runs, so that every crawl does.
constexpr int kFaultyRuns = 12;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(static_cast<std::uint32_t>(seed * 2 + 1)) {}
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool percent(int chance) { return pick(0, 99) < chance; }

 private:
  std::mt19937 random_;
};

// Answers after a random time, in any order.
class SimulatedBackend : public Backend {
 public:
  SimulatedBackend(SimulatedWeb& web, SimulatedClock& clock, CrawlJudge& judge, Chance& chance)
      : web_(web),
        clock_(clock),
        judge_(judge),
        chance_(chance),
        capacity_(static_cast<std::size_t>(chance.pick(1, 8))) {}

  std::string_view name() const override { return "simulated"; }
  std::size_t capacity() const override { return capacity_; }
  std::size_t in_flight() const override { return pending_.size(); }

  void submit(Request request) override {
    judge_.submitted(request);
    const int most = chance_.percent(90) ? 60 : 1500;
    const milliseconds took(chance_.pick(0, most));
    pending_.emplace(clock_.steady + took, Exchange{clock_.steady, std::move(request)});
  }

  std::vector<Outcome> wait(milliseconds max_wait) override {
    const Instant until = clock_.steady + max_wait;
    const bool early = !pending_.empty() && pending_.begin()->first <= until;
    clock_.steady = early ? std::max(clock_.steady, pending_.begin()->first) : until;
    std::vector<Outcome> outcomes;
    while (!pending_.empty() && pending_.begin()->first <= clock_.steady) {
      const Exchange& exchange = pending_.begin()->second;
      Outcome outcome = web_.answer(exchange.request, judge_.pass());
      const auto took = std::chrono::microseconds(clock_.steady - exchange.started).count();
      outcome.timings.total = outcome.timings.first_byte = static_cast<std::uint64_t>(took);
      judge_.answered(outcome, exchange.started);
      outcomes.push_back(std::move(outcome));
      pending_.erase(pending_.begin());
    }
    return outcomes;
  }

 private:
  struct Exchange {
    Instant started;
    Request request;
  };
  SimulatedWeb& web_;
  SimulatedClock& clock_;
  CrawlJudge& judge_;
  Chance& chance_;
  std::size_t capacity_;
  std::multimap<Instant, Exchange> pending_;
};

// Fails once, at a call that the seed chooses; a commit that fails may have happened all the same,
// as when the process is killed right after it.
class FaultyStorage : public Storage {
 public:
  FaultyStorage(Storage& storage, CrawlJudge& judge, int calls, bool at_commits, bool happens)
      : storage_(storage),
        judge_(judge),
        calls_(calls),
        at_commits_(at_commits),
        happens_(happens) {}

  using Storage::begin_run;
  Result<Resumed> begin_run(const std::string& job, const std::string& backend, Instant now,
                            const RunPlan& plan) override {
    return storage_.begin_run(job, backend, now, plan);
  }
  Result<std::vector<LeasedHost>> lease_hosts(std::size_t limit) override {
    if (fails()) return fault();
    return storage_.lease_hosts(limit);
  }
  Result<std::optional<HostState>> host(std::string_view name) override {
    if (fails()) return fault();
    return storage_.host(name);
  }
  Result<std::vector<QueuedUrl>> queued(HostId host, std::uint64_t after,
                                        std::size_t limit) override {
    if (fails()) return fault();
    return storage_.queued(host, after, limit);
  }
  Result<std::vector<Known>> known(std::span<const std::uint64_t> fingerprints) override {
    if (fails()) return fault();
    return storage_.known(fingerprints);
  }
  Result<std::vector<std::uint64_t>> outlinks(std::uint64_t fingerprint) override {
    if (fails()) return fault();
    return storage_.outlinks(fingerprint);
  }
  Result<std::vector<std::optional<StoredPage>>> pages(
      std::span<const std::uint64_t> fingerprints) override {
    if (fails()) return fault();
    return storage_.pages(fingerprints);
  }
  Result<void> commit(const std::vector<Completion>& batch, const RunCounters& counters) override {
    const bool dies = at_commits_ && calls_-- == 0;
    if (dies && !happens_) return fault();
    auto done = storage_.commit(batch, counters);
    if (done) judge_.committed(batch, counters);
    return dies ? Result<void>(fault()) : done;
  }
  Result<RunVerdict> end_run(RunOutcome outcome, const RunCounters& counters,
                             Instant now) override {
    if (fails()) return fault();
    return storage_.end_run(outcome, counters, now);
  }
  std::uint64_t place_count() const override { return storage_.place_count(); }

 private:
  bool fails() { return !at_commits_ && calls_-- == 0; }
  static tl::unexpected<Error> fault() { return fail(ErrorCode::kStorage, "killed"); }

  Storage& storage_;
  CrawlJudge& judge_;
  int calls_;
  bool at_commits_;
  bool happens_;
};

class Crawl {
 public:
  Crawl(SimulatedWeb& web, std::uint64_t seed, bool faults, const std::function<Storage&()>& open)
      : web_(web), open_(open), seed_(seed), chance_(seed), faults_(faults), judge_(web, clock_) {}

  SimulatedCrawl run() {
    for (int pass = 0; pass < web_.passes; ++pass) crawl_pass();
    result_.rows = judge_.rows();
    result_.requests = judge_.requests;
    result_.complaints = std::move(judge_.complaints);
    return std::move(result_);
  }

 private:
  // To the end of a pass: of a run that ended by itself, or was killed just before it did.
  void crawl_pass() {
    ++result_.passes;
    for (int run = 0; run < kMostRuns; ++run) {
      if (run > 0) between_runs();
      if (crawl_run(faults_ && run < kFaultyRuns)) return judge_.pass_ends();
    }
    judge_.complaints.push_back("the crawl does not end: " + testing::PrintToString(judge_.rows()));
  }

  // True when that was the end of the pass.
  bool crawl_run(bool faulty) {
    const int calls = faulty && chance_.percent(80) ? chance_.pick(0, 60) : -1;
    const bool at_commits = chance_.percent(60);
    const bool happens = chance_.percent(50);
    FaultyStorage storage(open_(), judge_, at_commits && calls > 0 ? calls / 3 : calls, at_commits,
                          happens);
    RunPlan plan;
    plan.recipe = 1;
    plan.boot_id = "boot " + std::to_string(boots_);
    plan.clock_offset = clock_.offset;
    auto resumed = storage.begin_run("simulated", "simulated", wall(), plan);
    if (!resumed) {
      judge_.complaints.push_back(resumed.error().message);
      return false;
    }
    judge_.run_begins(*resumed);
    ++result_.runs;
    Frontier frontier(web_.job, web_.start, storage, std::move(*resumed), wall(), seed_);
    frontier.seed(web_.start, wall());
    SimulatedBackend backend(web_, clock_, judge_, chance_);
    EngineOptions options;
    options.commit_pages = static_cast<std::size_t>(chance_.pick(1, 32));
    options.commit_interval = milliseconds(chance_.pick(0, 300));
    if (faulty && chance_.percent(10)) {
      options.max_pages = static_cast<std::uint64_t>(chance_.pick(1, 20));
    }
    const std::atomic<Stop> stop{Stop::kNo};
    Engine engine(frontier, backend, storage, options, {}, [this] { return wall(); });
    const auto summary = engine.run(stop);
    const bool done = summary && summary->outcome == RunOutcome::kDone;
    if (done) expect_reasons(summary->held);
    if (!summary) ++result_.faults;
    if (!summary && calls < 0) judge_.complaints.push_back("a run failed without a fault");
    return done || (judge_.known() > 0 && judge_.queued() == 0);
  }

  // What a pass leaves over is what the run says it could not have; it is carried over.
  void expect_reasons(const std::vector<HeldHost>& held) {
    if (!held.empty()) result_.left_over = true;
    std::uint64_t urls = 0;
    for (const HeldHost& host : held) urls += host.urls;
    if (urls < judge_.queued()) judge_.complaints.push_back("URLs are left over without a reason");
  }

  // Time goes by; somebody may set the clock, or start the machine anew, or both.
  void between_runs() {
    clock_.steady += milliseconds(chance_.pick(0, 500));
    if (web_.slow && !chance_.percent(20)) clock_.steady += std::chrono::hours(chance_.pick(0, 20));
    if (!faults_ || !chance_.percent(30)) return;
    const milliseconds set = std::chrono::minutes(chance_.pick(-3000, 3000));
    clock_.offset += set;
    if (!chance_.percent(40)) return;
    ++boots_;
    judge_.clock_was_set(set);
  }

  Instant wall() const { return clock_.steady + clock_.offset; }

  SimulatedWeb& web_;
  const std::function<Storage&()>& open_;
  std::uint64_t seed_;
  Chance chance_;
  bool faults_;
  SimulatedClock clock_;
  CrawlJudge judge_;
  SimulatedCrawl result_;
  int boots_ = 0;
};

}  // namespace

SimulatedCrawl simulate_crawl(SimulatedWeb& web, std::uint64_t seed, bool faults,
                              const std::function<Storage&()>& open) {
  return Crawl(web, seed, faults, open).run();
}

}  // namespace placer
