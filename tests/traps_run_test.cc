// The program itself on sites with a trap of a million URLs.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/server.h"
#include "tests/web/traps.h"

namespace placer {
namespace {

class TrapRunTest : public testing::TestWithParam<std::string> {};

TEST_P(TrapRunTest, FindsAllPlacesAndEndsByItself) {
  constexpr std::size_t kBudget = 3000;
  const web::RunningServer server(web::Site::traps(GetParam(), 2).handler(), {});
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  const auto run = run_program({PLACER_BINARY, "run", "job.yaml", "--backend", "serial", "--db",
                                "a.db", "--max-pages", std::to_string(kBudget)},
                               folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT outcome FROM run"),
            std::vector<std::string>{"done"});
  EXPECT_EQ(query_lines(folder / "a.db", "SELECT count(*) FROM place"),
            std::vector<std::string>{std::to_string(web::kPlacesBehindTraps)});
  // robots.txt and the start page aside.
  EXPECT_LE(server.log().size(), web::kPlacesBehindTraps + 2 + kBudget / 5);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TrapRunTest, testing::ValuesIn(web::trap_kinds()),
                         [](const auto& kind) {
                           std::string name = kind.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace placer
