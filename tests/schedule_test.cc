// placer schedule: lines of a crontab and units of systemd, and that what they say runs.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr const char* kJob = "job: cafes\nstart: https://example.org/\n";

// Keeps what it is given, and refuses to list what is not there in the words of Debian's crontab.
constexpr const char* kCrontab =
    "#!/bin/sh\n"
    "if [ \"$1\" = -l ]; then\n"
    "  [ -e \"$TABLE\" ] || { echo 'no crontab for tester' >&2; exit 1; }\n"
    "  cat \"$TABLE\"\n"
    "else cat > \"$TABLE\"; fi\n";

class ScheduleTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "bin");
    add_program("crontab", kCrontab);
    add_program("systemctl", "#!/bin/sh\necho \"$@\" >> \"$HOME/systemctl\"\n");
    folder_.write("cafes.yaml", kJob);
  }

  void add_program(const std::string& name, const std::string& text) {
    const std::string path = folder_ / ("bin/" + name);
    std::filesystem::remove(path);
    folder_.write("bin/" + name, text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

  // In cron's environment, but for the programs of this test.
  ProgramResult run(std::vector<std::string> arguments, const std::string& folder = "") {
    std::vector<std::string> all = {"/usr/bin/env",
                                    "-i",
                                    "HOME=" + folder_.path(),
                                    "LOGNAME=tester",
                                    "PATH=" + (folder_ / "bin") + ":/usr/bin:/bin",
                                    "TABLE=" + (folder_ / "table"),
                                    "SHELL=/bin/sh"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program(all, folder.empty() ? folder_.path() : folder);
  }

  ProgramResult schedule(std::vector<std::string> arguments, const std::string& folder = "") {
    arguments.insert(arguments.begin(), {PLACER_BINARY, "schedule"});
    return run(arguments, folder);
  }

  std::string text_of(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // What cron would hand to the shell: a crontab line without its five times, '\%' read as '%'.
  static std::string command_of(const std::string& line) {
    std::size_t begin = 0;
    for (int field = 0; field < 5; ++field) begin = line.find(' ', begin) + 1;
    std::string command;
    for (std::size_t i = begin; i < line.size() && line[i] != '\n'; ++i) {
      if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '%') continue;
      command += line[i];
    }
    return command;
  }

  TemporaryFolder folder_;
};

TEST_F(ScheduleTest, PrintsALineOfACrontabWhereNoSystemdRuns) {
  const auto result = schedule({"cafes.yaml", "--daily", "3:05", "--cron", "--budget", "45m"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out,
            "5 3 * * * cd " + folder_.path() + " && " + PLACER_BINARY + " run " + folder_.path() +
                "/cafes.yaml --budget 45m --quiet # placer: " + folder_.path() + "/cafes.yaml\n");
  EXPECT_THAT(result.err, AllOf(HasSubstr("every day at 03:05"), HasSubstr("--install")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "table"));
}

TEST_F(ScheduleTest, ReadsTimesAsPeopleWriteThem) {
  const auto fields = [this](const std::string& option, const std::string& time) {
    const auto result = schedule({"cafes.yaml", "--cron", option, time});
    return result.out.substr(0, result.out.find(" cd "));
  };
  EXPECT_EQ(fields("--weekly", "Mon 03:00"), "0 3 * * 1");
  EXPECT_EQ(fields("--weekly", "su 1:05"), "5 1 * * 0");
  EXPECT_EQ(fields("--weekly", "Saturday 23:59"), "59 23 * * 6");
  EXPECT_EQ(fields("--hourly", ":07"), "7 * * * *");
  EXPECT_EQ(fields("--hourly", "0"), "0 * * * *");
}

TEST_F(ScheduleTest, RefusesTimesThatAreNone) {
  const std::vector<std::vector<std::string>> wrong = {{"--daily", "24:00"},
                                                       {"--daily", "3"},
                                                       {"--daily", "03:60"},
                                                       {"--weekly", "Mon"},
                                                       {"--weekly", "M 3:00"},
                                                       {"--weekly", "Monk 3:00"},
                                                       {"--hourly", "60"},
                                                       {"--hourly", "x"},
                                                       {},
                                                       {"--daily", "03:00", "--hourly", "1"}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), "cafes.yaml");
    const auto result = schedule(arguments);
    EXPECT_EQ(result.status, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr("--")) << "says what would be right";
  }
}

TEST_F(ScheduleTest, ChecksTheJobAndWhatTheRunWouldBeGiven) {
  folder_.write("bad.yaml", "job: a\nstart: ['http://h/']\nscope: {max_dept: 3}\n");
  const auto bad = schedule({"bad.yaml", "--daily", "03:00"});
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.err, HasSubstr("did you mean 'max_depth'?"));
  EXPECT_EQ(schedule({"cafes.yaml", "--daily", "03:00", "--budget", "much"}).status, 2);
  EXPECT_EQ(schedule({"cafes.yaml", "--daily", "03:00", "--max-time", "1 x"}).status, 2);
  EXPECT_EQ(schedule({"cafes.yaml", "--daily", "03:00", "--db", "nowhere/a.db"}).status, 2);
  EXPECT_EQ(schedule({"cafes.yaml", "--daily", "03:00", "--log-file", "nowhere/log"}).status, 2);
  EXPECT_EQ(schedule({"-", "--daily", "03:00"}).status, 2);
}

