// Opening hours at a moment, moments as people write them, and the clocks of countries.
#include "storage/open_at.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "storage/moment.h"
#include "storage/times.h"

namespace placer {
namespace {

// 2026-11-16 is a Monday.
WallTime on(int day, int hour, int minute = 0) {
  return {{2026, 11, 16 + day}, hour * 60 + minute};
}

constexpr std::optional<bool> kOpen = true;
constexpr std::optional<bool> kClosed = false;
constexpr std::optional<bool> kUnknown = std::nullopt;

TEST(OpenAtTest, ReadsDaysAndSpans) {
  const char* hours = "Mo-Fr 09:00-12:00,13:00-17:00; Sa off";
  EXPECT_EQ(open_at(hours, on(0, 9)), kOpen);
  EXPECT_EQ(open_at(hours, on(0, 12)), kClosed);
  EXPECT_EQ(open_at(hours, on(4, 16, 59)), kOpen);
  EXPECT_EQ(open_at(hours, on(5, 10)), kClosed);
  EXPECT_EQ(open_at(hours, on(6, 10)), kUnknown);
}

TEST(OpenAtTest, GoesOnPastMidnight) {
  EXPECT_EQ(open_at("Fr-Sa 20:00-02:00", on(5, 1)), kOpen);
  EXPECT_EQ(open_at("Fr-Sa 20:00-02:00", on(6, 1, 59)), kOpen);
  EXPECT_EQ(open_at("Fr-Sa 20:00-02:00", on(6, 2)), kUnknown);
  EXPECT_EQ(open_at("Sa-Mo 20:00-26:00", on(0, 21)), kOpen);
  EXPECT_EQ(open_at("Mo-Su 18:00-24:00", on(3, 23, 59)), kOpen);
  EXPECT_EQ(open_at("24/7", on(3, 3)), kOpen);
}

TEST(OpenAtTest, LetsTheLastRuleThatNamesADayCount) {
  const char* hours = "Mo-Fr 09:00-17:00; 2026 Nov 17 off; 2026 Nov 18-2026 Nov 19 10:00-11:00";
  EXPECT_EQ(open_at(hours, on(0, 10)), kOpen);
  EXPECT_EQ(open_at(hours, on(1, 10)), kClosed);
  EXPECT_EQ(open_at(hours, on(2, 10)), kOpen);
  EXPECT_EQ(open_at(hours, on(3, 12)), kClosed);
  EXPECT_EQ(open_at(hours, on(4, 12)), kOpen);
}

TEST(OpenAtTest, ReadsMonthsAndDatesOfEveryYear) {
  EXPECT_EQ(open_at("Nov-Feb Mo-Su 10:00-12:00", on(0, 11)), kOpen);
  EXPECT_EQ(open_at("Apr-Oct Mo-Su 10:00-12:00", on(0, 11)), kUnknown);
  EXPECT_EQ(open_at("Mo-Su 10:00-12:00; Nov 16-18 off", on(2, 11)), kClosed);
  EXPECT_EQ(open_at("Mo-Su 10:00-12:00; Nov 16-18 off", on(3, 11)), kOpen);
  EXPECT_EQ(open_at("Nov 10:00-12:00", on(6, 11)), kOpen);
}

TEST(OpenAtTest, PassesOverHolidaysAndGuessesNothing) {
  EXPECT_EQ(open_at("Mo-Fr 09:00-17:00; PH off", on(0, 10)), kOpen);
  EXPECT_EQ(open_at("Mo-Fr,PH 09:00-17:00", on(0, 10)), kOpen);
  EXPECT_EQ(open_at("PH 10:00-12:00", on(0, 11)), kUnknown);
  for (const char* hours :
       {"", "sunrise-sunset", "Mo 09:00+", "Mo[1] 10:00-12:00", "by appointment", "Mo-Fr 9-17",
        "week 1-10 Mo 10:00-12:00", "2026", "Mo 10:00-99:00", "Mo 25:00-26:00", "Mo-", ";;;",
        "Mo 10:00-12:00; \"ask\"", "2026 Nov", "-1:00-2:00"}) {
    EXPECT_EQ(open_at(hours, on(0, 11)), std::string_view(hours) == "2026 Nov" ? kOpen : kUnknown)
        << hours;
  }
  EXPECT_EQ(open_at(std::string(1'000'000, ';'), on(0, 11)), kUnknown);
}

class MomentTest : public ::testing::Test {
 protected:
  void SetUp() override { setenv("TZ", "UTC", 1); }

  std::optional<WallTime> wall(std::string_view text) const {
    const auto moment = parse_moment(text, now);
    if (!moment || !std::holds_alternative<WallTime>(*moment)) return std::nullopt;
    return std::get<WallTime>(*moment);
  }

  Instant now = *instant_of_text("2026-11-21T16:30:00Z");  // a Saturday
};

TEST_F(MomentTest, ReadsWhatPeopleWrite) {
  EXPECT_EQ(wall("20:00"), (WallTime{{2026, 11, 21}, 1200}));
  EXPECT_EQ(wall("Sa 10am"), (WallTime{{2026, 11, 21}, 600}));
  EXPECT_EQ(wall("sonntag 9:30"), (WallTime{{2026, 11, 22}, 570}));
  EXPECT_EQ(wall("Fr 24:00"), (WallTime{{2026, 11, 28}, 0}));
  EXPECT_EQ(wall("2026-12-31 24:00"), (WallTime{{2027, 1, 1}, 0}));
  EXPECT_EQ(wall("2026-12-24T18:00"), (WallTime{{2026, 12, 24}, 1080}));
  EXPECT_EQ(wall("2026-12-24"), (WallTime{{2026, 12, 24}, 720}));
  EXPECT_EQ(std::get<Instant>(*parse_moment("Now", now)), now);
  EXPECT_EQ(std::get<Instant>(*parse_moment("2026-11-21T17:30:00+01:00", now)), now);
  for (const char* text : {"", "soon", "25:00", "Xx 10:00", "2026-02-30 10:00", "Sa", "PH 10:00",
                           "infinite-future", "2026-11-21T", "9"}) {
    EXPECT_FALSE(parse_moment(text, now)) << text;
  }
}

TEST_F(MomentTest, ReadsTheClockOfACountryThatHasOne) {
  if (!country_clock("DE", now)) GTEST_SKIP() << "no table of time zones: tzdata is not installed";
  EXPECT_EQ(country_clock("DE", now), (WallTime{{2026, 11, 21}, 17 * 60 + 30}));
  EXPECT_EQ(country_clock("JP", now), (WallTime{{2026, 11, 22}, 60 + 30}));
  EXPECT_EQ(country_clock("US", now), std::nullopt);  // several that differ
  EXPECT_EQ(country_clock("XX", now), std::nullopt);
  EXPECT_EQ(country_clock("", now), std::nullopt);
}

}  // namespace
}  // namespace placer
