// The log file of a run: whole lines, also while something else rotates it.
#include "scraper/cli/log_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using cli::LogFile;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class LogFileTest : public testing::Test {
 protected:
  // Looks at the path before every line.
  std::unique_ptr<LogFile> open() {
    auto file = LogFile::open(path_, std::chrono::milliseconds(0));
    EXPECT_TRUE(file);
    return file ? std::move(*file) : nullptr;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "run.log";
};

TEST_F(LogFileTest, GoesOnAtTheEndOfWhatIsThere) {
  folder_.write("run.log", "yesterday\n");
  open()->write("today");
  EXPECT_EQ(text_of(path_), "yesterday\ntoday\n");
}

TEST_F(LogFileTest, BeginsANewFileWhenItsOwnIsRenamed) {
  const auto file = open();
  file->write("one");
  std::filesystem::rename(path_, folder_ / "run.log.1");
  file->write("two");
  EXPECT_EQ(text_of(folder_ / "run.log.1"), "one\n");
  EXPECT_EQ(text_of(path_), "two\n");
}

TEST_F(LogFileTest, BeginsANewFileWhenItsOwnIsDeletedOrReplaced) {
  const auto file = open();
  file->write("one");
  std::filesystem::remove(path_);
  file->write("two");
  EXPECT_EQ(text_of(path_), "two\n");
  folder_.write("other", "somebody's\n");
  std::filesystem::rename(folder_ / "other", path_);
  file->write("three");
  EXPECT_EQ(text_of(path_), "somebody's\nthree\n");
}

TEST_F(LogFileTest, GoesOnAtTheNewEndWhenItIsCutOff) {
  const auto file = open();
  file->write("a long line, copied elsewhere by logrotate's copytruncate");
  std::filesystem::resize_file(path_, 0);
  file->write("two");
  EXPECT_EQ(text_of(path_), "two\n");
}

TEST_F(LogFileTest, KeepsItsFileWhenNoNewOneCanBeMade) {
  std::filesystem::create_directories(folder_ / "logs");
  path_ = folder_ / "logs/run.log";
  const auto file = open();
  std::vector<std::string> said;
  file->on_failure([&said](const std::string& why) { said.push_back(why); });
  std::filesystem::rename(folder_ / "logs", folder_ / "kept");
  file->write("one");
  file->write("two");
  EXPECT_EQ(text_of(folder_ / "kept/run.log"), "one\ntwo\n");
  EXPECT_THAT(said, testing::ElementsAre(HasSubstr("No such file or directory")));
}

TEST_F(LogFileTest, EndsATornLineBeforeTheNextWhenThereIsRoomAgain) {
  const auto file = open();
  file->write("123456789");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{15, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  file->write("torn here");
  file->write("lost");
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_DFL);
  file->write("whole");
  EXPECT_EQ(text_of(path_), "123456789\ntorn \nwhole\n");
}

TEST_F(LogFileTest, DoesNotWaitForTheReaderOfAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  const auto file = LogFile::open(path_);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error(), HasSubstr("run.log"));
}

TEST_F(LogFileTest, RefusesADatabase) {
  folder_.write("run.log", std::string("SQLite format 3\0 and all that is in it", 38));
  EXPECT_FALSE(LogFile::open(path_));
}

class LoggedRunTest : public LogFileTest {
 protected:
  ProgramResult run(const web::RunningServer& server, std::vector<std::string> more) {
    folder_.write("job.yaml", loopback_job(server.url("/")) + "storage: {path: a.db}\n");
    more.insert(more.begin(), {PLACER_BINARY, "run", "job.yaml"});
    return run_program(more, folder_.path());
  }
};

TEST_F(LoggedRunTest, WritesALinePerRequestAndLeavesTheSummaryOnStandardError) {
  web::RunningServer server(web::Site::town().handler());
  const auto result = run(server, {"--log-file", "run.log"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.err, testing::MatchesRegex("test: done in [^\n]*, 60 places, [^\n]*\n"));
  std::istringstream lines(text_of(path_));
  int pages = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, testing::MatchesRegex("20..-..-..T..:..:..[.]...Z .*"));
    if (line.find(" ok 200 ") != line.npos || line.find(" redirect 30") != line.npos) ++pages;
  }
  EXPECT_EQ(pages, 83);
  EXPECT_THAT(text_of(path_), HasSubstr("Z test: done in "));
  EXPECT_THAT(run(server, {"--log-file", "run.log", "--quiet"}).err, IsEmpty());
}

