// Child processes that crash, hang, are killed or cannot be started.
#include "backends/process_backend.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <stdexcept>

#include "tests/scripted_fetcher.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr milliseconds kPatience{60'000};  // for what must come; reached only when it does not

ProcessOptions options(std::uint32_t workers = 1, std::string job_text = "") {
  ProcessOptions made;
  made.command = {PLACER_TEST_WORKER};
  made.job_text = std::move(job_text);
  made.workers = workers;
  return made;
}

Request request(std::uint64_t id, const std::string& what) {
  Request made;
  made.id = id;
  made.url = "https://fake.test/" + what;
  return made;
}

Outcome next_outcome(Backend& backend) {
  const auto deadline = steady_clock::now() + kPatience;
  while (steady_clock::now() < deadline) {
    auto outcomes = backend.wait(milliseconds(100));
    if (!outcomes.empty()) return std::move(outcomes.front());
  }
  ADD_FAILURE() << "no outcome came";
  return {};
}

Outcome run_one(Backend& backend, const std::string& what) {
  backend.submit(request(1, what));
  return next_outcome(backend);
}

void expect_lost(const Outcome& outcome, ErrorCode code, const std::string& how) {
  ASSERT_TRUE(outcome.error) << how;
  EXPECT_EQ(outcome.error->code, code) << outcome.error->message;
  EXPECT_THAT(outcome.error->message, HasSubstr(how));
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

void expect_no_children() {
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(ProcessBackendTest, SaysHowAWorkerDiedOfARequest) {
  ProcessBackend backend(options());
  const pid_t pid = backend.children().at(0);
  const Outcome outcome = run_one(backend, "segv");
  EXPECT_EQ(outcome.request.url, "https://fake.test/segv");
  EXPECT_EQ(outcome.error->message,
            fmt::format("worker 0 (pid {}) died of SIGSEGV on https://fake.test/segv", pid));
  expect_lost(outcome, ErrorCode::kWorkerCrashed, "SIGSEGV");
  expect_lost(run_one(backend, "abort"), ErrorCode::kWorkerCrashed, "worker 1");
  expect_lost(run_one(backend, "abort"), ErrorCode::kWorkerCrashed, "SIGABRT");
  expect_lost(run_one(backend, "exit/3"), ErrorCode::kWorkerCrashed, "exited with status 3");
  expect_lost(run_one(backend, "exit/0"), ErrorCode::kWorkerCrashed, "exited with status 0");
  EXPECT_FALSE(run_one(backend, "polls/2").error);
}

TEST(ProcessBackendTest, TakesABrokenStreamForACrash) {
  ProcessBackend backend(options());
  expect_lost(run_one(backend, "garbage"), ErrorCode::kWorkerCrashed, "wire version");
  expect_lost(run_one(backend, "close"), ErrorCode::kWorkerCrashed, "closed its socket");
  EXPECT_FALSE(run_one(backend, "polls/2").error);
}

TEST(ProcessBackendTest, StopsARequestThatWantsAllMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "shadow memory leaves no room for a limit of the address space";
#endif
  ProcessOptions small = options();
  small.process_memory = 512ULL << 20;
  ProcessBackend backend(small);
  const pid_t before = backend.children().at(0);
  expect_lost(run_one(backend, "allocate"), ErrorCode::kWorkerCrashed, "bad_alloc");
  EXPECT_NE(run_one(backend, "pid").address, std::to_string(before));
}

TEST(ProcessBackendTest, KillsAWorkerThatHangs) {
  ProcessOptions brisk = options();
  brisk.page_deadline = milliseconds(300);
  ProcessBackend backend(brisk);
  expect_lost(run_one(backend, "wedge"), ErrorCode::kWorkerCrashed, "hung");
  EXPECT_FALSE(run_one(backend, "polls/2").error);
}

TEST(ProcessBackendTest, LetsASlowServerTakeLongerThanTheDeadlineOfAHang) {
  ProcessOptions brisk = options();
  brisk.page_deadline = milliseconds(1000);
  ProcessBackend backend(brisk);
  EXPECT_FALSE(run_one(backend, "ms/1500").error);
}

// A Ctrl-Z stops engine and children; time goes on meanwhile.
TEST(ProcessBackendTest, CountsNoSilenceWhileNobodyListens) {
  ProcessOptions brisk = options();
  brisk.page_deadline = milliseconds(1000);
  ProcessBackend backend(brisk);
  kill(backend.children().at(0), SIGSTOP);
  backend.submit(request(1, "polls/1"));
  poll(nullptr, 0, 1100);
  kill(backend.children().at(0), SIGCONT);
  EXPECT_FALSE(next_outcome(backend).error);
}

TEST(ProcessBackendTest, BlamesNoPageForAKillFromOutside) {
  ProcessBackend backend(options());
  for (const int number : {SIGKILL, SIGTERM, SIGHUP}) {
    EXPECT_FALSE(run_one(backend, "polls/1").error);
    backend.submit(request(1, "never"));
    kill(backend.children().at(0), number);
    expect_lost(next_outcome(backend), ErrorCode::kWorkerKilled, "on https://fake.test/never");
  }
}

TEST(ProcessBackendTest, LeavesCtrlCToTheEngine) {
  ProcessBackend backend(options());
  const pid_t server = backend.fork_server();
  backend.submit(request(1, "ms/50"));
  kill(backend.children().at(0), SIGINT);
  kill(server, SIGINT);
  EXPECT_FALSE(next_outcome(backend).error);
  expect_lost(run_one(backend, "segv"), ErrorCode::kWorkerCrashed, "SIGSEGV");
  EXPECT_FALSE(run_one(backend, "polls/1").error);
  EXPECT_EQ(backend.fork_server(), server);
}

TEST(ProcessBackendTest, NeedsItsForkServerForNewWorkersOnly) {
  ProcessBackend backend(options());
  const std::string worker = run_one(backend, "pid").address;
  const pid_t server = backend.fork_server();
  kill(server, SIGKILL);
  EXPECT_EQ(run_one(backend, "pid").address, worker);
  expect_lost(run_one(backend, "segv"), ErrorCode::kWorkerCrashed, "SIGSEGV");
  const Outcome outcome = run_one(backend, "pid");
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_NE(outcome.address, worker);
  EXPECT_NE(backend.fork_server(), server);
}

TEST(ProcessBackendTest, GoesOnWithItsWorkersWhileAForkServerIsStopped) {
  const std::size_t before = open_descriptors();
  {
    ProcessBackend backend(options(4));
    EXPECT_FALSE(run_one(backend, "polls/1").error);
    kill(backend.fork_server(), SIGSTOP);
    for (std::uint64_t i = 1; i <= 4; ++i) backend.submit(request(i, "polls/1"));
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(next_outcome(backend).error);
    EXPECT_EQ(backend.children().size(), 1U);
  }
  EXPECT_EQ(open_descriptors(), before);
  expect_no_children();
}

TEST(ProcessBackendTest, KnowsTheCauseEvenWhereSigchldIsIgnored) {
  const auto before = signal(SIGCHLD, SIG_IGN);
  {
    ProcessBackend backend(options());
    expect_lost(run_one(backend, "segv"), ErrorCode::kWorkerCrashed, "SIGSEGV");
  }
  signal(SIGCHLD, before);
}

// Reliability: canary pages in a crawl, a kill after every 20 outcomes, now and then of the fork
// server.
TEST(ProcessBackendTest, FinishesTwoThousandRequestsWhileWorkersAreKilled) {
  constexpr std::uint64_t kRequests = 2000;
  std::mt19937_64 random(42);
  ProcessBackend backend(options(3));
  std::deque<Request> waiting;
  for (std::uint64_t i = 0; i < kRequests; ++i) {
    waiting.push_back(request(i, i % 100 == 99 ? "segv" : fmt::format("polls/{}?{}", i % 3, i)));
  }
  std::set<std::uint64_t> done;
  std::set<std::uint64_t> crashed;
  std::uint64_t killed = 0;
  std::uint64_t outcomes = 0;
  const auto deadline = steady_clock::now() + kPatience;
  while (done.size() + crashed.size() < kRequests && steady_clock::now() < deadline) {
    while (!waiting.empty() && backend.in_flight() < backend.capacity()) {
      backend.submit(std::move(waiting.front()));
      waiting.pop_front();
    }
    for (Outcome& outcome : backend.wait(milliseconds(100))) {
      const std::uint64_t id = outcome.request.id;
      if (!outcome.error) {
        EXPECT_TRUE(done.insert(id).second);
      } else if (outcome.error->code == ErrorCode::kWorkerCrashed) {
        EXPECT_TRUE(crashed.insert(id).second);
      } else {
        ++killed;
        waiting.push_back(std::move(outcome.request));
      }
      const auto children = backend.children();
      if (++outcomes % 20 == 0 && !children.empty()) {
        const std::size_t victim = random() % (children.size() + 1);
        const pid_t pid = victim < children.size() ? children[victim] : backend.fork_server();
        if (pid > 0) kill(pid, SIGKILL);
      }
    }
  }
  EXPECT_EQ(done.size(), kRequests - kRequests / 100);
  EXPECT_EQ(crashed.size(), kRequests / 100);
  for (const std::uint64_t id : crashed) EXPECT_EQ(id % 100, 99U);
  EXPECT_GT(killed, 10U);
}

TEST(ProcessBackendTest, ReplacesAWorkerAfterSoManyPages) {
  ProcessOptions short_lived = options(2);
  short_lived.pages_per_process = 10;
  ProcessBackend backend(short_lived);
  std::set<std::string> pids;
  for (int i = 0; i < 200; ++i) {
    const Outcome outcome = run_one(backend, "pid");
    ASSERT_FALSE(outcome.error);
    pids.insert(outcome.address);
  }
  EXPECT_GE(pids.size(), 18U);  // 11 pages each at most
  EXPECT_LE(pids.size(), 24U);
}

TEST(ProcessBackendTest, StartsNoMoreChildrenThanThereIsWorkFor) {
  ProcessBackend backend(options(8));
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(run_one(backend, "polls/1").error);
  EXPECT_EQ(backend.children().size(), 1U);
}

TEST(ProcessBackendTest, LeavesNoChildAndNoDescriptorBehind) {
  const std::size_t before = open_descriptors();
  {
    ProcessOptions short_lived = options(4);
    short_lived.pages_per_process = 2;
    ProcessBackend backend(short_lived);
    for (const char* what : {"polls/1", "segv", "exit/1", "throw", "polls/1", "polls/1"}) {
      run_one(backend, what);
    }
    for (std::uint64_t i = 0; i < 4; ++i) backend.submit(request(i, "never"));
    backend.wait(milliseconds(20));
  }
  EXPECT_EQ(open_descriptors(), before);
  expect_no_children();
}

TEST(ProcessBackendTest, GivesAChildNothingButItsSocketAndStandardStreams) {
  const int ours = open("/dev/null", O_RDONLY);  // inheritable: no O_CLOEXEC
  ASSERT_GE(ours, 0);
  ProcessBackend backend(options());
  EXPECT_EQ(run_one(backend, "fds").address, "0 1 2 3 ");
  close(ours);
}

TEST(ProcessBackendTest, KeepsAWorkersPrintingOffStandardOutput) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  {
    ProcessBackend backend(options());
    run_one(backend, "print");
    run_one(backend, "exit/0");
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  testing::internal::GetCapturedStderr();
}

TEST(ProcessBackendTest, RefusesToBeginWithAProgramThatCannotBeStarted) {
  const std::size_t before = open_descriptors();
  const auto message_of = [](ProcessOptions broken) -> std::string {
    try {
      ProcessBackend backend(std::move(broken));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "started";
  };
  ProcessOptions missing = options();
  missing.command = {"/nonexistent/placer", "worker"};
  EXPECT_THAT(message_of(missing), HasSubstr("(/nonexistent/placer)"));
  EXPECT_THAT(message_of(missing), HasSubstr("could not be executed"));
  EXPECT_THAT(message_of(options(1, "die")), HasSubstr("exited with status 9"));
  EXPECT_THAT(message_of(options(1, "refuse")), HasSubstr("refused as ordered"));
  EXPECT_EQ(open_descriptors(), before);
  expect_no_children();
}

TEST(ProcessBackendTest, KeepsTryingWhenReplacementsCannotBeStarted) {
  const std::string permit = testing::TempDir() + fmt::format("permit-{}", getpid());
  std::ofstream(permit).put('x');
  ProcessBackend backend(options(1, "once " + permit));
  kill(backend.fork_server(), SIGKILL);
  expect_lost(run_one(backend, "segv"), ErrorCode::kWorkerCrashed, "SIGSEGV");
  expect_lost(run_one(backend, "polls/1"), ErrorCode::kWorkerKilled,
              "no worker process can be started");
  std::ofstream(permit).put('x');
  EXPECT_FALSE(run_one(backend, "polls/1").error);
}

TEST(ProcessBackendTest, LetsNoWorkerOutliveTheEngine) {
  int report[2];
  ASSERT_EQ(pipe(report), 0);
  const pid_t engine = fork();
  ASSERT_GE(engine, 0);
  if (engine == 0) {
    ProcessBackend backend(options());
    backend.submit(request(1, "wedge"));  // notices nothing by itself
    backend.wait(milliseconds(20));
    kill(backend.fork_server(), SIGSTOP);  // nor does this one
    const pid_t pids[] = {backend.children().at(0), backend.fork_server()};
    [[maybe_unused]] const ssize_t n = write(report[1], pids, sizeof pids);
    for (;;) pause();
  }
  pid_t pids[2] = {};
  ASSERT_EQ(read(report[0], pids, sizeof pids), static_cast<ssize_t>(sizeof pids));
  pollfd ended[2] = {};
  for (int i = 0; i < 2; ++i) {
    ended[i] = {static_cast<int>(syscall(SYS_pidfd_open, pids[i], 0)), POLLIN, 0};
    ASSERT_GE(ended[i].fd, 0);
  }
  kill(engine, SIGKILL);
  waitpid(engine, nullptr, 0);
  for (pollfd& one : ended) EXPECT_EQ(poll(&one, 1, 10'000), 1);
  for (const int fd : {ended[0].fd, ended[1].fd, report[0], report[1]}) close(fd);
}

}  // namespace
}  // namespace placer
