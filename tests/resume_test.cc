// kill -9 of the whole process group at seeded moments of a crawl, then the same command again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using testing::HasSubstr;

web::SiteOptions site_options() {
  web::SiteOptions options;
  options.seed = 5;
  options.pages = 500;
  options.json_ld = 0.9;
  options.microdata = 0.1;
  options.page_bytes = 2048;
  options.healing = 0.1;  // some URLs wait for their retry when the kill comes
  return options;
}

std::vector<std::string> command(const std::string& job, const std::string& backend,
                                 const std::string& db) {
  return {PLACER_BINARY, "run", job, "--backend", backend, "--db", db, "--log", "json"};
}

// Kills per backend; `./dev chaos` asks for many more than the everyday test.
int kills_wanted() {
  const char* wanted = std::getenv("PLACER_KILLS");
  return wanted == nullptr ? 5 : std::atoi(wanted);
}

class ResumeTest : public testing::TestWithParam<const char*> {};

TEST_P(ResumeTest, LosesAndDoublesNothingThroughKillsOfTheProcessGroup) {
  const int kills = kills_wanted();
  const web::Site site(site_options());
  web::RunningServer server(site.handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  const std::string whole = folder / "whole.db";
  ASSERT_EQ(run_program(command(folder / "job.yaml", GetParam(), whole)).status, 0);
  const auto expected = place_rows(whole);
  ASSERT_GE(expected.size(), 450U);

  std::mt19937 random(11);
  int killed = 0;
  for (int crawl = 0; killed < kills; ++crawl) {
    ASSERT_LT(crawl, 10 * kills) << "the crawls end before they can be killed";
    const std::string db = folder / ("broken" + std::to_string(crawl) + ".db");
    ProgramResult last;
    for (int run = 0;; ++run) {
      ASSERT_LT(run, 100);
      Program program(command(folder / "job.yaml", GetParam(), db));
      // About 200 bytes of log per page.
      const std::size_t moment = std::uniform_int_distribution<std::size_t>(0, 60'000)(random);
      if (killed < kills && program.wait_for_error_output(moment)) {
        program.kill_group(SIGKILL);
        ++killed;
        last = program.wait();
        if (last.status == 128 + SIGKILL) continue;
      }
      last = program.wait();
      break;
    }
    EXPECT_EQ(last.status, 0) << last.err;
    EXPECT_EQ(place_rows(db), expected) << "crawl " << crawl;
    EXPECT_EQ(query_lines(db, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
    EXPECT_EQ(query_lines(db, "SELECT count(*) FROM queue"), std::vector<std::string>{"0"});
  }
}

INSTANTIATE_TEST_SUITE_P(All, ResumeTest, testing::ValuesIn(kBackendNames),
                         [](const auto& test) { return std::string(test.param); });

// The direct children of a process.
std::vector<pid_t> children_of(pid_t pid) {
  const std::string id = std::to_string(pid);
  std::ifstream list("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

TEST(ProcessesTest, FinishesTheCrawlWhileWorkersAreBeingKilled) {
  const web::Site site(site_options());
  web::RunningServer server(site.handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  ASSERT_EQ(run_program(command(folder / "job.yaml", "serial", folder / "whole.db")).status, 0);

  Program program(command(folder / "job.yaml", "processes", folder / "p.db"));
  int deaths = 0;
  // A worker dies every 20 pages or so.
  for (std::size_t bytes = 4'000; program.wait_for_error_output(bytes); bytes += 4'000) {
    const auto children = children_of(program.pid());
    if (children.empty()) continue;
    if (kill(children[bytes / 4'000 % children.size()], SIGKILL) == 0) ++deaths;
  }
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_GE(deaths, 10);
  EXPECT_EQ(place_rows(folder / "p.db"), place_rows(folder / "whole.db"));
  EXPECT_EQ(query_lines(folder / "p.db", "SELECT count(*) FROM page WHERE status <> 'ok'"),
            std::vector<std::string>{"0"});
}

TEST(InterruptTest, FirstSignalDrainsSavesAndExitsWith130) {
  web::SiteOptions options = site_options();
  options.latency = std::chrono::milliseconds(20);
  const web::Site site(options);
  web::RunningServer server(site.handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  for (const char* backend : kBackendNames) {
    const std::string db = folder / (std::string(backend) + ".db");
    Program program(command(folder / "job.yaml", backend, db));
    ASSERT_TRUE(program.wait_for_error_output(2'000));
    program.kill_group(SIGINT);
    const ProgramResult result = program.wait();
    EXPECT_EQ(result.status, 130) << backend << result.err;
    EXPECT_THAT(result.err, HasSubstr("\"outcome\":\"interrupted\"")) << backend;
    EXPECT_NE(query_lines(db, "SELECT count(*) FROM queue"), std::vector<std::string>{"0"});
    EXPECT_EQ(run_program(command(folder / "job.yaml", backend, db)).status, 0);
    EXPECT_EQ(query_lines(db, "SELECT count(*) FROM queue"), std::vector<std::string>{"0"});
    EXPECT_EQ(query_lines(db, "SELECT count(*) FROM page"), std::vector<std::string>{"500"});
  }
}

TEST(LockTest, SecondRunOnOneDatabaseExitsWith75) {
  const web::Site site = web::Site::slow(1, std::chrono::seconds(60));
  web::RunningServer server(site.handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/slow/1")));
  Program first(command(folder / "job.yaml", "serial", folder / "a.db"));
  ASSERT_TRUE(first.wait_for_error_output(10));
  const ProgramResult second = run_program(command(folder / "job.yaml", "serial", folder / "a.db"));
  EXPECT_EQ(second.status, 75) << second.err;
}

}  // namespace
}  // namespace placer
