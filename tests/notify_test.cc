// --notify: who is told of a run, of what, and that the web cannot speak to the shell.
#include "scraper/cli/notify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "scraper/cli/call_program.h"
#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Writes what it is told to two files.
constexpr const char* kTell =
    "env | grep ^PLACER_ > told.env; cat > told.json; echo told; echo loudly >&2";

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class NotifyTest : public testing::Test {
 protected:
  ProgramResult run(const std::string& start, const std::string& command = kTell,
                    const std::string& more = "") {
    folder_.write("job.yaml",
                  loopback_job(start) + "storage: {path: a.db, gone_after: 0}\n" + more);
    std::filesystem::remove(folder_ / "told.json");
    return run_program({PLACER_BINARY, "run", "job.yaml", "--quiet", "--notify", command, "--set",
                        "retry.attempts=1"},
                       folder_.path());
  }

  bool told() const { return std::filesystem::exists(folder_ / "told.json"); }
  nlohmann::json story() const { return nlohmann::json::parse(text_of(folder_ / "told.json")); }
  std::string environment() const { return text_of(folder_ / "told.env"); }

  TemporaryFolder folder_;
};

web::Reply broken(const web::WebRequest& request) {
  web::Reply reply;
  reply.status = request.target == "/robots.txt" ? 404 : 500;
  return reply;
}

TEST_F(NotifyTest, SaysNothingOfARunThatWentWell) {
  web::RunningServer server(web::Site::town().handler());
  const auto result = run(server.url("/"));
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_FALSE(told());
}

TEST_F(NotifyTest, TellsOfARunThatFetchedNothing) {
  web::RunningServer server(broken);
  const auto result = run(server.url("/"));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, IsEmpty()) << "standard output is for results";
  EXPECT_THAT(result.err, AllOf(HasSubstr("told\n"), HasSubstr("loudly\n")));
  EXPECT_THAT(environment(),
              AllOf(HasSubstr("PLACER_JOB=test\n"), HasSubstr("PLACER_OUTCOME=failed\n"),
                    HasSubstr("PLACER_EXIT=1\n"), HasSubstr("PLACER_ALARMS=0\n"),
                    HasSubstr("PLACER_DATABASE=" + (folder_ / "a.db") + "\n"),
                    HasSubstr("PLACER_JOB_FILE=" + (folder_ / "job.yaml") + "\n"),
                    HasSubstr("PLACER_SUMMARY=test: done in "), HasSubstr("500")));
  EXPECT_EQ(story()["job"], "test");
  EXPECT_EQ(story()["outcome"], "failed");
  EXPECT_EQ(story()["exit"], 1);
  EXPECT_EQ(story()["database"], folder_ / "a.db");
  EXPECT_THAT(story()["summary"].get<std::string>(), StartsWith("test: done in "));
  EXPECT_THAT(story()["alarms"], IsEmpty());
}

TEST_F(NotifyTest, TellsOfAnAlarmThoughTheRunWentWell) {
  std::atomic<int> day{0};
  const auto well = web::Site::town(1, 2).handler();
  const auto without_hours = web::Site::town(1, 3).handler();
  web::RunningServer server([&](const web::WebRequest& request) {
    return day == 0 ? well(request) : without_hours(request);
  });
  const std::string formats = "extract: {formats: [json-ld, microdata]}\n";
  EXPECT_EQ(run(server.url("/"), kTell, formats).status, 0);
  EXPECT_FALSE(told());
  day = 1;
  EXPECT_EQ(run(server.url("/"), kTell, formats).status, 0);
  ASSERT_TRUE(told());
  EXPECT_EQ(story()["exit"], 0);
  EXPECT_EQ(story()["outcome"], "done");
  ASSERT_EQ(story()["alarms"].size(), 1U);
  EXPECT_EQ(story()["alarms"][0]["field"], "opening_hours");
  EXPECT_THAT(environment(), AllOf(HasSubstr("PLACER_ALARMS=1\n"), HasSubstr("1 ALARM: ")));
}

TEST_F(NotifyTest, TellsOfAJobFileThatCannotBeUsed) {
  folder_.write("bad.yaml", "job: a\nstart: nowhere\n");
  const auto result =
      run_program({PLACER_BINARY, "run", "bad.yaml", "--notify", kTell}, folder_.path());
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(story()["outcome"], "unusable");
  EXPECT_EQ(story()["exit"], 2);
  EXPECT_EQ(story()["job_file"], folder_ / "bad.yaml");
}