TEST_F(ScheduleTest, InstallsItsLineOnceAndLeavesTheOthersAlone) {
  const std::string before =
      "MAILTO=me\n\n  # mine\n*/5 * * * * echo \xff 'x' \\% # not placer\n"
      "#0 3 * * * old # placer: " +
      folder_.path() + "/cafes.yaml\n";
  folder_.write("table", before);
  const auto install = [this](const std::string& time) {
    return schedule({"cafes.yaml", "--cron", "--install", "--daily", time}).status;
  };
  EXPECT_EQ(install("03:00"), 0);
  const std::string first = text_of("table");
  EXPECT_THAT(first, StartsWith(before + "0 3 * * * cd "));
  EXPECT_EQ(install("03:00"), 0);
  EXPECT_EQ(text_of("table"), first);
  folder_.write("table", first + "@daily last\n");
  EXPECT_EQ(install("04:10"), 0);
  EXPECT_THAT(text_of("table"), AllOf(StartsWith(before + "10 4 * * * cd "),
                                      testing::EndsWith("cafes.yaml\n@daily last\n")));
  EXPECT_EQ(schedule({"cafes.yaml", "--remove"}).status, 0);
  EXPECT_EQ(text_of("table"), before + "@daily last\n");
  const auto again = schedule({"cafes.yaml", "--remove"});
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.err, HasSubstr("no schedule of "));
}

TEST_F(ScheduleTest, KeepsTwoSchedulesOfOneJobApartByTheirNames) {
  EXPECT_EQ(schedule({"cafes.yaml", "--cron", "--install", "--daily", "03:00"}).status, 0);
  EXPECT_EQ(
      schedule({"cafes.yaml", "--cron", "--install", "--weekly", "Sun 01:00", "--name", "whole"})
          .status,
      0);
  const std::string both = text_of("table");
  EXPECT_THAT(both, MatchesRegex("0 3 [^\n]*\n0 1 [^\n]* --name whole\n"));
  EXPECT_EQ(schedule({"cafes.yaml", "--remove"}).status, 0);
  EXPECT_EQ(text_of("table"), both.substr(both.find('\n') + 1));
}