TEST_F(LoggedRunTest, WritesJsonWhenAskedTo) {
  web::RunningServer server(web::Site::town().handler());
  const auto result = run(server, {"--log-file", "run.log", "--log", "json"});
  EXPECT_THAT(result.err, Not(HasSubstr("{")));
  std::istringstream lines(text_of(path_));
  std::set<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    EXPECT_EQ(event["job"], "test");
    EXPECT_EQ(event["time"].get<std::string>().size(), 24U);
    events.insert(event["event"]);
  }
  EXPECT_THAT(events,
              AllOf(testing::Contains("start"), testing::Contains("ok"), testing::Contains("end")));
}

// The server's threads rename it, again and again, while pages are answered.
TEST_F(LoggedRunTest, LosesAndTearsNoLineWhileItIsRotated) {
  const auto handler = web::Site::town().handler();
  std::atomic<int> requests{0};
  std::atomic<int> rotations{0};
  web::RunningServer server([&](const web::WebRequest& request) {
    if (++requests % 10 == 0) {
      std::error_code missing;  // the last one was renamed, and no line has followed it yet
      std::filesystem::rename(path_, path_ + "." + std::to_string(requests), missing);
      if (!missing) ++rotations;
    }
    return handler(request);
  });
  const auto result = run(server, {"--log-file", "run.log", "--set", "politeness.delay=10ms",
                                   "--set", "politeness.per_host=1"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_GE(rotations.load(), 2);
  std::multiset<std::string> urls;
  int summaries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (entry.path().filename().string().find("run.log") != 0) continue;
    const std::string text = text_of(entry.path());
    EXPECT_TRUE(text.ends_with('\n')) << text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_THAT(line, testing::MatchesRegex("20..-..-..T.*Z .*"));
      if (line.find(" ok 200 ") != line.npos || line.find(" redirect 30") != line.npos) {
        urls.insert(line.substr(line.find("http://"),
                                line.find(' ', line.find("http://")) - line.find("http://")));
      }
      if (line.find("test: done") != line.npos) ++summaries;
    }
  }
  EXPECT_EQ(urls.size(), 83U);
  EXPECT_EQ(std::set<std::string>(urls.begin(), urls.end()).size(), 83U);
  EXPECT_EQ(summaries, 1);
}

TEST_F(LoggedRunTest, EndsWellWhenTheDiskIsFullAndSaysSoOnce) {
  web::RunningServer server(web::Site::town().handler());
  const auto result = run(server, {"--log-file", "/dev/full", "--quiet"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err,
            "placer: test: cannot write the log file '/dev/full': No space left on device\n");
}

TEST_F(LoggedRunTest, DoesNotBeginWithoutTheLogThatWasAskedFor) {
  web::RunningServer server(web::Site::town().handler());
  const auto result = run(server, {"--log-file", "nowhere/run.log"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("nowhere/run.log"));
  EXPECT_THAT(server.log(), IsEmpty());
}

TEST_F(LoggedRunTest, EscapesWhatServersSend) {
  web::RunningServer server([](const web::WebRequest& request) {
    web::Reply reply;
    reply.headers = {{"Content-Type", "text/html"}};
    if (request.target == "/robots.txt") reply.status = 404;
    if (request.target == "/") reply.body = "<a href='/\x1b]0;x\x07%0A\xe2\x80\xae'>x</a>";
    if (request.target != "/") {
      reply.headers = {{"Content-Type", "video/mp4; \x1b]0;x\x07\xe2\x80\xae"}};
      reply.body = "moving";
    }
    return reply;
  });
  EXPECT_EQ(run(server, {"--log-file", "run.log"}).status, 0);
  const std::string log = text_of(path_);
  EXPECT_THAT(log, AllOf(HasSubstr("]0;x%EF%BF%BD%0A%E2%80%AE "), Not(HasSubstr("\x1b")),
                         Not(HasSubstr("\x07")), Not(HasSubstr("\xe2\x80\xae"))));
}

}  // namespace
}  // namespace placer
