// The program dies at each call that changes its database, and goes on with the same command.
//
// `./dev test` takes a few of the points, `./dev chaos` all of them (PLACER_CRASH_POINTS=0).
#include <csignal>
#include <iostream>
#include <random>

#include "tests/crawl_job.h"
#include "tests/faults.h"

namespace placer {
namespace {

struct SweepTally {
  long points = 0;  // calls of the unbroken crawl
  long deaths = 0;
  long again = 0;  // requests that were made once more than in an unbroken crawl
};

class CrashSweepTest : public testing::TestWithParam<const char*> {
 protected:
  CrashSweepTest() : site_(small_site()), server_(site_.handler()) {
    folder_.write("job.yaml", loopback_job(server_.url("/")));
  }

  std::vector<std::string> command(const std::string& db) const {
    return {PLACER_BINARY, "run", folder_ / "job.yaml", "--backend", GetParam(), "--db", db,
            "--quiet"};
  }

  // Dies at `point`, at the second run perhaps again, then runs to the end.
  void sweep_point(long point, const char* manner, long second_point) {
    SCOPED_TRACE("point " + std::to_string(point) + ", " + manner + ", then " +
                 std::to_string(second_point));
    const std::string db = folder_ / ("broken" + std::to_string(next_++) + ".db");
    server_.clear_log();
    for (const long at : {point, second_point}) {
      if (at == 0) continue;
      const ProgramResult result = run_program(
          with_faults("path=" + db + " at=" + std::to_string(at) + " do=" + manner, command(db)));
      if (result.status == 128 + SIGKILL) {
        ++tally_.deaths;
      } else {
        EXPECT_EQ(result.status, 0) << result.err;  // it made fewer calls this time
      }
    }
    const ProgramResult result = run_program(command(db));
    EXPECT_EQ(result.status, 0) << result.err;
    expect_complete(db, whole_);
    tally_.again += static_cast<long>(server_.log().size()) - requests_;
    std::filesystem::remove(db);
  }

  const web::Site site_;
  web::RunningServer server_;
  const TemporaryFolder folder_;
  const std::string whole_ = folder_ / "whole.db";
  long requests_ = 0;  // of the unbroken crawl
  int next_ = 0;
  SweepTally tally_;
};

TEST_P(CrashSweepTest, LosesAndDoublesNothingWhereverItDies) {
  SKIP_WITHOUT_FAULTS();
  tally_.points = count_changing_calls(whole_, "", command(whole_), folder_);
  requests_ = static_cast<long>(server_.log().size());
  ASSERT_GT(tally_.points, 20);
  ASSERT_GE(query_lines(whole_, "SELECT id FROM place").size(), 15U);

  const long wanted_points = wanted("PLACER_CRASH_POINTS", 8);
  const bool all = wanted_points == 0 || wanted_points > tally_.points;
  std::mt19937 random(3);
  std::uniform_int_distribution<long> anywhere(1, tally_.points);
  if (all) {
    for (long point = 1; point <= tally_.points; ++point) {
      sweep_point(point, "kill", 0);
      sweep_point(point, "torn", anywhere(random));
      if (HasFailure()) return;
    }
  } else {
    // While the file becomes a database it is at its most fragile, on any backend.
    const bool first_too = GetParam() == std::string("serial");
    for (long point = 1; first_too && point <= 16 && !HasFailure(); ++point) {
      sweep_point(point, "torn", 0);
    }
    for (long i = 0; i < wanted_points && !HasFailure(); ++i) {
      const long first = 1 + i * tally_.points / wanted_points;
      const long last = (i + 1) * tally_.points / wanted_points;
      const long point = std::uniform_int_distribution<long>(first, last)(random);
      sweep_point(point, i % 2 == 0 ? "kill" : "torn", i % 4 == 3 ? anywhere(random) : 0);
    }
  }
  std::cout << GetParam() << ": " << tally_.points << " calls change the database; died "
            << tally_.deaths << " times, 0 places lost, 0 doubled, " << tally_.again
            << " requests made again\n";
}

INSTANTIATE_TEST_SUITE_P(All, CrashSweepTest, testing::ValuesIn(kBackendNames),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace placer