TEST_F(ScheduleTest, NeverReplacesACrontabThatItCouldNotRead) {
  add_program("crontab",
              "#!/bin/sh\n[ \"$1\" = -l ] && { echo 'cannot open: busy' >&2; exit 1; }\n"
              "cat > \"$TABLE\"\n");
  const auto result = schedule({"cafes.yaml", "--cron", "--install", "--daily", "03:00"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot open: busy"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "table"));
}

TEST_F(ScheduleTest, SaysWhichVariablesTheJobNeedsAndWhereTheyAreTakenFrom) {
  folder_.write("cafes.yaml", std::string(kJob) +
                                  "fetch: {headers: [{host: example.org, fields: {X-Token: "
                                  "\"${SHOP_TOKEN}\"}}]}\n");
  const std::string file = folder_ / ".config/placer/cafes.env";
  const auto cron = schedule({"cafes.yaml", "--cron", "--daily", "03:00"});
  EXPECT_THAT(cron.err, AllOf(HasSubstr("SHOP_TOKEN=..."), HasSubstr(file)));
  EXPECT_THAT(cron.out, HasSubstr(" && set -a && . " + file + " && set +a && "));
  EXPECT_THAT(schedule({"cafes.yaml", "--user", "--daily", "03:00"}).out,
              HasSubstr("\nEnvironmentFile=-" + file + "\n"));
}

TEST_F(ScheduleTest, TheLineRunsInCronsEnvironmentWhateverItsPathsAreCalled) {
  web::RunningServer server(web::Site::town().handler());
  const std::string odd = folder_ / "it's 100% $HOME\t\"x\" & ;#";
  const std::string plain = folder_ / "it's 100% $HOME \"x\" & ;#";
  std::filesystem::create_directories(plain);
  folder_.write(plain.substr(folder_.path().size() + 1) + "/a job.yaml",
                loopback_job(server.url("/")) + "storage: {path: out.db}\n");
  const auto line = schedule({"a job.yaml", "--cron", "--daily", "03:00", "--log-file", "run %.log",
                              "--notify", "echo told"},
                             plain);
  ASSERT_EQ(line.status, 0) << line.err;
  const auto ran = run({"/bin/sh", "-c", command_of(line.out) + "\n"}, "/");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out + ran.err, IsEmpty()) << "cron would send it";
  EXPECT_EQ(query_lines(plain + "/out.db", "SELECT count(*) FROM place"),
            std::vector<std::string>{"60"});
  EXPECT_TRUE(std::filesystem::exists(plain + "/run %.log"));
  const auto closed = run({"/bin/sh", "-c", "exec <&- >&- 2>&-; " + command_of(line.out)}, "/");
  EXPECT_EQ(closed.status, 0);
  EXPECT_EQ(query_lines(plain + "/out.db", "PRAGMA integrity_check"),
            std::vector<std::string>{"ok"});

  std::filesystem::create_directories(odd);
  folder_.write(odd.substr(folder_.path().size() + 1) + "/a.yaml", kJob);
  const auto refused = schedule({"a.yaml", "--cron", "--daily", "03:00"}, odd);
  EXPECT_EQ(refused.status, 2) << "a tab is more than a crontab is sure to hold";
}

TEST_F(ScheduleTest, RefusesCommandsThatCronsReadDifferently) {
  const auto cron = [this](const std::string& command) {
    return schedule({"cafes.yaml", "--cron", "--daily", "03:00", "--notify", command});
  };
  EXPECT_THAT(cron("printf '\\\\'").err, HasSubstr("backslash"));
  EXPECT_THAT(cron("date +\\%H").err, HasSubstr("backslash"));
  EXPECT_EQ(cron("printf 'a\\n'").status, 0);
  EXPECT_THAT(cron(std::string(1000, 'x')).err, HasSubstr("at most 998 characters"));
  EXPECT_EQ(cron("a\nb").status, 2);
  EXPECT_EQ(
      schedule({"cafes.yaml", "--cron", "--daily", "03:00", "--name", "a\n* * * * * b"}).status, 2);
}

TEST_F(ScheduleTest, ARunThatFindsAnotherSaysSoInOneLineAndEndsWith75) {
  const auto line = schedule({"cafes.yaml", "--cron", "--daily", "03:00"});
  folder_.write("cafes.db.lock", "");
  const int fd = open((folder_ / "cafes.db.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(fd, LOCK_EX), 0);
  const auto ran = run({"/bin/sh", "-c", command_of(line.out)}, "/");
  close(fd);
  EXPECT_EQ(ran.status, 75);
  EXPECT_THAT(ran.err, MatchesRegex("placer: cafes: [^\n]*another run holds the database[^\n]*\n"));
}

// Service and timer as printed, in files of their own.
class UnitTest : public ScheduleTest {
 protected:
  void print(const std::string& kind, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"cafes.yaml", kind});
    const auto result = schedule(more);
    ASSERT_EQ(result.status, 0) << result.err;
    const std::size_t timer = result.out.rfind("# placer: ");
    folder_.write("placer-cafes.service", result.out.substr(0, timer));
    folder_.write("placer-cafes.timer", result.out.substr(timer));
  }

  bool has_systemd() const { return std::filesystem::exists("/usr/bin/systemd-analyze"); }

  ProgramResult analyze(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"XDG_RUNTIME_DIR=" + folder_.path(), "systemd-analyze", "--no-pager"});
    return run(arguments);
  }
};

TEST_F(UnitTest, AreValidToSystemd) {
  if (!has_systemd()) GTEST_SKIP() << "no systemd-analyze here (Debian's package systemd)";
  for (const char* kind : {"--user", "--system"}) {
    print(kind, {"--weekly", "Mon 03:00", "--notify", "printf '%s\\n' \"$PLACER_SUMMARY\" | mail"});
    const auto verified =
        analyze({"verify", kind, "./placer-cafes.service", "./placer-cafes.timer"});
    EXPECT_EQ(verified.status, 0) << verified.err;
    EXPECT_THAT(verified.err, Not(HasSubstr("placer-cafes"))) << kind;
  }
}

TEST_F(UnitTest, LeaveTheServiceLittleToDoHarmWith) {
  if (!has_systemd()) GTEST_SKIP() << "no systemd-analyze here (Debian's package systemd)";
  for (const char* kind : {"--user", "--system"}) {
    print(kind, {"--daily", "03:00"});
    const auto judged =
        analyze({"security", "--offline=true", "--threshold=25", "./placer-cafes.service"});
    EXPECT_EQ(judged.status, 0) << "exposure above 2.5 of 10:\n" << judged.out;
  }
}

