// The engine's thread: what it does for each page while workers run elsewhere. An iteration is a
// crawl; `page` is the thread's CPU time for each page of it.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <deque>
#include <filesystem>
#include <unordered_set>

#include "backends/thread_backend.h"
#include "scraper/engine.h"
#include "scraper/frontier/frontier.h"
#include "storage/sqlite_storage.h"
#include "tests/bench/microbench_site.h"

namespace placer::bench {
namespace {

std::uint64_t page_of(std::string_view url) {
  std::uint64_t page = 0;
  const std::string_view text = url.substr(url.rfind('/') + 1);
  std::from_chars(text.data(), text.data() + text.size(), page);
  return page;
}

// Answers each request at the next poll.
class InstantFetcher final : public Fetcher {
 public:
  void start(Request request) override { requests_.push_back(std::move(request)); }
  std::vector<Fetched> poll(std::chrono::milliseconds, int) override {
    std::vector<Fetched> answers;
    for (Request& request : requests_) {
      const std::uint64_t page = page_of(request.url);
      answers.emplace_back().outcome = outcome_of(std::move(request), page);
    }
    requests_.clear();
    return answers;
  }
  std::size_t in_flight() const override { return requests_.size(); }

 private:
  std::vector<Request> requests_;
};

// The same on the engine's own thread, from outcomes made before: what is left is the frontier.
class PreparedBackend final : public Backend {
 public:
  explicit PreparedBackend(std::vector<Outcome>& outcomes) : outcomes_(outcomes) {}
  std::string_view name() const override { return "prepared"; }
  std::size_t capacity() const override { return 64; }
  std::size_t in_flight() const override { return requests_.size(); }
  void submit(Request request) override { requests_.push_back(std::move(request)); }
  std::vector<Outcome> wait(std::chrono::milliseconds) override {
    std::vector<Outcome> answers;
    for (Request& request : requests_) {
      const bool robots = request.kind == RequestKind::kRobots;
      const std::uint64_t page = page_of(request.url);
      if (robots || page >= outcomes_.size()) {
        answers.push_back(outcome_of(std::move(request), 0));
        if (!robots) answers.back().links.clear();
        continue;
      }
      answers.push_back(std::move(outcomes_[page]));
      answers.back().request = std::move(request);
    }
    requests_.clear();
    return answers;
  }

