// What every backend promises (scraper/backend.h), one test body for all of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <set>

#include "backends/adaptive_backend.h"
#include "backends/process_backend.h"
#include "backends/serial_backend.h"
#include "backends/thread_backend.h"
#include "tests/scripted_fetcher.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{60'000};  // for what must come; reached only when it does not

struct Subject {
  std::string name;
  std::size_t capacity;
  std::function<std::unique_ptr<Backend>()> make;
};

// GoogleTest looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.name; }

std::unique_ptr<Backend> make_processes(std::uint32_t workers, std::uint32_t window) {
  ProcessOptions options;
  options.command = {PLACER_TEST_WORKER};
  options.workers = workers;
  options.window = window;
  return std::make_unique<ProcessBackend>(std::move(options));
}

std::unique_ptr<Backend> make_threads(std::string name, std::uint32_t workers,
                                      std::uint32_t window) {
  return std::make_unique<ThreadBackend>(scripted_worker,
                                         ThreadOptions{std::move(name), workers, window});
}

Request request(std::uint64_t id, const std::string& what) {
  Request made;
  made.id = id;
  made.url = "https://fake.test/" + what;
  return made;
}

class BackendContractTest : public testing::TestWithParam<Subject> {
 protected:
  std::unique_ptr<Backend> backend_ = GetParam().make();

  // Runs all of `requests`, never more at a time than fit.
  std::map<std::uint64_t, Outcome> run(const std::vector<Request>& requests) {
    std::map<std::uint64_t, Outcome> outcomes;
    std::size_t next = 0;
    const auto deadline = steady_clock::now() + kPatience;
    while (outcomes.size() < requests.size() && steady_clock::now() < deadline) {
      while (next < requests.size() && backend_->in_flight() < backend_->capacity()) {
        backend_->submit(requests[next++]);
      }
      for (Outcome& outcome : backend_->wait(milliseconds(100))) {
        const std::uint64_t id = outcome.request.id;
        EXPECT_TRUE(outcomes.emplace(id, std::move(outcome)).second) << "twice: " << id;
      }
      EXPECT_EQ(backend_->in_flight(), next - outcomes.size());
    }
    return outcomes;
  }

  void expect_as_scripted(const std::vector<Request>& requests) {
    const auto outcomes = run(requests);
    ASSERT_EQ(outcomes.size(), requests.size());
    for (const Request& asked : requests) {
      const auto outcome = outcomes.find(asked.id);
      ASSERT_NE(outcome, outcomes.end()) << asked.id;
      ASSERT_EQ(leaves(outcome->second), leaves(scripted_outcome(asked))) << asked.url;
    }
  }
};

TEST_P(BackendContractTest, HoldsAsManyRequestsAsItSays) {
  EXPECT_EQ(backend_->capacity(), GetParam().capacity);
  EXPECT_EQ(backend_->in_flight(), 0U);
  for (std::size_t i = 0; i < backend_->capacity(); ++i) {
    backend_->submit(request(i, "never"));
    EXPECT_EQ(backend_->in_flight(), i + 1);
  }
  EXPECT_TRUE(backend_->wait(milliseconds(0)).empty());
  EXPECT_EQ(backend_->in_flight(), backend_->capacity());
}

TEST_P(BackendContractTest, YieldsOneOutcomePerRequestFiveThousandTimes) {
  std::vector<Request> requests;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    requests.push_back(request(i, fmt::format("polls/{}?{}", i % 4, i)));
  }
  expect_as_scripted(requests);
}

TEST_P(BackendContractTest, YieldsOutcomesThatTakeTime) {
  std::vector<Request> requests;
  for (std::uint64_t i = 0; i < 100; ++i) {
    requests.push_back(request(1000 - i, fmt::format("ms/{}?{}", i % 7, i)));
  }
  expect_as_scripted(requests);
}

TEST_P(BackendContractTest, KeepsEveryFieldBitForBit) {
  Request full = request(UINT64_MAX, "full?\xF0\x9F\x8D\xB0\xFF");
  full.kind = RequestKind::kSitemap;
  full.depth = UINT32_MAX;
  full.attempt = 7;
  full.redirects = 3;
  full.validators = {"\"a\"", "b"};
  expect_as_scripted({full, request(1, "ms/1")});
}

