// Which backend a job gets, and which worker a request.
#include "backends/backends.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/assigner.h"

namespace placer {
namespace {

using testing::HasSubstr;
using testing::Not;

Job job_of_hosts(int hosts) {
  Job job;
  for (int i = 0; i < hosts; ++i) job.start.push_back({fmt::format("https://h{}.test/", i), {}});
  return job;
}

TEST(BackendChoiceTest, TakesSerialForOneHostAskedPolitely) {
  const auto choice = choose_backend(job_of_hosts(1), 8);
  EXPECT_EQ(choice.kind, BackendKind::kSerial);
  EXPECT_EQ(choice.workers, 1U);
  EXPECT_THAT(choice.reason, HasSubstr("one host"));
}

TEST(BackendChoiceTest, CountsHostsNotStartUrls) {
  Job job = job_of_hosts(1);
  job.start.push_back({"https://H0.test/other", {}});
  EXPECT_EQ(choose_backend(job, 8).kind, BackendKind::kSerial);
  job.scope.hosts = {"a.test", "b.test"};
  EXPECT_EQ(choose_backend(job, 8).kind, BackendKind::kAsync);
}

TEST(BackendChoiceTest, LetsThePagesOfManyHostsDecideUpToEveryCore) {
  const auto choice = choose_backend(job_of_hosts(5000), 4, 100'000);
  EXPECT_EQ(choice.kind, BackendKind::kAsync);
  EXPECT_TRUE(choice.adaptive);
  EXPECT_EQ(choice.workers, 4U);
  EXPECT_EQ(choice.window, 5000U);
  EXPECT_THAT(choice.reason, HasSubstr("as the pages ask for it, up to 4 event loops"));
}

TEST(BackendChoiceTest, SpreadsAsyncOverTheCoresWhenTheJobAsksForIt) {
  Job job = job_of_hosts(5000);
  job.backend.kind = BackendKind::kAsync;
  EXPECT_FALSE(choose_backend(job, 4).adaptive);
  EXPECT_EQ(choose_backend(job, 4).workers, 4U);
  EXPECT_EQ(choose_backend(job, 4).window, 256U);
  job.backend.kind = BackendKind::kAuto;
  job.backend.window = 100;
  EXPECT_FALSE(choose_backend(job, 4).adaptive);
  EXPECT_EQ(choose_backend(job, 4).workers, 4U);
}

TEST(BackendChoiceTest, LeavesRoomForOtherFilesThanSockets) {
  EXPECT_EQ(choose_backend(job_of_hosts(50'000), 2, 20'000).window, 10'000U);
  EXPECT_EQ(choose_backend(job_of_hosts(50'000), 2, 4096).window, 3840U);
  EXPECT_EQ(choose_backend(job_of_hosts(50'000), 2, 64).window, 32U);
}

TEST(BackendChoiceTest, SaysThatSoManyFilesCannotBeOpen) {
  Job job = job_of_hosts(20'000);
  job.backend = {.kind = BackendKind::kAsync, .workers = 1, .window = 10'000};
  EXPECT_THAT(choose_backend(job, 2, 4096).reason, HasSubstr("only 4096 files"));
  EXPECT_THAT(choose_backend(job, 2, 20'000).reason, Not(HasSubstr("files")));
}

TEST(BackendChoiceTest, HoldsNoMoreThanPolitenessAllows) {
  const auto choice = choose_backend(job_of_hosts(5), 2);
  EXPECT_EQ(choice.kind, BackendKind::kAsync);
  EXPECT_EQ(choice.window, 5U);
  EXPECT_THAT(choice.reason, HasSubstr("5 requests"));
  Job job = job_of_hosts(5);
  job.backend.workers = 2;
  EXPECT_EQ(choose_backend(job, 2).window, 3U);
}

TEST(BackendChoiceTest, CannotCountHostsOfAPattern) {
  Job job = job_of_hosts(1);
  job.scope.hosts = {"*.example.org"};
  EXPECT_EQ(choose_backend(job, 2, 100'000).window, 10'000U);
}

TEST(BackendChoiceTest, KeepsWhatTheJobStates) {
  Job job = job_of_hosts(1);
  job.backend = {.kind = BackendKind::kProcesses, .workers = 7, .window = 2};
  const auto choice = choose_backend(job, 2);
  EXPECT_EQ(choice.kind, BackendKind::kProcesses);
  EXPECT_EQ(choice.workers, 7U);
  EXPECT_EQ(choice.window, 2U);
  job.backend.kind = BackendKind::kAuto;
  EXPECT_EQ(choose_backend(job, 2).kind, BackendKind::kAsync);
  EXPECT_FALSE(choose_backend(job, 2).adaptive);
}

TEST(BackendChoiceTest, FillsInUsualNumbers) {
  Job job = job_of_hosts(100);
  job.backend.kind = BackendKind::kThreads;
  EXPECT_EQ(choose_backend(job, 2).workers, 16U);
  job.backend.kind = BackendKind::kProcesses;
  EXPECT_EQ(choose_backend(job, 8).workers, 16U);
  EXPECT_EQ(choose_backend(job, 8).window, 1U);
}

TEST(BackendChoiceTest, NamesEveryKind) {
  EXPECT_EQ(backend_name(BackendKind::kAuto), "auto");
  EXPECT_EQ(backend_name(BackendKind::kSerial), "serial");
  EXPECT_EQ(backend_name(BackendKind::kThreads), "threads");
  EXPECT_EQ(backend_name(BackendKind::kProcesses), "processes");
  EXPECT_EQ(backend_name(BackendKind::kAsync), "async");
}

Request request(std::uint64_t id, std::uint32_t crashes = 0) {
  Request made;
  made.id = id;
  made.crashes = crashes;
  return made;
}

// "id>worker id>worker ..." of what goes out now.
std::string assigned(Assigner& assigner, const std::vector<WorkerLoad>& loads) {
  std::string text;
  for (const auto& [worker, placed] : assigner.assign(loads)) {
    text += fmt::format("{}>{} ", placed.id, worker);
  }
  return text;
}

TEST(BackendAssignerTest, GivesTheNextRequestToTheLeastLoadedWorker) {
  Assigner assigner(3);
  for (std::uint64_t id = 1; id <= 5; ++id) assigner.add(request(id));
  EXPECT_EQ(assigned(assigner, {{true, 2, false}, {true, 0, false}, {false, 0, false}}),
            "1>1 2>1 3>0 4>1 ");
  EXPECT_EQ(assigner.size(), 1U);
}

TEST(BackendAssignerTest, KeepsTheLeastLoadedWorkerFreeForASuspect) {
  Assigner assigner(4);
  assigner.add(request(1, /*crashes=*/1));
  assigner.add(request(2));
  EXPECT_EQ(assigned(assigner, {{true, 2, false}, {true, 1, false}}), "2>0 ");
  assigner.add(request(3));
  EXPECT_EQ(assigned(assigner, {{true, 3, false}, {true, 0, false}}), "1>1 3>0 ");
}

TEST(BackendAssignerTest, AddsNothingToAWorkerWithASuspect) {
  Assigner assigner(4);
  assigner.add(request(1));
  EXPECT_EQ(assigned(assigner, {{true, 1, true}}), "");
}

TEST(BackendAssignerTest, TreatsSuspectsAsOthersWhereEachRequestRunsAlone) {
  Assigner assigner(1);
  assigner.add(request(1));
  assigner.add(request(2, /*crashes=*/1));
  EXPECT_EQ(assigned(assigner, {{true, 0, false}, {true, 0, false}}), "1>0 2>1 ");
}

}  // namespace
}  // namespace placer
