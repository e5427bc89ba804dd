// The contract of Storage (scraper/storage.h): SQLite and the model in memory are told the same
// seeded random things, of the kind that a frontier says, and answer every question in the same
// way; also after kills. What a second run does to the first, and the set of URLs seen beyond what
// fits into memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <unordered_map>

#include "storage/seen_store.h"
#include "tests/memory_storage.h"
#include "tests/storage_support.h"
#include "tests/twin_storage.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr int kHosts = 5;
constexpr std::uint64_t kUrls = 60;

// Says and asks what a frontier might, and keeps to its side of the contract: it queues what is
// new, ends what is queued, and counts.
class RandomFrontier {
 public:
  explicit RandomFrontier(std::uint32_t seed) : random_(seed) {}

  void begin(Storage& storage) {
    RunPlan plan;
    plan.recipe = static_cast<std::uint64_t>(pick(1, 2));
    plan.boot_id = chance(80) ? "boot" : "";
    offset_ += milliseconds(chance(30) ? pick(-9'000'000, 9'000'000) : pick(-900, 900));
    plan.clock_offset = offset_;
    auto resumed = storage.begin_run("job", "serial", now(), plan);
    ASSERT_TRUE(resumed.has_value());
    next_seq_ = resumed->next_seq;
    hosts_.clear();
    queue_.clear();
    for (int h = 0; h < kHosts; ++h) ask_for_queue(storage, h);
    counters_ = {};
    EXPECT_TRUE(!resumed->fresh || queue_.empty());
    EXPECT_EQ(resumed->queued, queue_.size());
  }

  void step(Storage& storage) {
    now_ += milliseconds(pick(0, 2000));
    switch (pick(0, 9)) {
      case 0:
        return lease(storage);
      case 1:
        return ask_for_queue(storage, pick(0, kHosts - 1));
      case 2:
        return ask_for_urls(storage);
      default:
        return commit(storage);
    }
  }

  Instant now() const { return now_; }
  const RunCounters& counters() const { return counters_; }
  bool chance(int percent) { return pick(0, 99) < percent; }
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

 private:
  static std::string name_of(int host) { return "h" + std::to_string(host) + ".test"; }

  void lease(Storage& storage) {
    auto leased = storage.lease_hosts(static_cast<std::size_t>(pick(1, 4)));
    ASSERT_TRUE(leased.has_value());
    for (const LeasedHost& host : *leased) hosts_[host.state.host] = host.state;
  }

  // All of it, in windows.
  void ask_for_queue(Storage& storage, int number) {
    auto host = storage.host(name_of(number));
    ASSERT_TRUE(host.has_value());
    if (!*host) return;
    hosts_[name_of(number)] = **host;
    std::uint64_t after = 0;
    while (true) {
      const auto limit = static_cast<std::size_t>(pick(1, 7));
      auto rows = storage.queued((*host)->id, after, limit);
      ASSERT_TRUE(rows.has_value());
      for (const QueuedUrl& row : *rows) queue_[row.fingerprint] = row;
      if (rows->size() < limit) return;
      after = rows->back().seq;
    }
  }

  void ask_for_urls(Storage& storage) {
    std::vector<std::uint64_t> fingerprints;
    for (std::uint64_t n = 1; n <= kUrls; ++n) {
      if (chance(40)) fingerprints.push_back(fingerprint_of(n));
    }
    std::ranges::sort(fingerprints);
    ASSERT_TRUE(storage.known(fingerprints).has_value());
    ASSERT_TRUE(storage.pages(fingerprints).has_value());
    if (fingerprints.empty()) return;
    ASSERT_TRUE(storage.outlinks(fingerprints[0]).has_value());
  }

  HostState& host_of(int number) {
    HostState& host = hosts_[name_of(number)];
    host.id = static_cast<HostId>(number + 1);
    host.host = name_of(number);
    return host;
  }
  static std::uint64_t fingerprint_of(std::uint64_t n) { return n * 0x9E3779B97F4A7C15U; }
  static int host_number(std::uint64_t n) { return static_cast<int>(n % kHosts); }

  void commit(Storage& storage) {
    std::vector<Completion> batch;
    const int size = pick(1, 6);
    std::vector<std::uint64_t> all;
    for (std::uint64_t n = 1; n <= kUrls; ++n) all.push_back(fingerprint_of(n));
    std::ranges::sort(all);
    auto known = storage.known(all);
    ASSERT_TRUE(known.has_value());
    for (std::size_t i = 0; i < all.size(); ++i) known_[all[i]] = (*known)[i];
    for (int i = 0; i < size; ++i) {
      Completion& completion = batch.emplace_back();
      completion.at = now_;
      if (!queue_.empty() && chance(60)) end_one(completion);
      discover(completion);
      if (chance(20)) completion.origin = origin(pick(0, kHosts - 1));
    }
    for (auto& [name, host] : hosts_) {
      if (chance(70)) disturb(host);
      batch.back().hosts.push_back(host);
    }
    EXPECT_TRUE(storage.commit(batch, counters_).has_value());
  }