TEST_F(UnitTest, HaveCalendarTimesThatSystemdReadsAsTheyAreMeant) {
  if (!has_systemd()) GTEST_SKIP() << "no systemd-analyze here (Debian's package systemd)";
  const std::vector<std::array<std::string, 3>> times = {
      {"--daily", "3:05", "*-*-* 03:05:00"},
      {"--weekly", "Tu 23:59", "Tue *-*-* 23:59:00"},
      {"--hourly", "7", "*-*-* *:07:00"}};
  for (const auto& [option, value, normal] : times) {
    print("--user", {option, value});
    const std::string timer = text_of("placer-cafes.timer");
    const std::size_t begin = timer.find("OnCalendar=") + 11;
    const auto read = analyze({"calendar", timer.substr(begin, timer.find('\n', begin) - begin)});
    EXPECT_EQ(read.status, 0) << timer;
    EXPECT_THAT(read.out, HasSubstr(normal));
  }
}

TEST_F(UnitTest, EscapeWhatSystemdWouldReplace) {
  print("--user", {"--daily", "03:00", "--notify", "echo \"$A 100%\" \\x"});
  EXPECT_THAT(text_of("placer-cafes.service"), HasSubstr(R"("--notify" "echo \"$$A 100%%\" \\x")"));
}

TEST_F(UnitTest, WriteOnlyWhereTheResultsAre) {
  std::filesystem::create_directories(folder_ / "logs here");
  print("--user", {"--daily", "03:00", "--log-file", "logs here/x.log"});
  EXPECT_THAT(text_of("placer-cafes.service"),
              AllOf(HasSubstr("ReadWritePaths=\"-" + folder_.path() + "\" \"-" +
                              (folder_ / "logs here") + "\"\n"),
                    HasSubstr("ProtectSystem=strict\n"), HasSubstr("CapabilityBoundingSet=\n")));
}

TEST_F(UnitTest, AreInstalledAndRemovedForTheUser) {
  const std::string units = folder_ / ".config/systemd/user";
  const auto first = schedule({"cafes.yaml", "--user", "--install", "--daily", "03:00"});
  EXPECT_EQ(first.status, 0);
  EXPECT_THAT(first.err, HasSubstr("systemctl --user start placer-cafes\n"));
  EXPECT_THAT(text_of(".config/systemd/user/placer-cafes.timer"), HasSubstr("03:00:00\n"));
  EXPECT_EQ(schedule({"cafes.yaml", "--user", "--install", "--daily", "04:00"}).status, 0);
  EXPECT_THAT(text_of(".config/systemd/user/placer-cafes.timer"), HasSubstr("04:00:00\n"));
  EXPECT_THAT(text_of("systemctl"),
              StartsWith("--user daemon-reload\n--user enable --now placer-cafes.timer\n"));
  EXPECT_EQ(schedule({"cafes.yaml", "--remove"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_empty(units));
  EXPECT_THAT(text_of("systemctl"), HasSubstr("--user disable --now placer-cafes.timer\n"));
}

TEST_F(UnitTest, AreNotTheOnlyOnesWhenTheCrontabHasTheJobToo) {
  EXPECT_EQ(schedule({"cafes.yaml", "--cron", "--install", "--daily", "03:00"}).status, 0);
  const auto second = schedule({"cafes.yaml", "--user", "--install", "--daily", "03:00"});
  EXPECT_THAT(second.err, HasSubstr("cron starts it too"));
  EXPECT_EQ(schedule({"cafes.yaml", "--remove", "--cron"}).status, 0);
  EXPECT_THAT(text_of("table"), IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(folder_ / ".config/systemd/user/placer-cafes.timer"));
  EXPECT_EQ(schedule({"cafes.yaml", "--remove"}).status, 0);
}

TEST_F(UnitTest, OfAnotherJobAreNotReplaced) {
  std::filesystem::create_directories(folder_ / "other");
  folder_.write("other/cafes.yaml", kJob);
  EXPECT_EQ(schedule({"cafes.yaml", "--user", "--install", "--daily", "03:00"}).status, 0);
  const auto other = schedule({"other/cafes.yaml", "--user", "--install", "--daily", "03:00"});
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, HasSubstr("--name"));
  EXPECT_EQ(schedule({"other/cafes.yaml", "--remove"}).status, 1);
  EXPECT_TRUE(std::filesystem::exists(folder_ / ".config/systemd/user/placer-cafes.timer"));
}

}  // namespace
}  // namespace placer
