// The backend that `auto` runs: numbers that follow the pages.
#include "backends/adaptive_backend.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/scripted_fetcher.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class AdaptiveBackendTest : public testing::Test {
 protected:
  // Runs `count` pages that each do `what`, as many at a time as the backend takes; true when each
  // yielded one outcome.
  bool run(int count, const std::string& what) {
    std::set<std::uint64_t> ended;
    int next = 0;
    for (int rounds = 0; static_cast<int>(ended.size()) < count && rounds < 100'000; ++rounds) {
      while (next < count && backend_.in_flight() < backend_.capacity()) {
        Request request;
        request.id = static_cast<std::uint64_t>(++next);
        request.url = fmt::format("https://fake.test/{}?{}", what, next);
        backend_.submit(std::move(request));
      }
      for (const Outcome& outcome : backend_.wait(milliseconds(100))) {
        if (!ended.insert(outcome.request.id).second) return false;
      }
    }
    return static_cast<int>(ended.size()) == count && backend_.in_flight() == 0;
  }

  std::vector<std::string> changes_;
  AdaptiveBackend backend_{scripted_worker, "async", 2, 1024,
                           [this](const std::string& why) { changes_.push_back(why); }};
};

TEST_F(AdaptiveBackendTest, TakesMoreAtATimeWhenPagesMostlyWait) {
  EXPECT_EQ(backend_.capacity(), 256U);
  EXPECT_TRUE(run(1000, "ms/60"));
  EXPECT_GT(backend_.capacity(), 256U);
  EXPECT_LE(backend_.capacity(), 1024U);
  ASSERT_FALSE(changes_.empty());
  EXPECT_THAT(changes_[0], HasSubstr("event loop"));
}

TEST_F(AdaptiveBackendTest, ChangesNothingWhileThereIsLittleToDo) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(run(20, "ms/5"));
  EXPECT_EQ(backend_.capacity(), 256U);
  EXPECT_TRUE(changes_.empty());
}

TEST(ThreadBackendTest, GivesRequestsOnlyToTheThreadsInUse) {
  ThreadBackend backend(scripted_worker, {"async", 4, 100});
  backend.use(2, 3);
  for (std::uint64_t id = 0; id < 7; ++id) {
    Request request;
    request.id = id;
    request.url = fmt::format("https://fake.test/{}?{}", id < 6 ? "never" : "ms/1", id);
    backend.submit(std::move(request));
  }
  EXPECT_TRUE(backend.wait(milliseconds(30)).empty());  // two threads of three hold all they may
  backend.use(2, 4);
  EXPECT_TRUE(backend.wait(milliseconds(0)).empty());  // now the last one is handed out
  EXPECT_EQ(backend.wait(milliseconds(10'000)).size(), 1U);
}

TEST(ThreadBackendTest, KnowsWhatItsThreadsHaveUsed) {
  ThreadBackend backend(scripted_worker, {"threads", 2, 1});
  const auto before = backend.cpu_time();
  Request request;
  request.url = "https://fake.test/big/20000000";
  backend.submit(std::move(request));
  EXPECT_EQ(backend.wait(milliseconds(30'000)).size(), 1U);
  EXPECT_GT(backend.cpu_time(), before);
}

}  // namespace
}  // namespace placer
