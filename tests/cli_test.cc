// The program as its users meet it: exit statuses, messages, output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CliTest : public testing::Test {
 protected:
  ProgramResult placer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder_.path());
  }

  TemporaryFolder folder_;
};

TEST_F(CliTest, SuggestsTheCommandThatWasMeant) {
  const auto result = placer({"rnu"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean 'run'?"));
}

TEST_F(CliTest, SaysWhereAJobFileIsWrong) {
  folder_.write("bad.yaml", "job: a\nstart: ['http://h/']\nscope: {max_dept: 3}\n");
  const auto result = placer({"run", "bad.yaml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("bad.yaml:3:9: "), HasSubstr("did you mean 'max_depth'?")));
}

TEST_F(CliTest, SaysWhereAStartUrlIsWrong) {
  folder_.write("bad.yaml", "job: a\nstart: ['http://exa mple/']\n");
  const auto result = placer({"check", "bad.yaml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("bad.yaml:2:"));
}

TEST_F(CliTest, PrintsAResolvedJobThatLoadsAgain) {
  folder_.write("a.yaml", "job: a\nstart: ['http://h.example/']\n");
  const auto first = placer({"check", "a.yaml", "--set", "politeness.delay=3s"});
  EXPECT_EQ(first.status, 0);
  EXPECT_THAT(first.out, HasSubstr("delay: 3s"));
  folder_.write("b.yaml", first.out);
  EXPECT_EQ(placer({"check", "b.yaml"}).out, first.out);
}

TEST_F(CliTest, RefusesLoopbackUnlessTheJobAllowsItAndExitsWith1) {
  web::RunningServer server(web::Site::town().handler());
  folder_.write("a.yaml", "job: a\nstart: ['" + server.url("/") + "']\n");
  const auto result = placer({"run", "a.yaml"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("fetch.private_addresses"));
  EXPECT_THAT(server.log(), IsEmpty());
}

TEST_F(CliTest, LeavesAForeignFileAloneAndExitsWith3) {
  folder_.write("a.yaml", "job: a\nstart: ['http://127.0.0.1:1/']\n");
  folder_.write("a.db", "not a database, and somebody's only copy");
  EXPECT_EQ(placer({"run", "a.yaml"}).status, 3);
  EXPECT_EQ(placer({"status", "a.db"}).status, 3);
  EXPECT_EQ(std::filesystem::file_size(folder_ / "a.db"), 40U);
}

TEST_F(CliTest, RunsEveryJobOfAFileOrTheOneNamed) {
  web::RunningServer server(web::Site::town().handler());
  const std::string job = loopback_job(server.url("/"));
  folder_.write("two.yaml", job + "---\n" + "job: other" + job.substr(job.find('\n')));
  EXPECT_EQ(placer({"run", "two.yaml", "--job", "other"}).status, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "test.db"));
  EXPECT_EQ(placer({"run", "two.yaml"}).status, 0);
  EXPECT_EQ(place_rows(folder_ / "test.db"), place_rows(folder_ / "other.db"));
  EXPECT_EQ(placer({"run", "two.yaml", "--job", "neither"}).status, 2);
}

TEST_F(CliTest, RefusesASecondJobInOneDatabase) {
  web::RunningServer server(web::Site::town().handler());
  const std::string job = loopback_job(server.url("/"));
  folder_.write("one.yaml", job);
  folder_.write("two.yaml", "job: other" + job.substr(job.find('\n')));
  EXPECT_EQ(placer({"run", "one.yaml", "--db", "x.db"}).status, 0);
  const auto second = placer({"run", "two.yaml", "--db", "x.db"});
  EXPECT_EQ(second.status, 2);
  EXPECT_THAT(second.err, HasSubstr("--db"));
}

TEST_F(CliTest, LogsOneJsonObjectPerLineAndPrintsNothingElse) {
  web::RunningServer server(web::Site::town().handler());
  folder_.write("a.yaml", loopback_job(server.url("/")));
  const auto result = placer({"run", "a.yaml", "--log", "json"});
  EXPECT_THAT(result.out, IsEmpty());
  std::istringstream lines(result.err);
  int pages = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    if (event["event"] == "ok" || event["event"] == "redirect") ++pages;
  }
  EXPECT_EQ(pages, 83);
}

TEST_F(CliTest, EscapesWhatPagesSendBeforeItReachesTheTerminal) {
  web::RunningServer server([](const web::WebRequest& /*request*/) {
    web::Reply reply;
    reply.headers = {{"Content-Type", "text/html"}};
    reply.body =
        "<title>a\x1b]52;c;x\x07\xc2\x9b"
        "31m</title><a href='/\x1b[2J'>x</a>";
    return reply;
  });
  const auto result = placer({"inspect", server.url("/"), "--allow-private", "--links"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.out, Not(HasSubstr("\xc2\x9b")));
}

TEST_F(CliTest, ExplainsRobotsForTheAgentOfTheJob) {
  web::RunningServer server([](const web::WebRequest& request) {
    web::Reply reply;
    reply.headers = {{"Content-Type", "text/html"}};
    reply.body = "<a href=/secret>x</a>";
    if (request.target == "/robots.txt") {
      reply.body = "User-agent: *\nAllow: /\n\nUser-agent: placer-test\nDisallow: /secret\n";
    }
    return reply;
  });
  folder_.write("a.yaml", loopback_job(server.url("/")));
  ASSERT_EQ(placer({"run", "a.yaml"}).status, 0);
  const auto result = placer({"explain", "test.db", server.url("/secret")});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("disallowed for 'placer-test' by line 5: Disallow: /secret"));
}

TEST_F(CliTest, SaysThatAFolderIsNoJobFile) {
  const auto result = placer({"run", folder_.path()});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("is a folder"));
}

TEST_F(CliTest, RunningAFinishedJobAgainRefreshesTheSamePlaces) {
  web::RunningServer server(web::Site::town().handler());
  folder_.write("a.yaml", loopback_job(server.url("/")));
  ASSERT_EQ(placer({"run", "a.yaml"}).status, 0);
  const auto before = place_rows(folder_ / "test.db");
  server.clear_log();
  ASSERT_EQ(placer({"run", "a.yaml"}).status, 0);
  EXPECT_GT(server.log().size(), 80U);
  EXPECT_EQ(place_rows(folder_ / "test.db"), before);
}

}  // namespace
}  // namespace placer