TEST_P(BackendContractTest, CarriesLargeOutcomesBesideSmallOnes) {
  std::vector<Request> requests;
  for (std::uint64_t i = 0; i < 4; ++i) {
    requests.push_back(request(2 * i, "big/5000000?" + std::to_string(i)));
    requests.push_back(request(2 * i + 1, "polls/1?" + std::to_string(i)));
  }
  expect_as_scripted(requests);
}

TEST_P(BackendContractTest, PassesErrorsOn) {
  std::vector<Request> requests;
  for (std::uint64_t i = 0; i < 20; ++i) requests.push_back(request(i, fmt::format("error/{}", i)));
  expect_as_scripted(requests);
}

TEST_P(BackendContractTest, MakesAnExceptionInTheWorkerAnOutcome) {
  std::vector<Request> requests;
  for (std::uint64_t i = 0; i < 6; ++i) requests.push_back(request(i, "throw"));
  for (const auto& [id, outcome] : run(requests)) {
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, ErrorCode::kWorkerCrashed);
    EXPECT_NE(outcome.error->message.find("scripted"), std::string::npos) << outcome.error->message;
    EXPECT_NE(outcome.error->message.find("https://fake.test/throw"), std::string::npos);
  }
  expect_as_scripted({request(7, "polls/1")});
}

TEST_P(BackendContractTest, RunsASuspectAloneSoThatOnlyItIsBlamed) {
  if (backend_->capacity() == 1) GTEST_SKIP() << "one request at a time anyway";
  Request suspect = request(0, "throw");
  suspect.crashes = 1;
  std::vector<Request> requests;
  for (std::uint64_t i = 1; i < 200; ++i) {
    requests.push_back(request(i, fmt::format("ms/1?{}", i)));
    if (i == 50) requests.push_back(suspect);
  }
  for (const auto& [id, outcome] : run(requests)) EXPECT_EQ(outcome.error.has_value(), id == 0);
}

TEST_P(BackendContractTest, ReturnsAtOnceWhenAskedNotToWait) {
  for (std::size_t i = 0; i < backend_->capacity(); ++i) backend_->submit(request(i, "never"));
  const auto begin = steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(backend_->wait(milliseconds(0)).empty());
  EXPECT_LT(steady_clock::now() - begin, milliseconds(1000));
}

TEST_P(BackendContractTest, WaitsAsLongAsAskedWhenNothingComes) {
  for (const bool idle : {true, false}) {
    if (!idle) backend_->submit(request(1, "never"));
    const auto begin = steady_clock::now();
    EXPECT_TRUE(backend_->wait(milliseconds(60)).empty());
    const auto waited = steady_clock::now() - begin;
    EXPECT_GE(waited, milliseconds(59));
    EXPECT_LT(waited, milliseconds(5000));
  }
}

TEST_P(BackendContractTest, EndsTheWaitWhenAnOutcomeComes) {
  backend_->submit(request(1, "ms/20"));
  const auto begin = steady_clock::now();
  EXPECT_EQ(backend_->wait(kPatience).size(), 1U);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(10'000));
}

TEST_P(BackendContractTest, EndsPromptlyWithWorkInFlight) {
  for (std::size_t i = 0; i < backend_->capacity(); ++i) backend_->submit(request(i, "never"));
  EXPECT_TRUE(backend_->wait(milliseconds(50)).empty());
  const auto begin = steady_clock::now();
  backend_.reset();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(1000));
}

INSTANTIATE_TEST_SUITE_P(
    Backends, BackendContractTest,
    testing::Values(Subject{"Serial", 1,
                            [] { return std::make_unique<SerialBackend>(scripted_worker); }},
                    Subject{"Async", 64, [] { return make_threads("async", 2, 32); }},
                    Subject{"Adaptive", 64,
                            [] {
                              return std::make_unique<AdaptiveBackend>(scripted_worker, "async", 2,
                                                                       64, nullptr);
                            }},
                    Subject{"Threads", 8, [] { return make_threads("threads", 8, 1); }},
                    Subject{"Processes", 3, [] { return make_processes(3, 1); }},
                    Subject{"ProcessesWithWindow", 8, [] { return make_processes(2, 4); }}),
    [](const auto& subject) { return subject.param.name; });

}  // namespace
}  // namespace placer
