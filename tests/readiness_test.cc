#include "scraper/fetch/readiness.h"

#include <gtest/gtest.h>

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr Readiness::Clock::time_point at(int ms) {
  return Readiness::Clock::time_point(milliseconds(ms));
}

TEST(ReadinessTest, TakesWhatEndsAWaitForJustArrived) {
  Readiness readiness(at(0));
  readiness.looked(at(0), at(70), true);
  EXPECT_EQ(readiness.since(), at(70));
}

TEST(ReadinessTest, TakesWhatIsThereAtOnceForReadySinceTheLastLook) {
  Readiness readiness(at(0));
  readiness.looked(at(0), at(70), true);
  readiness.looked(at(100), at(100), true);  // 30 ms of work later
  EXPECT_EQ(readiness.since(), at(70));
  readiness.looked(at(145), at(145), true);
  EXPECT_EQ(readiness.since(), at(100));
}

TEST(ReadinessTest, TakesWhatALookLeftForReadySinceTheLookBefore) {
  Readiness readiness(at(0));
  readiness.looked(at(5), at(5), true);
  readiness.looked(at(10), at(10), false);
  readiness.looked(at(20), at(20), false);
  EXPECT_EQ(readiness.since(), at(5));
  readiness.looked(at(30), at(30), true);
  EXPECT_EQ(readiness.since(), at(5));
  readiness.looked(at(40), at(40), true);
  EXPECT_EQ(readiness.since(), at(30));
}

}  // namespace
}  // namespace placer