 private:
  std::vector<Outcome>& outcomes_;
  std::vector<Request> requests_;
};

// Keeps one host's queue in memory, and nothing else.
class QueueInMemory final : public Storage {
 public:
  Result<Resumed> begin_run(const std::string&, const std::string&, Instant,
                            const RunPlan&) override {
    return Resumed{};
  }
  Result<std::vector<LeasedHost>> lease_hosts(std::size_t) override {
    std::vector<LeasedHost> hosts;
    if (!host_.leased && host_.queued > 0) hosts.push_back({host_, {}});
    return hosts;
  }
  Result<std::optional<HostState>> host(std::string_view) override {
    return host_.id == 0 ? std::nullopt : std::optional(host_);
  }
  Result<std::vector<QueuedUrl>> queued(HostId, std::uint64_t after, std::size_t limit) override {
    std::vector<QueuedUrl> rows;
    while (!queue_.empty() && rows.size() < limit) {
      if (queue_.front().seq > after) rows.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return rows;
  }
  Result<std::vector<Known>> known(std::span<const std::uint64_t> fingerprints) override {
    std::vector<Known> known(fingerprints.size());
    for (std::size_t i = 0; i < known.size(); ++i) known[i].found = seen_.contains(fingerprints[i]);
    return known;
  }
  Result<std::vector<std::uint64_t>> outlinks(std::uint64_t) override {
    return std::vector<std::uint64_t>{};
  }
  Result<std::vector<std::optional<StoredPage>>> pages(
      std::span<const std::uint64_t> fingerprints) override {
    return std::vector<std::optional<StoredPage>>(fingerprints.size());
  }
  Result<void> commit(const std::vector<Completion>& batch, const RunCounters&) override {
    for (const Completion& completion : batch) {
      for (const QueuedUrl& url : completion.discovered) {
        queue_.push_back(url);
        seen_.insert(url.fingerprint);
      }
      if (!completion.hosts.empty()) host_ = completion.hosts.back();
    }
    return {};
  }
  Result<RunVerdict> end_run(RunOutcome, const RunCounters&, Instant) override {
    return RunVerdict{};
  }
  std::uint64_t place_count() const override { return 0; }

 private:
  HostState host_;
  std::deque<QueuedUrl> queue_;
  std::unordered_set<std::uint64_t> seen_;
};

Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Job bench_job() {
  Job job;
  job.name = "bench";
  job.politeness.delay = std::chrono::milliseconds(0);
  job.politeness.per_host = 64;
  job.scope.max_depth = 1000;
  job.scope.max_pages = job.scope.max_pages_per_host = 1'000'000;
  return job;
}

double thread_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Seconds of this thread's CPU until the last page had ended, before places are put together;
// nothing when the crawl failed.
std::optional<double> crawl(Backend& backend, Storage& storage, std::uint64_t pages) {
  const Job job = bench_job();
  auto resumed = storage.begin_run(job.name, "bench", now());
  if (!resumed) return std::nullopt;
  const double begin = thread_cpu_seconds();
  std::optional<double> took;
  std::uint64_t ended = 0;
  const std::vector<Url> start = {*Url::parse(kOrigin + path_of(0))};
  Frontier frontier(job, start, storage, *resumed, now(), 1);
  frontier.seed(start, now());
  EngineOptions limits;
  limits.max_pages = pages;
  EngineObserver observer;
  observer.on_completion = [&](const Completion& completion) {
    if (completion.page && ++ended == pages) took = thread_cpu_seconds() - begin;
  };
  const std::atomic<Stop> stop{Stop::kNo};
  auto summary = Engine(frontier, backend, storage, limits, observer, now).run(stop);
  return summary ? took : std::nullopt;
}

void report(benchmark::State& state, std::uint64_t pages) {
  state.counters["page"] =
      benchmark::Counter(static_cast<double>(pages) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// No thread, no storage.
void LinksJudged(benchmark::State& state) {
  constexpr std::uint64_t kPages = 5000;
  for (auto _ : state) {
    std::vector<Outcome> outcomes;
    for (std::uint64_t page = 0; page < kPages; ++page) {
      outcomes.push_back(outcome_of(Request{}, page));
    }
    PreparedBackend backend(outcomes);
    QueueInMemory storage;
    const auto took = crawl(backend, storage, kPages);
    if (!took) return state.SkipWithError("crawl");
    state.SetIterationTime(*took);
  }
  report(state, kPages);
  state.SetLabel("frontier: 63 links, 60 known; budget 10 us a page");
}
BENCHMARK(LinksJudged)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(4);

// With storage and a thread that does nothing but answer: all that the engine's thread does.
void EngineThread(benchmark::State& state) {
  constexpr std::uint64_t kPages = 10'000;
  const char* folder = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
  const std::string path = fmt::format("{}/placer-microbench-engine-{}.db", folder, ::getpid());
  const auto remove = [&path] {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  };
  for (auto _ : state) {
    remove();
    auto storage = SqliteStorage::open(path, {});
    const auto worker = [] {
      return std::make_unique<Worker>(std::make_unique<InstantFetcher>(),
                                      std::vector<std::unique_ptr<Extractor>>(), WorkerOptions{});
    };
    ThreadBackend backend(worker, {"async", 1, 64});
    const auto took = storage ? crawl(backend, **storage, kPages) : std::nullopt;
    if (!took) return state.SkipWithError("crawl");
    state.SetIterationTime(*took);
  }
  remove();
  report(state, kPages);
  state.SetLabel("frontier, storage, hand-over; a place on every other page: at most 100 us");
}
BENCHMARK(EngineThread)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(3);

// What goes through a thread's inbox and back, 64 at a time.
void HandedOver(benchmark::State& state) {
  const auto worker = [] {
    return std::make_unique<Worker>(std::make_unique<InstantFetcher>(),
                                    std::vector<std::unique_ptr<Extractor>>(), WorkerOptions{});
  };
  ThreadBackend backend(worker, {"async", 1, 64});
  Request robots;  // its answer costs the thread next to nothing
  robots.kind = RequestKind::kRobots;
  robots.url = kOrigin + std::string("/robots.txt");
  std::uint64_t done = 0;
  for (auto _ : state) {
    while (backend.in_flight() < backend.capacity()) backend.submit(robots);
    done += backend.wait(std::chrono::milliseconds(100)).size();
  }
  state.counters["page"] = benchmark::Counter(
      static_cast<double>(done), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetLabel("engine's side of a hand-over; budget 3 us a page");
}
BENCHMARK(HandedOver)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace placer::bench
