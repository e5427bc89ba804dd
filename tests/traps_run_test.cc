// The program itself on sites with a trap of a million URLs.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/server.h"
#include "tests/web/site.h"
#include "tests/web/traps.h"

namespace placer {
namespace {

constexpr std::size_t kBudget = 2000;  // scope.max_pages

class TrapRunTest : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(TrapRunTest, FindsAllPlacesOnLittleOfItsBudgetAndEndsByItself) {
  const auto& [kind, backend] = GetParam();
  const web::RunningServer server(web::Site::traps(kind, 2).handler(), {});
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  const auto run = run_program({PLACER_BINARY, "run", "job.yaml", "--backend", backend, "--db",
                                "a.db", "--set", "scope.max_pages=" + std::to_string(kBudget)},
                               folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT outcome, pass_end FROM run"),
            std::vector<std::string>{"done|complete"});
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT count(*) FROM place"),
            std::vector<std::string>{std::to_string(web::kPlacesBehindTraps)});
  EXPECT_EQ(
      query_lines(folder / "a.db", "SELECT count(*) FROM filtered WHERE reason = 'max-pages'"),
      std::vector<std::string>{"0"});
  // robots.txt and the start page aside.
  const std::size_t trapped = server.log().size() - web::kPlacesBehindTraps - 2;
  RecordProperty("pages_of_the_trap", static_cast<int>(trapped));
  EXPECT_LE(trapped, kBudget / 5);
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
