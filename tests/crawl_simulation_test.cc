// A whole crawl in one thread on a seeded web, with a made-up clock: frontier, engine and a storage
// model. Checks that nothing is lost or fetched twice, that the account holds at every commit and
// that politeness is kept, also when the crawl is killed at random commits and resumed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>

#include "scraper/engine.h"
#include "scraper/frontier/key.h"
#include "storage/sqlite_storage.h"
#include "tests/memory_storage.h"
#include "tests/program.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDelay{100};

struct FakePage {
  std::vector<std::string> links;
  int failures = 0;  // transient ones before it answers
};

// Hosts with pages that link to each other at random; every page is reachable from a start page.
class FakeWeb {
 public:
  explicit FakeWeb(std::uint64_t seed) : random_(static_cast<std::uint32_t>(seed)) {
    const int hosts = pick(1, 4);
    const int pages = pick(1, 400);
    std::vector<std::string> urls;
    for (int i = 0; i < pages; ++i) {
      std::string url = "http://h" + std::to_string(i < hosts ? i : pick(0, hosts - 1)) +
                        ".example/" + std::to_string(i);
      if (i < hosts) {
        start.push_back(url);
      } else {
        pages_[urls[static_cast<std::size_t>(pick(0, i - 1))]].links.push_back(url);
      }
      pages_[url].failures = pick(0, 9) == 0 ? pick(1, 2) : 0;
      urls.push_back(url);
    }
    for (auto& [url, page] : pages_) {
      const int extra = pick(0, 5);
      for (int i = 0; i < extra; ++i) {
        page.links.push_back(urls[static_cast<std::size_t>(pick(0, pages - 1))]);
      }
    }
  }

  Outcome answer(const Request& request) {
    Outcome outcome;
    outcome.request = request;
    if (request.kind == RequestKind::kRobots) {
      outcome.status = 404;
      return outcome;
    }
    FakePage& page = pages_.at(request.url);
    if (page.failures > 0) {
      --page.failures;
      outcome.status = 500;
      return outcome;
    }
    outcome.status = 200;
    for (const std::string& href : page.links) {
      outcome.links.push_back({href, fingerprint(href), LinkKind::kAnchor, false, {}});
    }
    return outcome;
  }

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  std::size_t size() const { return pages_.size(); }

  std::vector<std::string> start;

 private:
  std::mt19937 random_;
  std::map<std::string, FakePage> pages_;
};

// Answers after a random time, in any order, and watches politeness.
class FakeBackend : public Backend {
 public:
  FakeBackend(FakeWeb& web, Instant& now, std::map<std::string, Instant>& last_start)
      : web_(web), now_(now), last_start_(last_start) {}

  std::string_view name() const override { return "fake"; }
  std::size_t capacity() const override { return 8; }
  std::size_t in_flight() const override { return pending_.size(); }

  void submit(Request request) override {
    const std::string host(split_href(request.url).host);
    const auto [last, is_first] = last_start_.try_emplace(host, now_);
    if (!is_first) {
      EXPECT_GE(now_ - last->second, kDelay) << request.url << " came too early";
      last->second = now_;
    }
    for (const auto& [due, other] : pending_) {
      EXPECT_NE(split_href(other.url).host, host) << "two requests at once";
    }
    pending_.emplace(now_ + milliseconds(web_.pick(0, 500)), std::move(request));
  }

  std::vector<Outcome> wait(milliseconds max_wait) override {
    const Instant until = now_ + max_wait;
    if (pending_.empty() || pending_.begin()->first > until) {
      now_ = until;
      return {};
    }
    now_ = std::max(now_, pending_.begin()->first);
    std::vector<Outcome> outcomes;
    while (!pending_.empty() && pending_.begin()->first <= now_) {
      outcomes.push_back(web_.answer(pending_.begin()->second));
      pending_.erase(pending_.begin());
    }
    return outcomes;
  }

 private:
  FakeWeb& web_;
  Instant& now_;
  std::map<std::string, Instant>& last_start_;
  std::multimap<Instant, Request> pending_;
};

// Dies after a number of commits, like a process that is killed: that commit is the last.
class Mortal : public Storage {
 public:
  Mortal(Storage& storage, int lives) : storage_(storage), lives_(lives) {}

