// The live display as people meet it: a run in a shell on a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/pty_shell.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kCtrlC = "\x03";
constexpr const char* kCtrlZ = "\x1a";
const char* const kRun = PLACER_BINARY " run job.yaml --db a.db --backend ";

web::SiteOptions busy_site() {
  web::SiteOptions options;
  options.seed = 3;
  options.pages = 6000;
  options.json_ld = 0.9;
  options.page_bytes = 1024;
  options.latency = std::chrono::milliseconds(40);
  return options;
}

class LiveTerminalTest : public testing::Test {
 protected:
  // A job of the pages of Site::slow.
  void write_slow_job(const web::RunningServer& server, int pages) {
    std::string start;
    for (int i = 1; i <= pages; ++i) {
      start += (start.empty() ? "" : "', '") + server.url("/slow/" + std::to_string(i));
    }
    folder_.write("job.yaml", loopback_job(start) + "\n");
  }

  // What the shell says of the terminal and of the last command.
  static void expect_given_back(PtyShell& shell, const std::string& status) {
    shell.enter("echo status=$?; stty -a");
    EXPECT_TRUE(shell.wait_for("status=" + status)) << shell.screen().text();
    EXPECT_TRUE(shell.wait_for(" icanon ")) << shell.screen().text();
    EXPECT_TRUE(shell.wait_for(" echo ")) << shell.screen().text();
  }

  TemporaryFolder folder_;
};

// The clock of the display: "0:07".
std::string clock_of(const TerminalScreen& screen) {
  for (const std::string& line : screen.lines()) {
    if (const auto at = line.find("test: running, "); at != std::string::npos) {
      return line.substr(at + 15, 4);
    }
  }
  return "";
}

TEST_F(LiveTerminalTest, ShowsTheRunAndObeysKeys) {
  web::RunningServer server(web::Site(busy_site()).handler());
  folder_.write("job.yaml", loopback_job(server.url("/")));
  PtyShell shell(folder_.path(), 80, 24);
  shell.enter(std::string(kRun) + "async");
  ASSERT_TRUE(shell.wait_for("?: keys")) << shell.screen().text();
  ASSERT_TRUE(shell.wait_for("█")) << shell.screen().text();
  ASSERT_TRUE(shell.wait_for(" in flight")) << shell.screen().text();
  shell.type("?");
  ASSERT_TRUE(shell.wait_for("h: hosts")) << shell.screen().text();
  shell.type("h");
  ASSERT_TRUE(shell.wait_for("127.0.0.1 ")) << shell.screen().text();

  // Places are in the history, and stop streaming by.
  EXPECT_FALSE(shell.screen().history().empty());
  shell.type("hp?");
  ASSERT_TRUE(shell.wait_until([](const TerminalScreen& screen) {
    const auto lines = screen.lines();
    return std::ranges::none_of(lines, [](const auto& line) { return line.starts_with("127.0"); });
  }));
  const auto scrolled = shell.screen().history();
  const std::string clock = clock_of(shell.screen());
  ASSERT_TRUE(shell.wait_until([&clock](const TerminalScreen& screen) {
    const std::string now = clock_of(screen);
    return !now.empty() && now != clock;
  }));
  EXPECT_EQ(shell.screen().history(), scrolled);

  shell.type("q");
  ASSERT_TRUE(shell.wait_for("test: interrupted in ")) << shell.screen().text();
  EXPECT_THAT(shell.output(), HasSubstr("joining places and saving"));
  expect_given_back(shell, "130");
  EXPECT_THAT(shell.screen().text(), Not(HasSubstr("█"))) << "left behind";
  EXPECT_THAT(shell.screen().unexpected(), IsEmpty());
  EXPECT_NE(query_lines(folder_ / "a.db", "SELECT count(*) FROM queue"),
            std::vector<std::string>{"0"});
}

