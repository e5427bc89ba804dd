// placer diff, and what the history of a place amounts to.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "storage/query.h"
#include "tests/program.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DiffTest : public ::testing::Test {
 protected:
  // A pass in one run per batch; the earlier ones stop at a limit.
  void pass(const std::vector<std::vector<Completion>>& batches) {
    StorageOptions options{path, Durability::kNormal};
    options.gone_after = std::chrono::milliseconds(0);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      auto storage = SqliteStorage::open(path, options);
      ASSERT_TRUE(storage);
      ASSERT_TRUE((*storage)->begin_run("cafes", "serial", kNoon));
      const bool last = i + 1 == batches.size();
      std::vector<Completion> batch = batches[i];
      if (!last && i == 0) batch.push_back(discovered(90, 90));
      if (last && i > 0) batch.push_back(fetched(90));
      ASSERT_TRUE((*storage)->commit(batch, {}));
      ASSERT_TRUE((*storage)->end_run(last ? RunOutcome::kDone : RunOutcome::kLimit, {}, kNoon));
    }
  }

  ProgramResult diff(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {PLACER_BINARY, "diff", path});
    return run_program(arguments);
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
};

Observation cafe(const std::string& name, const std::string& phone = "") {
  Observation o = observation(name, name);
  o.place.addr_street = name + " Street";
  if (!phone.empty()) o.place.phone = phone;
  return o;
}

TEST_F(DiffTest, ShowsWhatTheLastPassChanged) {
  pass({{fetched(1, {cafe("Anna", "+491"), cafe("Bert"), cafe("Cleo")})}});
  pass({{fetched(1, {cafe("Anna", "+492"), cafe("Cleo"), cafe("Dora")})}});
  const ProgramResult result = diff();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out,
            "changed  Anna\n         phone: +491 -> +492\n"
            "gone     Bert  since 2026-05-28T20:26:40Z\n"
            "new      Dora\n"
            "1 new, 1 gone, 0 back, 1 changed since run 1\n");
}

TEST_F(DiffTest, TakesThePassTogetherThatTookSeveralRuns) {
  pass({{fetched(1, {cafe("Anna", "+491"), cafe("Bert", "+491")})}});
  pass({{fetched(1, {cafe("Anna", "+492"), cafe("Bert", "+492")})},
        {fetched(1, {cafe("Anna", "+493"), cafe("Bert", "+491")})}});
  EXPECT_EQ(rows(path, "SELECT id, pass FROM run"), "1|1\n2|2\n3|2\n");
  EXPECT_EQ(diff().out,
            "changed  Anna\n         phone: +491 -> +493\n"
            "0 new, 0 gone, 0 back, 1 changed since run 1\n");
  EXPECT_EQ(diff({"--since", "2"}).out,
            "changed  Anna\n         phone: +492 -> +493\n"
            "changed  Bert\n         phone: +492 -> +491\n"
            "0 new, 0 gone, 0 back, 2 changed since run 2\n");
}

TEST_F(DiffTest, LeavesOutWhatCameAndWentAndTellsWhatCameBack) {
  pass({{fetched(1, {cafe("Anna")})}});
  pass({{fetched(1, {cafe("Bert")})}});
  EXPECT_THAT(diff().out, HasSubstr("gone     Anna"));
  pass({{fetched(1, {cafe("Anna")})}});
  EXPECT_THAT(diff().out, HasSubstr("back     Anna\n"));
  EXPECT_EQ(diff({"--since", "1"}).out, "0 new, 0 gone, 0 back, 0 changed since run 1\n");
  EXPECT_EQ(diff({"--since", "3"}).out, "0 new, 0 gone, 0 back, 0 changed since run 3\n");
}

TEST_F(DiffTest, WritesOneJsonObjectPerLine) {
  pass({{fetched(1, {cafe("Anna", "+491"), cafe("Bert")})}});
  pass({{fetched(1, {cafe("Anna"), cafe("Cleo\nthe second")})}});
  std::vector<nlohmann::json> lines;
  std::istringstream out(diff({"--json"}).out);
  for (std::string line; std::getline(out, line);) lines.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["change"], "changed");
  EXPECT_EQ(lines[0]["name"], "Anna");
  EXPECT_EQ(lines[0]["fields"]["phone"], (nlohmann::json{{"old", "+491"}, {"new", nullptr}}));
  EXPECT_TRUE(lines[0]["id"].is_string());
  EXPECT_EQ(lines[1]["change"], "gone");
  EXPECT_EQ(lines[1]["gone_since"], "2026-05-28T20:26:40Z");
  EXPECT_EQ(lines[2]["change"], "new");
  EXPECT_FALSE(lines[2].contains("fields"));
}

TEST_F(DiffTest, EscapesWhatTheWebWroteAndStopsAtTheLimit) {
  pass({{fetched(1, {cafe("A\x1b[31m"), cafe("Bert"), cafe("Cleo")})}});
  const ProgramResult result = diff({"--limit", "1"});
  EXPECT_EQ(result.out,
            "new      A\\x1b[31m\n... and 2 more\n"
            "3 new, 0 gone, 0 back, 0 changed since run 0\n");
}

TEST_F(DiffTest, SaysWhatIsWrongWithTheRunOrTheDatabase) {
  pass({{fetched(1, {cafe("Anna")})}});
  const ProgramResult unknown = diff({"--since", "7"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("--since 7: no such run"));
  EXPECT_EQ(run_program({PLACER_BINARY, "diff", folder / "none.db"}).status, 3);
  EXPECT_EQ(run_program({PLACER_BINARY, "diff"}).status, 2);
}

TEST_F(DiffTest, IsEmptyForADatabaseWithoutARun) {
  open_storage(path);
  const ProgramResult result = diff();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "0 new, 0 gone, 0 back, 0 changed since run 0\n");
}

}  // namespace
}  // namespace placer