  using Storage::begin_run;
  Result<Resumed> begin_run(const std::string& job, const std::string& backend, Instant now,
                            const RunPlan& plan) override {
    return storage_.begin_run(job, backend, now, plan);
  }
  Result<std::vector<LeasedHost>> lease_hosts(std::size_t limit) override {
    return storage_.lease_hosts(limit);
  }
  Result<std::optional<HostState>> host(std::string_view name) override {
    return storage_.host(name);
  }
  Result<std::vector<Known>> known(std::span<const std::uint64_t> fingerprints) override {
    return storage_.known(fingerprints);
  }
  Result<std::vector<std::uint64_t>> outlinks(std::uint64_t fingerprint) override {
    return storage_.outlinks(fingerprint);
  }
  Result<std::vector<std::optional<StoredPage>>> pages(
      std::span<const std::uint64_t> fingerprints) override {
    return storage_.pages(fingerprints);
  }
  Result<std::vector<QueuedUrl>> queued(HostId host, std::uint64_t after,
                                        std::size_t limit) override {
    return storage_.queued(host, after, limit);
  }
  Result<void> commit(const std::vector<Completion>& batch, const RunCounters& counters) override {
    if (lives_-- <= 0) return fail(ErrorCode::kStorage, "killed");
    return storage_.commit(batch, counters);
  }
  Result<RunVerdict> end_run(RunOutcome outcome, const RunCounters& counters,
                             Instant now) override {
    return storage_.end_run(outcome, counters, now);
  }
  std::uint64_t place_count() const override { return storage_.place_count(); }

 private:
  Storage& storage_;
  int lives_;
};

// Crawls `web` to its end through kills at random commits. `open` gives the storage as a new
// process would find it.
void crawl_through_kills(FakeWeb& web, std::uint64_t seed, const std::function<Storage&()>& open) {
  Instant now{std::chrono::hours(1000)};
  std::map<std::string, Instant> last_start;
  Job job;
  job.politeness.delay = kDelay;
  job.scope.max_depth = 1000;
  job.retry.backoff = milliseconds(50);
  std::vector<Url> start;
  for (const std::string& url : web.start) start.push_back(*Url::parse(url));
  const std::atomic<Stop> stop{Stop::kNo};
  bool done = false;
  for (int run = 0; run < 1000 && !done; ++run) {
    Mortal storage(open(), run < 50 ? web.pick(1, 40) : 1'000'000);
    auto resumed = storage.begin_run("sim", "fake", now);
    ASSERT_TRUE(resumed.has_value());
    if (run > 0 && resumed->fresh) break;  // it had ended just before the kill
    Frontier frontier(job, start, storage, std::move(*resumed), now, seed);
    frontier.seed(start, now);
    FakeBackend backend(web, now, last_start);
    Engine engine(frontier, backend, storage, {}, {}, [&now] { return now; });
    done = engine.run(stop).has_value();
  }
}

// Checks the account at every commit.
class AccountedStorage : public MemoryStorage {
 public:
  Result<void> commit(const std::vector<Completion>& batch, const RunCounters& counters) override {
    auto done = MemoryStorage::commit(batch, counters);
    EXPECT_EQ(accounted(), seen.size()) << "discovered = fetched + queued + filtered";
    return done;
  }
};

class CrawlSimulationTest : public testing::TestWithParam<int> {};

TEST_P(CrawlSimulationTest, FetchesEveryPageOncePolitelyThroughAnyNumberOfKills) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  FakeWeb web(seed);
  AccountedStorage storage;
  crawl_through_kills(web, seed, [&storage]() -> Storage& { return storage; });
  EXPECT_EQ(storage.fetched.size(), web.size()) << "seed " << seed;
  EXPECT_TRUE(storage.queue.empty());
  EXPECT_EQ(storage.seen.size(), web.size());
  for (const auto& [url, status] : storage.fetched) {
    EXPECT_EQ(storage.fetched.count(url), 1U) << url;
    EXPECT_EQ(status, PageStatus::kOk) << url;
  }
}

TEST_P(CrawlSimulationTest, DoesTheSameOnSqlite) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  FakeWeb web(seed);
  const TemporaryFolder folder;
  const std::string path = folder / "sim.db";
  std::unique_ptr<SqliteStorage> storage;
  crawl_through_kills(web, seed, [&]() -> Storage& {
    storage.reset();  // closes without ending the run
    storage = std::move(*SqliteStorage::open(path, {path, Durability::kNormal}));
    return *storage;
  });
  storage.reset();
  EXPECT_EQ(query_lines(path, "SELECT count(*), count(DISTINCT url) FROM page WHERE status = 'ok'"),
            std::vector{std::to_string(web.size()) + "|" + std::to_string(web.size())});
  EXPECT_EQ(query_lines(path, "SELECT count(*) FROM queue"), std::vector<std::string>{"0"});
}

INSTANTIATE_TEST_SUITE_P(Seeds, CrawlSimulationTest, testing::Range(0, 40));

}  // namespace
}  // namespace placer
