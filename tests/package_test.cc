// What an installation holds, and that its units are those that `placer schedule` would write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/program.h"

namespace placer {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(PackageTest, AnInstallationHasProgramManualCompletionsExamplesAndUnits) {
  const TemporaryFolder folder;
  const ProgramResult install =
      run_program({PLACER_CMAKE, "--install", PLACER_BUILD, "--prefix", folder.path()});
  ASSERT_EQ(install.status, 0) << install.err;
  for (const char* path :
       {"share/man/man1/placer.1.gz", "share/man/man5/placer-job.5.gz",
        "share/bash-completion/completions/placer", "share/zsh/vendor-completions/_placer",
        "share/fish/vendor_completions.d/placer.fish", "lib/systemd/system/placer@.service",
        "lib/systemd/system/placer@.timer", "share/doc/placer/README.md",
        "share/doc/placer/copyright", "share/doc/placer/changelog.gz"}) {
    EXPECT_GT(std::filesystem::file_size(folder / path), 100U) << path;
  }
  const std::string examples = folder / "share/doc/placer/examples";
  EXPECT_TRUE(std::filesystem::exists(examples + "/../job.schema.json"));  // as the examples say
  const ProgramResult check =
      run_program({folder / "bin/placer", "check", examples + "/one_site.yaml"});
  EXPECT_EQ(check.status, 0) << check.err;
  const ProgramResult manual =
      run_program({"/bin/sh", "-c", "gzip -dc '" + (folder / "share/man/man1/placer.1.gz") + "'"});
  EXPECT_EQ(manual.out, run_program({PLACER_BINARY, "manual"}).out);
}

// The lines of a unit that say what a service may do.
std::set<std::string> restrictions(const std::string& unit) {
  std::set<std::string> lines;
  std::istringstream in(unit);
  for (std::string line; std::getline(in, line);) {
    for (const char* begin :
         {"NoNew", "Lock", "Memory", "Restrict", "SystemCall", "UMask", "Private", "Protect",
          "Ambient", "Capability", "Keyring", "Remove", "SuccessExit", "KillMode"}) {
      if (line.starts_with(begin)) lines.insert(line);
    }
  }
  return lines;
}

TEST(PackageTest, TheUnitOfThePackageMayDoNoMoreThanThatOfSchedule) {
  const TemporaryFolder folder;
  folder.write("job.yaml", "job: a\nstart: [https://example.org/]\n");
  const ProgramResult schedule =
      run_program({PLACER_BINARY, "schedule", folder / "job.yaml", "--daily", "03:00", "--system"});
  ASSERT_EQ(schedule.status, 0) << schedule.err;
  const std::set<std::string> packaged = restrictions(text_of(PLACER_UNITS "/placer@.service"));
  for (const std::string& line : restrictions(schedule.out)) {
    if (line.starts_with("ProtectHome")) continue;  // as its paths need it
    EXPECT_TRUE(packaged.contains(line)) << line;
  }
  EXPECT_GT(packaged.size(), 20U);
}

}  // namespace
}  // namespace placer
