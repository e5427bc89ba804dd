// The program itself on sites with a trap of a million URLs.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <tuple>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/server.h"
#include "tests/web/site.h"
#include "tests/web/traps.h"

namespace placer {
namespace {

constexpr std::uint64_t kSeed = 2;
// scope.max_pages; a site with all traps at once needs more of it.
std::size_t budget_of(const std::string& kind) { return kind.starts_with("all") ? 4000 : 2000; }

class TrapRunTest : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(TrapRunTest, FindsAllPlacesOnAFifthOfItsBudgetAtMostAndEndsByItself) {
  const auto& [kind, backend] = GetParam();
  const std::size_t budget = budget_of(kind);
  const web::RunningServer server(web::Site::traps(kind, kSeed).handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", "job: test\nstart: ['" + server.url("/") +
                               "']\npoliteness: {user_agent: placer-test/1.0, delay: 0}\n"
                               "fetch: {private_addresses: allow}\n"
                               "scope: {max_depth: 1000, max_pages: " +
                               std::to_string(budget) + "}\n");
  const auto run = run_program(
      {PLACER_BINARY, "run", "job.yaml", "--backend", backend, "--db", "a.db"}, folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT outcome, pass_end FROM run"),
            std::vector<std::string>{"done|complete"});
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT count(*) FROM place"),
            std::vector<std::string>{std::to_string(web::kPlacesBehindTraps)});
  // robots.txt and the start page aside.
  const std::size_t trapped = server.log().size() - web::kPlacesBehindTraps - 2;
  std::cout << kind << " on " << backend << ": " << trapped << " pages of the trap, of " << budget
            << "\n";
  EXPECT_LE(trapped, budget / 5);
  // All of it is as it was, so that the second pass goes by what is on record.
  ASSERT_EQ(run_program({PLACER_BINARY, "run", "job.yaml", "--backend", backend, "--db", "a.db"},
                        folder.path())
                .status,
            0);
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT count(*) FROM place WHERE missing_since IS NULL"),
            std::vector<std::string>{std::to_string(web::kPlacesBehindTraps)});
}

INSTANTIATE_TEST_SUITE_P(Kinds, TrapRunTest,
                         testing::Combine(testing::ValuesIn(web::trap_kinds()),
                                          testing::Values("serial", "async")),
                         [](const auto& kind) {
                           std::string name =
                               std::get<0>(kind.param) + "On" + std::get<1>(kind.param);
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace placer
