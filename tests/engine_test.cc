#include "scraper/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "scraper/frontier/key.h"
#include "tests/memory_storage.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Answers every page with a link to the next one, each a second after it was asked.
class ChainBackend : public Backend {
 public:
  explicit ChainBackend(Instant& now) : now_(now) {}
  std::string_view name() const override { return "chain"; }
  std::size_t capacity() const override { return 4; }
  std::size_t in_flight() const override { return pending_.size(); }
  void submit(Request request) override { pending_.push_back(std::move(request)); }
  std::vector<Outcome> wait(milliseconds max_wait) override {
    ++waits;
    if (on_wait) on_wait();
    if (pending_.empty()) {
      now_ += max_wait;
      return {};
    }
    now_ += seconds(1);
    Outcome outcome;
    outcome.request = std::move(pending_.front());
    pending_.pop_front();
    outcome.status = outcome.request.kind == RequestKind::kRobots ? 404 : 200;
    if (outcome.status == 200) {
      const std::string next = "http://a.example/" + std::to_string(++pages);
      outcome.links.push_back({next, fingerprint(next), LinkKind::kAnchor, false, {}});
    }
    return {outcome};
  }

  int pages = 0;
  int waits = 0;
  std::function<void()> on_wait;

 private:
  Instant& now_;
  std::deque<Request> pending_;
};

class EngineTest : public testing::Test {
 protected:
  Result<RunSummary> run(EngineOptions options) {
    Job job;
    job.politeness.delay = milliseconds(0);
    job.scope.max_depth = 50;
    const std::vector<Url> start{*Url::parse("http://a.example/")};
    auto resumed = storage_.begin_run("test", "chain", now_);
    Frontier frontier(job, start, storage_, std::move(*resumed), now_, 1);
    frontier.seed(start, now_);
    Engine engine(frontier, backend_, storage_, options, observer_, [this] { return now_; });
    return engine.run(stop_);
  }

  Instant now_{std::chrono::hours(1000)};
  MemoryStorage storage_;
  ChainBackend backend_{now_};
  EngineObserver observer_;
  std::atomic<Stop> stop_{Stop::kNo};
};

TEST_F(EngineTest, EndsWhenNothingIsLeft) {
  const auto summary = run({});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->outcome, RunOutcome::kDone);
  EXPECT_EQ(summary->progress.counters.pages, 51U);
  EXPECT_EQ(summary->progress.counters.requests, 52U);
  EXPECT_EQ(storage_.last_outcome, RunOutcome::kDone);
}

TEST_F(EngineTest, FetchesExactlyMaxPagesAndLeavesTheRestForTheNextRun) {
  EngineOptions options;
  options.max_pages = 10;
  const auto first = run(options);
  EXPECT_EQ(first->outcome, RunOutcome::kLimit);
  EXPECT_EQ(storage_.fetched.size(), 10U);
  const auto second = run(options);
  EXPECT_EQ(second->progress.counters.pages, 10U);
  EXPECT_EQ(storage_.fetched.size(), 20U);
}

TEST_F(EngineTest, StopsLeasingAtMaxTime) {
  EngineOptions options;
  options.max_time = seconds(20);
  const auto summary = run(options);
  EXPECT_EQ(summary->outcome, RunOutcome::kLimit);
  EXPECT_LE(summary->progress.elapsed, seconds(22));
  EXPECT_FALSE(storage_.queue.empty());
}

TEST_F(EngineTest, DrainsWhatIsUnderWayWhenAskedToStop) {
  backend_.on_wait = [this] {
    if (backend_.waits == 10) stop_ = Stop::kDrain;
  };
  const auto summary = run({});
  EXPECT_EQ(summary->outcome, RunOutcome::kInterrupted);
  EXPECT_EQ(backend_.in_flight(), 0U);
  EXPECT_EQ(storage_.fetched.size(), static_cast<std::size_t>(backend_.pages));
}

TEST_F(EngineTest, LeavesAtOnceWhenAskedTwiceAndLosesNothing) {
  backend_.on_wait = [this] {
    if (backend_.waits == 10) stop_ = Stop::kNow;
  };
  const auto interrupted = run({});
  EXPECT_EQ(interrupted->outcome, RunOutcome::kInterrupted);
  EXPECT_EQ(storage_.queue.size(), 1U);
}

TEST_F(EngineTest, ReportsAFailedCommitAsTheError) {
  storage_.fail_commits = true;
  const auto summary = run({});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kStorage);
}

TEST_F(EngineTest, DoesNotSpinWhileAHostWaits) {
  EngineOptions options;
  options.max_pages = 5;
  ASSERT_TRUE(run(options));
  EXPECT_LT(backend_.waits, 20);
}

TEST_F(EngineTest, ShowsEveryCompletionBeforeItIsCommitted) {
  int pages = 0;
  observer_.on_completion = [&](const Completion& completion) {
    if (completion.page) ++pages;
  };
  ASSERT_TRUE(run({}));
  EXPECT_EQ(pages, 51);
}

}  // namespace
}  // namespace placer
