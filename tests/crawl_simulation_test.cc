// Thousands of whole crawls on seeded webs, each in one thread with a made-up clock: redirects,
// robots.txt in all its forms, sitemaps, refusals, dead workers, several passes; with kills, faults
// of the storage and a clock that is set. A judge that knows the truth checks each of them.
//
// PLACER_CRAWLS=N: so many of them. PLACER_SEED=N: only the one with this seed.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "storage/sqlite_storage.h"
#include "tests/memory_storage.h"
#include "tests/simulated_crawl.h"
#include "tests/temporary_folder.h"
#include "tests/twin_storage.h"

namespace placer {
namespace {

constexpr std::uint64_t kCrawls = 10'000;
constexpr int kShares = 8;                // of the crawls: programs that ctest can run side by side
constexpr std::uint64_t kEveryNth = 20;   // runs on SQLite and the model at the same time
constexpr std::size_t kMostFailures = 3;  // are shown

std::optional<std::uint64_t> number_of(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

struct Tally {
  std::uint64_t crawls = 0;
  std::uint64_t on_sqlite = 0;
  std::uint64_t unbroken = 0;
  std::uint64_t runs = 0;
  std::uint64_t faults = 0;
  std::uint64_t passes = 0;
  std::uint64_t requests = 0;
  std::size_t failures = 0;
};

SimulatedCrawl crawl_in_memory(std::uint64_t seed, bool faults) {
  SimulatedWeb web(seed);
  MemoryStorage storage;
  return simulate_crawl(web, seed, faults, [&]() -> Storage& { return storage; });
}

SimulatedCrawl crawl_on_sqlite(std::uint64_t seed) {
  SimulatedWeb web(seed);
  const TemporaryFolder folder;
  const std::string path = folder / "crawl.db";
  MemoryStorage model;
  std::unique_ptr<SqliteStorage> storage;
  std::unique_ptr<TwinStorage> both;
  return simulate_crawl(web, seed, true, [&]() -> Storage& {
    storage.reset();  // closes without ending the run
    storage = std::move(*SqliteStorage::open(path, {path, Durability::kNormal}));
    both = std::make_unique<TwinStorage>(*storage, model);
    return *both;
  });
}

// Where nothing depends on the order in which pages are found, kills and faults must not show in
// what is left in the end.
void compare_with_unbroken(std::uint64_t seed, SimulatedCrawl& crawl, Tally& tally) {
  const SimulatedWeb web(seed);
  const bool gives_up = std::ranges::any_of(
      web.pages, [&](const SimulatedPage& page) { return web.may_be_left(page); });
  if (web.ordered || web.slow || gives_up) return;
  ++tally.unbroken;
  SimulatedCrawl unbroken = crawl_in_memory(seed, false);
  // When a robots.txt was had decides what is left for a later pass.
  if (unbroken.left_over || crawl.left_over) return;
  // What an unmodified page leads to is not filtered anew, and kills decide who is read anew.
  if (web.passes > 1) {
    const auto is_filtered = [](const std::string& row) { return row.ends_with(" filtered"); };
    std::erase_if(unbroken.rows, is_filtered);
    std::erase_if(crawl.rows, is_filtered);
  }
  if (unbroken.rows == crawl.rows) return;
  crawl.complaints.push_back(
      "an unbroken crawl ends with other rows: " + testing::PrintToString(unbroken.rows) +
      ", not " + testing::PrintToString(crawl.rows));
}

void run_seed(std::uint64_t seed, Tally& tally) {
  const bool sqlite = seed % kEveryNth == 0;
  SimulatedCrawl crawl = sqlite ? crawl_on_sqlite(seed) : crawl_in_memory(seed, true);
  if (seed % 4 == 1 || sqlite) compare_with_unbroken(seed, crawl, tally);
  ++tally.crawls;
  tally.on_sqlite += sqlite ? 1 : 0;
  tally.runs += crawl.runs;
  tally.faults += crawl.faults;
  tally.passes += crawl.passes;
  tally.requests += crawl.requests;
  if (crawl.complaints.empty()) return;
  ++tally.failures;
  std::string text;
  for (const std::string& complaint : crawl.complaints) text += "\n  " + complaint;
  ADD_FAILURE() << "crawl " << seed << ":" << text << "\nto see it again:\nPLACER_SEED=" << seed
                << ' ' << program_invocation_name << " --gtest_filter='*CrawlsOfSeeds/0'";
}

class CrawlSimulationTest : public testing::TestWithParam<int> {};

TEST_P(CrawlSimulationTest, KeepsEveryPromiseInTheCrawlsOfSeeds) {
  // Each frontier has a cache of 2 MiB: kept by the allocator instead of given back to the system.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  Tally tally;
  if (const auto seed = number_of("PLACER_SEED")) {
    if (GetParam() == 0) run_seed(*seed, tally);
    return;
  }
  const std::uint64_t crawls = number_of("PLACER_CRAWLS").value_or(kCrawls);
  const auto share = static_cast<std::uint64_t>(GetParam());
  const std::uint64_t end = crawls * (share + 1) / kShares;
  for (std::uint64_t seed = crawls * share / kShares; seed < end; ++seed) {
    run_seed(seed, tally);
    if (tally.failures == kMostFailures) break;
  }
  std::cout << tally.crawls << " crawls (" << tally.on_sqlite << " on SQLite, " << tally.unbroken
            << " beside unbroken ones): " << tally.passes << " passes, " << tally.runs << " runs, "
            << tally.faults << " kills and faults, " << tally.requests << " requests, "
            << tally.failures << " failed\n";
}

INSTANTIATE_TEST_SUITE_P(Shares, CrawlSimulationTest, testing::Range(0, kShares));

}  // namespace
}  // namespace placer