TEST_F(LiveTerminalTest, FollowsTheWindowWithoutWrappingOrLeavingAnythingBehind) {
  web::RunningServer server(web::Site(busy_site()).handler());
  folder_.write("job.yaml", loopback_job(server.url("/")));
  PtyShell shell(folder_.path(), 100, 24);
  shell.enter(std::string(kRun) + "serial");
  ASSERT_TRUE(shell.wait_for("█")) << shell.screen().text();
  const std::size_t before = shell.screen().wrapped();  // the command itself
  shell.type("p");
  const auto shows = [&shell](const std::string& wanted, const std::string& unwanted) {
    return shell.wait_until([&](const TerminalScreen& screen) {
      const std::string text = testing::PrintToString(screen.lines());
      return text.find(wanted) != std::string::npos && text.find(unwanted) == std::string::npos;
    });
  };
  shell.resize(40, 12);
  ASSERT_TRUE(shows("test: running", "█")) << shell.screen().text();
  shell.resize(20, 5);
  ASSERT_TRUE(shows(" pages", "running")) << shell.screen().text();
  shell.resize(1, 1);
  shell.resize(120, 30);
  ASSERT_TRUE(shows("█", "nothing")) << shell.screen().text();
  EXPECT_EQ(shell.screen().wrapped(), before);
  const auto lines = shell.screen().lines();
  EXPECT_EQ(
      std::ranges::count_if(lines, [](const auto& line) { return line.starts_with("test: r"); }), 1)
      << shell.screen().text();
  shell.type(kCtrlC);
  ASSERT_TRUE(shell.wait_for("test: interrupted in ")) << shell.screen().text();
  expect_given_back(shell, "130");
}

TEST_F(LiveTerminalTest, SecondCtrlCLeavesAtOnceAndTheRunGoesOnLater) {
  for (const char* backend : kBackendNames) {
    web::RunningServer server(web::Site::slow(3, std::chrono::seconds(60)).handler());
    write_slow_job(server, 3);
    PtyShell shell(folder_.path(), 80, 24);
    shell.enter("rm -f a.db*; " + (kRun + std::string(backend)));
    ASSERT_TRUE(shell.wait_for("queue 3")) << backend << shell.screen().text();
    shell.type(kCtrlC);
    ASSERT_TRUE(shell.wait_for("Ctrl-C again to leave at once")) << backend;
    EXPECT_THAT(testing::PrintToString(shell.screen().lines()), HasSubstr("test: finishing "));
    shell.type(kCtrlC);
    ASSERT_TRUE(shell.wait_for("test: interrupted in ")) << backend << shell.screen().text();
    expect_given_back(shell, "130");
    EXPECT_THAT(shell.screen().unexpected(), IsEmpty());
    EXPECT_EQ(query_lines(folder_ / "a.db", "SELECT count(*) FROM queue"),
              std::vector<std::string>{"3"});
  }
}

TEST_F(LiveTerminalTest, FirstCtrlCFinishesWhatIsUnderWay) {
  constexpr const char* kPages =
      "SELECT count(*) FROM page WHERE status = 'ok' AND url LIKE '%/slow/%'";
  web::RunningServer server(web::Site::slow(24, std::chrono::milliseconds(500)).handler());
  write_slow_job(server, 24);
  PtyShell shell(folder_.path(), 80, 24);
  shell.enter(std::string(kRun) + "threads --set backend.workers=4");
  ASSERT_TRUE(shell.wait_for("4 in flight")) << shell.screen().text();
  shell.type(kCtrlC);
  ASSERT_TRUE(shell.wait_for("test: interrupted in ")) << shell.screen().text();
  expect_given_back(shell, "130");
  const auto asked = [&server] {
    const auto log = server.log();
    return std::to_string(std::ranges::count_if(
        log, [](const auto& request) { return request.target.starts_with("/slow/"); }));
  };
  EXPECT_THAT(query_lines(folder_ / "a.db", kPages), testing::ElementsAre(asked()));

  const auto again = run_program(
      {PLACER_BINARY, "run", folder_ / "job.yaml", "--db", folder_ / "a.db"}, folder_.path());
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.err, Not(HasSubstr("\x1b"))) << "no terminal, no display";
  EXPECT_EQ(asked(), "24") << "each page once";
}

