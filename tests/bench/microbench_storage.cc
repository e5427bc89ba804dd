// Storage: commits of 64 pages to a database in memory (/dev/shm). An iteration is a page.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "scraper/frontier/key.h"
#include "storage/sqlite_storage.h"
#include "tests/bench/microbench_site.h"

namespace placer::bench {
namespace {

constexpr std::size_t kBatch = 64;

class ScratchDatabase {
 public:
  ScratchDatabase() {
    const char* folder = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
    path_ = fmt::format("{}/placer-microbench-{}.db", folder, ::getpid());
    remove();
  }
  ~ScratchDatabase() { remove(); }
  const std::string& path() const { return path_; }

 private:
  void remove() const {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path_ + end);
  }
  std::string path_;
};

std::uint64_t fingerprint_of(std::uint64_t page) { return mixed(page * 2 + 1) | 1; }

// The page's row, `links` URLs found on it, and the row of the queue that it had.
Completion completion_of(std::uint64_t page, std::uint64_t links, bool with_place, Instant at) {
  Completion completion;
  completion.at = at;
  completion.dequeue = QueueKey{1, page + 1};
  completion.page = PageStatus::kOk;
  completion.fingerprint = fingerprint_of(page);
  completion.found_on = page == 0 ? 0 : fingerprint_of((page - 1) / links);
  Request request;
  request.id = page + 1;
  request.url = kOrigin + path_of(page);
  completion.outcome = outcome_of(std::move(request), page);
  completion.outcome.links.clear();
  completion.outcome.places.clear();
  if (with_place) completion.outcome.places.push_back(place_on(page));
  for (std::uint64_t i = 1; i <= links; ++i) {
    const std::uint64_t child = page * links + i;
    QueuedUrl& url = completion.discovered.emplace_back();
    url.seq = child + 1;
    url.host = 1;
    url.url = kOrigin + path_of(child);
    url.fingerprint = fingerprint_of(child);
    url.depth = 3;
    url.found_on = completion.fingerprint;
  }
  auto& outlinks = completion.outlinks.emplace();
  for (std::uint64_t i = 0; i < kLinks; ++i) outlinks.push_back(fingerprint_of(mixed(page + i)));
  return completion;
}

// One host, whose state goes with each commit as the frontier sends it.
void PagesStored(benchmark::State& state, std::uint64_t links, bool with_places) {
  const ScratchDatabase database;
  auto storage = SqliteStorage::open(database.path(), {});
  Instant at = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  if (!storage || !(*storage)->begin_run("bench", "none", at)) return state.SkipWithError("open");
  HostState host;
  host.id = 1;
  host.host = "www.shop.example";
  host.patterns = std::string(1800, 'p');
  std::vector<Completion> batch;
  std::uint64_t page = 0;
  for (auto _ : state) {
    if (batch.size() < kBatch) {
      state.PauseTiming();
      for (; batch.size() < kBatch; ++page) {
        batch.push_back(completion_of(page, links, with_places, at));
      }
      at += std::chrono::milliseconds(20);
      batch.back().hosts.push_back(host);
      state.ResumeTiming();
    }
    if (!(*storage)->commit(batch, {})) return state.SkipWithError("commit");
    batch.clear();
  }
  state.counters["page"] = benchmark::Counter(
      static_cast<double>(page), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void PagesStored5Links(benchmark::State& state) {
  PagesStored(state, 5, false);
  state.SetLabel("64 pages a commit, 5 new URLs each; budget 15 us a page");
}
void PagesStored60Links(benchmark::State& state) {
  PagesStored(state, 60, false);
  state.SetLabel("64 pages a commit, 60 new URLs each: a first page's, not in the sum");
}
void PagesStoredWithPlace(benchmark::State& state) {
  PagesStored(state, 5, true);
  state.SetLabel("64 pages a commit, 5 new URLs and a new place each");
}
BENCHMARK(PagesStored5Links)->Unit(benchmark::kMicrosecond)->Iterations(100);
BENCHMARK(PagesStored60Links)->Unit(benchmark::kMicrosecond)->Iterations(50);
BENCHMARK(PagesStoredWithPlace)->Unit(benchmark::kMicrosecond)->Iterations(50);

}  // namespace
}  // namespace placer::bench
