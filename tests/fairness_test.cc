// A host with many pages does not keep those with few from being fetched.
//
// The clock is made up; PLACER_TEST_HOSTS, a number of small hosts, asks for a larger crawl (1000:
// beside them one of 100,000 pages).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <string>

#include "scraper/engine.h"
#include "scraper/frontier/key.h"
#include "tests/storage_support.h"
#include "tests/temporary_folder.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kDelay{1};
constexpr std::size_t kPagesOfSmall = 10;

// Answers each request after 20 ms. The page "/" of a host links to all its others, N for a host
// called "N-....example"; there is no robots.txt.
class LatentBackend : public Backend {
 public:
  explicit LatentBackend(Instant& now) : now_(now) {}
  std::string_view name() const override { return "latent"; }
  std::size_t capacity() const override { return 400; }
  std::size_t in_flight() const override { return pending_.size(); }

  void submit(Request request) override {
    pending_.push_back({now_ + milliseconds(20), std::move(request)});
  }

  std::vector<Outcome> wait(milliseconds max_wait) override {
    const Instant until = now_ + max_wait;
    if (pending_.empty() || pending_.front().due > until) {
      now_ = until;
      return {};
    }
    now_ = std::max(now_, pending_.front().due);
    std::vector<Outcome> outcomes;
    while (!pending_.empty() && pending_.front().due <= now_) {
      outcomes.push_back(answer(std::move(pending_.front().request)));
      pending_.pop_front();
    }
    return outcomes;
  }

  struct Visited {
    std::size_t pages = 0;
    Instant last{};
  };
  std::map<std::string, Visited> hosts;

 private:
  struct Pending {
    Instant due;
    Request request;
  };

  Outcome answer(Request request) {
    Outcome outcome;
    outcome.request = std::move(request);
    outcome.status = outcome.request.kind == RequestKind::kRobots ? 404 : 200;
    if (outcome.status == 404) return outcome;
    const auto url = Url::parse(outcome.request.url);
    const std::string host(url->host());
    Visited& visited = hosts[host];
    ++visited.pages;
    visited.last = now_;
    if (url->path_and_query() != "/") return outcome;
    const int pages = std::atoi(host.c_str());
    for (int page = 1; page < pages; ++page) {
      outcome.links.push_back(
          link_to(*Url::parse("http://" + host + "/" + std::to_string(page)), LinkKind::kAnchor));
    }
    return outcome;
  }

  Instant& now_;
  std::deque<Pending> pending_;
};

class FairnessTest : public testing::Test {
 protected:
  // From the start page of each host; true when the crawl came to its end.
  bool crawl(const std::vector<std::string>& hosts) {
    Job job;
    job.name = "test";
    job.politeness.delay = kDelay;
    job.scope.max_pages = 10'000'000;
    std::vector<Url> start;
    for (const std::string& host : hosts) start.push_back(*Url::parse("http://" + host + "/"));
    const auto storage = open_storage(folder_ / "a.db");
    auto resumed = storage->begin_run("test", "latent", now_, RunPlan{});
    if (!resumed) return false;
    Frontier frontier(job, start, *storage, std::move(*resumed), now_, 1);
    frontier.seed(start, now_);
    Engine engine(frontier, backend_, *storage, {}, {}, [this] { return now_; });
    const std::atomic<Stop> stop{Stop::kNo};
    const auto summary = engine.run(stop);
    return summary && summary->outcome == RunOutcome::kDone;
  }

  TemporaryFolder folder_;
  Instant now_ = kNoon;
  LatentBackend backend_{now_};
};

TEST_F(FairnessTest, SmallHostsEndAsIfTheLargeOneWereNotThere) {
  const char* wish = std::getenv("PLACER_TEST_HOSTS");
  const int small = wish == nullptr ? 100 : std::atoi(wish);
  const std::string large = std::to_string(small * (wish == nullptr ? 20 : 100)) + "-large.example";
  // The large one first: its pages stand before all others in the order of discovery.
  std::vector<std::string> hosts{large};
  for (int i = 0; i < small; ++i) {
    hosts.push_back(std::to_string(kPagesOfSmall) + "-small" + std::to_string(i) + ".example");
  }
  ASSERT_TRUE(crawl(hosts));
  Instant last{};
  for (const auto& [host, visited] : backend_.hosts) {
    if (host == large) continue;
    EXPECT_EQ(visited.pages, kPagesOfSmall);
    last = std::max(last, visited.last);
  }
  const auto took = last - kNoon;
  std::cout << small << " hosts of 10 pages beside one of " << std::atoi(large.c_str())
            << ": the last of them ends after " << took.count() << " ms\n";
  // robots.txt and ten pages are ten delays.
  EXPECT_LE(took, kDelay * 10 + kDelay);
  // And they do not keep the large one waiting.
  const auto& visited = backend_.hosts[large];
  EXPECT_LE(visited.last - kNoon, kDelay * visited.pages * 11 / 10);
}

// Those without a place on the workbench get one when others have had their turn.
TEST_F(FairnessTest, MoreHostsThanTheWorkbenchHoldsAreAllServed) {
  if (std::getenv("PLACER_TEST_HOSTS") == nullptr) GTEST_SKIP() << "takes half a minute";
  std::vector<std::string> hosts;
  for (int i = 0; i < 10'600; ++i) {
    const std::string pages = i < 10'100 ? "1" : "3";
    hosts.push_back(pages + "-host" + std::to_string(i) + ".example");
  }
  hosts.insert(hosts.begin(), "300-large.example");
  ASSERT_TRUE(crawl(hosts));
  EXPECT_EQ(backend_.hosts.size(), hosts.size());
  EXPECT_EQ(rows(folder_ / "a.db", "SELECT count(*), (SELECT count(*) FROM queue) FROM page"),
            "11900|0\n");
}

}  // namespace
}  // namespace placer