TEST_F(LiveTerminalTest, GivesTheTerminalBackWhileItIsStoppedAndTakesItAgain) {
  web::RunningServer server(web::Site(busy_site()).handler());
  folder_.write("job.yaml", loopback_job(server.url("/")));
  PtyShell shell(folder_.path(), 80, 24);
  shell.enter(std::string(kRun) + "async");
  ASSERT_TRUE(shell.wait_for("?: keys")) << shell.screen().text();
  shell.type(kCtrlZ);
  ASSERT_TRUE(shell.wait_for("Stopped")) << shell.screen().text();
  shell.enter("stty -a");
  ASSERT_TRUE(shell.wait_for(" icanon ")) << shell.screen().text();
  ASSERT_TRUE(shell.wait_for(" echo ")) << shell.screen().text();
  EXPECT_THAT(testing::PrintToString(shell.screen().lines()), Not(HasSubstr("pages ")));
  shell.enter("fg");
  ASSERT_TRUE(shell.wait_for("?: keys")) << shell.screen().text();
  shell.type("?");
  ASSERT_TRUE(shell.wait_for("h: hosts")) << shell.screen().text();
  shell.type(kCtrlC);
  ASSERT_TRUE(shell.wait_for("test: interrupted in ")) << shell.screen().text();
  expect_given_back(shell, "130");
  EXPECT_THAT(shell.screen().unexpected(), IsEmpty());
}

TEST_F(LiveTerminalTest, LeavesTheTerminalAloneInTheBackground) {
  web::RunningServer server(web::Site(busy_site()).handler());
  folder_.write("job.yaml", loopback_job(server.url("/")));
  PtyShell shell(folder_.path(), 80, 24);
  shell.enter(std::string(kRun) + "async --max-time 1s & wait; echo 'all' 'done'");
  ASSERT_TRUE(shell.wait_for("all done")) << shell.screen().text();
  EXPECT_THAT(shell.screen().text(), HasSubstr("test: limit"));
  EXPECT_THAT(shell.output(), Not(HasSubstr("\x1b")));
}

TEST_F(LiveTerminalTest, LetsNoEscapeSequenceOfAPageThrough) {
  const std::string hostile =
      R"(\u001b]52;c;cHduZWQ=\u0007\u001b[2JCaf\u00e9\r\n\u009b31m\u202e \u5bcc\u58eb)";
  web::RunningServer server([&hostile](const web::WebRequest& request) {
    web::Reply reply;
    if (request.target == "/robots.txt") {
      reply.status = 404;
    } else if (request.target == "/") {
      reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
      reply.body = R"(<a href="/2">2</a><script type="application/ld+json">
        {"@type": "CafeOrCoffeeShop", "@context": "https://schema.org", "name": ")" +
                   hostile + R"(", "address": {"addressLocality": ")" + hostile + R"("}}</script>)";
    } else {
      reply.delay = std::chrono::seconds(60);
    }
    return reply;
  });
  folder_.write("job.yaml", loopback_job(server.url("/")));
  PtyShell shell(folder_.path(), 60, 24);
  shell.enter(std::string(kRun) + "serial");
  ASSERT_TRUE(shell.wait_for("1 in flight")) << shell.screen().text();
  ASSERT_TRUE(shell.wait_for("Café")) << shell.screen().text();
  shell.type(kCtrlC);
  ASSERT_TRUE(shell.wait_for("finishing 1 request")) << shell.screen().text();
  shell.type(kCtrlC);
  ASSERT_TRUE(shell.wait_for("test: interrupted in ")) << shell.screen().text();
  EXPECT_THAT(shell.screen().unexpected(), IsEmpty());
  EXPECT_THAT(shell.output(), Not(HasSubstr("\xe2\x80\xae")));
}

}  // namespace
}  // namespace placer