  void end_one(Completion& completion) {
    auto row = queue_.begin();
    std::advance(row, pick(0, static_cast<int>(queue_.size()) - 1));
    QueuedUrl& url = row->second;
    completion.outcome.request.url = url.url;
    completion.outcome.request.id = 1;
    completion.outcome.request.depth = url.depth;
    if (chance(25)) {
      ++url.attempts;
      url.crashes += chance(20) ? 1 : 0;
      url.not_before = now_ + milliseconds(pick(0, 100'000));
      completion.requeue = url;
      return;
    }
    completion.dequeue = QueueKey{url.host, url.seq};
    completion.fingerprint = url.fingerprint;
    HostState& host = host_of(static_cast<int>(url.host) - 1);
    --host.queued;
    if (chance(10)) {
      --host.accepted;
      completion.filtered.push_back({FilterReason::kRobots, url.url, url.fingerprint});
      known_[url.fingerprint] = {true, FilterReason::kRobots, std::nullopt};
    } else {
      ++host.fetched;
      answer(completion, url);
    }
    queue_.erase(row);
  }

  void answer(Completion& completion, const QueuedUrl& url) {
    Outcome& outcome = completion.outcome;
    completion.page = static_cast<PageStatus>(chance(80) ? 0 : pick(1, 5));
    completion.found_on = url.found_on;
    outcome.status = 200;
    outcome.unmodified = url.on_record && completion.page == PageStatus::kOk && chance(50);
    outcome.content_hash = static_cast<std::uint64_t>(pick(0, 3));
    if (chance(50)) outcome.validators.etag = "e" + std::to_string(pick(0, 3));
    if (chance(30)) outcome.validators.last_modified = "m" + std::to_string(pick(0, 3));
    if (chance(85)) {
      auto& links = completion.outlinks.emplace();
      for (int i = pick(0, 5); i > 0; --i) {
        links.push_back(fingerprint_of(static_cast<std::uint64_t>(pick(1, kUrls))));
      }
    }
    ++counters_.pages;
  }

  void discover(Completion& completion) {
    for (int i = pick(0, 5); i > 0; --i) {
      const auto n = static_cast<std::uint64_t>(pick(1, kUrls));
      Known& known = known_[fingerprint_of(n)];
      const bool again = known.filtered_as && may_be_reconsidered(*known.filtered_as);
      if (known.found && !again) continue;
      QueuedUrl url;
      url.url = "https://" + name_of(host_number(n)) + "/" + std::to_string(n);
      url.fingerprint = fingerprint_of(n);
      if (!again && chance(20)) {
        const auto reason = static_cast<FilterReason>(pick(0, 10));
        completion.filtered.push_back({reason, url.url, url.fingerprint});
        known = {true, reason, std::nullopt};
        continue;
      }
      if (again) completion.reconsidered.emplace_back(url.fingerprint, *known.filtered_as);
      known = {true, std::nullopt, std::nullopt};
      HostState& host = host_of(host_number(n));
      ++host.queued;
      ++host.accepted;
      url.seq = next_seq_++;
      url.host = host.id;
      url.depth = static_cast<std::uint32_t>(pick(0, 9));
      url.found_on = chance(50) ? fingerprint_of(static_cast<std::uint64_t>(pick(1, kUrls))) : 0;
      url.kind = chance(10) ? RequestKind::kSitemap : RequestKind::kPage;
      url.body = chance(5) ? "{}" : "";
      completion.discovered.push_back(url);
      queue_[url.fingerprint] = url;
    }
  }

  OriginState origin(int number) {
    host_of(number);
    OriginState origin;
    origin.origin = "https://" + name_of(number) + (chance(50) ? "" : ":8443");
    origin.host = static_cast<HostId>(number + 1);
    origin.state = static_cast<RobotsState>(pick(0, 3));
    if (origin.state == RobotsState::kRules) origin.robots_txt = "User-agent: *\nDisallow: /x\n";
    origin.failures = static_cast<std::uint32_t>(pick(0, 3));
    origin.fetched_at = now_;
    origin.expires_at = now_ + milliseconds(pick(0, 1'000'000));
    return origin;
  }

  void disturb(HostState& host) {
    host.pace.next_allowed =
        now_ + milliseconds(pick(0, 10'000) * 1000 + static_cast<int>(host.id));
    host.pace.pause = milliseconds(pick(0, 10'000));
    host.pace.last_start = now_;
    host.pace.failures = static_cast<std::uint32_t>(pick(0, 12));
    ++host.pace.record.requests;
    host.pace.record.min_gap = milliseconds(pick(0, 1000));
    host.address = "192.0.2." + std::to_string(pick(1, 9));
    host.patterns = std::string("\0p", 2) + std::to_string(pick(1, 9));
    host.leased = chance(60) && host.queued > 0;
  }

  std::minstd_rand random_;
  Instant now_ = kNoon;
  milliseconds offset_{0};
  std::uint64_t next_seq_ = 1;
  std::map<std::string, HostState> hosts_;
  std::map<std::uint64_t, QueuedUrl> queue_;  // by fingerprint
  std::map<std::uint64_t, Known> known_;
  RunCounters counters_;
};

class StorageContractTest : public testing::TestWithParam<std::uint32_t> {
 protected:
  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "contract.db";
};

TEST_P(StorageContractTest, SqliteAnswersLikeTheModelThroughKillsAndPasses) {
  RandomFrontier frontier(GetParam());
  MemoryStorage model;
  for (int run = 0; run < 6 && !HasFailure(); ++run) {
    const auto sqlite = open_storage(path_);
    ASSERT_NE(sqlite, nullptr);
    TwinStorage both(*sqlite, model);
    ASSERT_NO_FATAL_FAILURE(frontier.begin(both));
    for (int i = frontier.pick(0, 60); i > 0 && !HasFailure(); --i) frontier.step(both);
    if (frontier.chance(50)) {
      EXPECT_TRUE(both.end_run(RunOutcome::kInterrupted, frontier.counters(), frontier.now()));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StorageContractTest, testing::Range(0U, 60U));

// Every way to change something, once another run goes on with the crawl.
void expect_fenced(Storage& storage) {
  EXPECT_FALSE(storage.commit({fetched(2)}, {}).has_value());
  EXPECT_FALSE(storage.lease_hosts(1).has_value());
  EXPECT_FALSE(storage.end_run(RunOutcome::kDone, {}, kNoon).has_value());
}

TEST(StorageFenceTest, ModelChangesNothingOnceAnotherRunHasBegun) {
  MemoryStorage storage;
  ASSERT_TRUE(storage.begin_run("job", "serial", kNoon).has_value());
  ASSERT_TRUE(storage.commit({discovered(1, 3)}, {}).has_value());
  storage.another_run_begins();
  expect_fenced(storage);
  EXPECT_EQ(storage.queue.size(), 3U);
  ASSERT_TRUE(storage.begin_run("job", "serial", kNoon).has_value());
  EXPECT_TRUE(storage.commit({fetched(2)}, {}).has_value());
}

TEST(StorageFenceTest, SqliteChangesNothingOnceAnotherRunHasBegun) {
  const TemporaryFolder folder;
  const std::string path = folder / "fence.db";
  const auto storage = open_storage(path);
  ASSERT_TRUE(storage->begin_run("job", "serial", kNoon).has_value());
  ASSERT_TRUE(storage->commit({discovered(1, 3)}, {}).has_value());
  {
    auto other = Database::open(path, Access::kWrite);
    ASSERT_TRUE(other.has_value());
    (*other)->exec("UPDATE run SET outcome = 'killed'", "burying");
    ASSERT_TRUE((*other)->status().has_value());
  }
  expect_fenced(*storage);
  EXPECT_EQ(rows(path,
                 "SELECT (SELECT count(*) FROM queue), (SELECT count(*) FROM page),"
                 " (SELECT sum(leased) FROM host), outcome FROM run"),
            "3|0|0|killed\n");
  ASSERT_TRUE(storage->begin_run("job", "serial", kNoon).has_value());
  EXPECT_TRUE(storage->commit({fetched(2)}, {}).has_value());
}

// Three times what is held in memory, so that buckets are merged and split; some transactions are
// undone, and some entries change their state.
TEST(SeenStoreTest, HoldsWhatAMapHoldsWhileBucketsMergeAndSplit) {
  constexpr std::size_t kBatch = 40'000;
  constexpr int kBatches = 40;
  const TemporaryFolder folder;
  const std::string path = folder / "seen.db";
  ASSERT_TRUE(open_storage(path)->begin_run("job", "serial", kNoon).has_value());
  auto db = *Database::open(path, Access::kWrite);
  SeenStore store(*db);
  std::unordered_map<std::uint64_t, Known> truth;
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> all;
  for (int i = 0; i < kBatches; ++i) {
    std::vector<SeenUrl> urls;
    for (std::size_t n = 0; n < kBatch; ++n) {
      const bool again = !all.empty() && random() % 10 == 0;
      const std::uint64_t fingerprint = again ? all[random() % all.size()] : random();
      std::optional<FilterReason> reason;
      if (random() % 3 == 0) reason = static_cast<FilterReason>(random() % 12);
      urls.emplace_back(fingerprint, reason);
    }
    const bool undone = i % 5 == 3 || i == 14;
    {
      Transaction transaction(*db);
      store.add(urls);
      const bool done = undone || transaction.commit().has_value();
      ASSERT_TRUE(done);
    }
    if (undone) {
      store.forget();
    } else {
      for (const auto& [fingerprint, reason] : urls) {
        truth[fingerprint] = {true, reason, std::nullopt};
      }
    }
    for (std::size_t n = 0; n < urls.size(); n += 5) all.push_back(urls[n].first);
  }
  std::ranges::sort(all);
  const auto found = store.find(all);
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < all.size(); ++n) {
    const auto entry = truth.find(all[n]);
    const bool known = entry != truth.end();
    const bool same =
        found[n].found == known && (!known || found[n].filtered_as == entry->second.filtered_as);
    wrong += same ? 0 : 1;
  }
  EXPECT_EQ(wrong, 0U) << "of " << all.size();
  EXPECT_GT(truth.size(), std::size_t{2} << 19);
}

}  // namespace
}  // namespace placer