TEST_F(NotifyTest, TellsOfEachFailedJobOfAFile) {
  web::RunningServer server(broken);
  web::RunningServer good(web::Site::town().handler());
  const std::string job = loopback_job(server.url("/"));
  const auto named = [](const std::string& name, const std::string& text) {
    return "---\njob: " + name + text.substr(text.find('\n'));
  };
  folder_.write("jobs.yaml",
                named("one", job) + named("good", loopback_job(good.url("/"))) + named("two", job));
  const auto result = run_program({PLACER_BINARY, "run", "jobs.yaml", "--quiet", "--set",
                                   "retry.attempts=1", "--notify", "echo $PLACER_JOB >> told"},
                                  folder_.path());
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(text_of(folder_ / "told"), "one\ntwo\n");
}

TEST_F(NotifyTest, ItsOwnFailureIsSaidAndChangesNothing) {
  web::RunningServer server(broken);
  const auto result = run(server.url("/"), "cat > /dev/null; exit 7");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("placer: test: --notify: the command ended with status 7\n"));
  EXPECT_THAT(run(server.url("/"), "kill -KILL $$").err, HasSubstr("status 137\n"));
}

TEST_F(NotifyTest, ACommandThatReadsNothingIsNoTrouble) {
  web::RunningServer server(broken);
  EXPECT_THAT(run(server.url("/"), ":").err, testing::Not(HasSubstr("--notify")));
}

// What a page or server says goes into PLACER_SUMMARY and JSON at most; the shell gets CMD alone.
TEST_F(NotifyTest, NothingOfTheWebIsReadByTheShell) {
  cli::RunEnding ending;
  ending.job = "test";
  ending.job_file = "job.yaml";
  ending.database = folder_ / "$(touch pwned).db";
  ending.outcome = "done";
  ending.summary = "`touch pwned`; $(touch pwned)\n\"'; touch pwned #\x1b[2J";
  ending.alarms.push_back({"`touch pwned`.example", "json-ld", "$(touch pwned)\n", 1.0, 0.0});
  ASSERT_TRUE(cli::is_trouble(ending));
  const std::string command = "cd '" + folder_.path() + "' && " +
                              "printf '%s' \"$PLACER_SUMMARY\" > told.env && cat > told.json";
  EXPECT_EQ(cli::notify(command, ending), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "pwned"));
  EXPECT_EQ(environment(), R"(`touch pwned`; $(touch pwned)\x0a"'; touch pwned #\x1b[2J)");
  EXPECT_EQ(story()["alarms"][0]["host"], "`touch pwned`.example");
  EXPECT_EQ(text_of(folder_ / "told.json").find('\n') + 1,
            std::filesystem::file_size(folder_ / "told.json"))
      << "one line";
}

TEST_F(NotifyTest, KillsACommandThatDoesNotEndWithAllItStarted) {
  cli::RunEnding ending;
  ending.exit = 1;
  const auto begin = std::chrono::steady_clock::now();
  const auto problem =
      cli::notify("sleep 600 & sleep 600", ending, {}, std::chrono::milliseconds(100));
  ASSERT_TRUE(problem);
  EXPECT_THAT(*problem, HasSubstr("was killed, as it had not ended after 100 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  EXPECT_TRUE(cli::notify("sleep 600", ending, [] { return true; })) << "nobody waits any more";
}

TEST_F(NotifyTest, IsNotForWhatAPersonStopped) {
  cli::RunEnding ending;
  ending.exit = 130;
  EXPECT_FALSE(cli::is_trouble(ending));
  ending.exit = 75;
  EXPECT_TRUE(cli::is_trouble(ending));
}

TEST(CallProgramTest, GivesInputAndCollectsOutputOfAnySize) {
  cli::ProgramCall call;
  call.arguments = {"sh", "-c", "cat; echo \"$WORD\" >&2; exit 3"};
  call.input.assign(3'000'000, 'x');
  call.environment = {"WORD=a b"};
  call.collect = true;
  const auto end = cli::call_program(call);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->status, 3);
  EXPECT_EQ(end->out, call.input);
  EXPECT_EQ(end->err, "a b\n");
}

TEST(CallProgramTest, SaysThatThereIsNoSuchProgram) {
  cli::ProgramCall call;
  call.arguments = {"no-such-program-here"};
  const auto end = cli::call_program(call);
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error(), HasSubstr("no-such-program-here"));
}

}  // namespace
}  // namespace placer
