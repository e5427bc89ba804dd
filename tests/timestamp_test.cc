// Dates of sitemaps and feeds.
#include "scraper/page/timestamp.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace placer {
namespace {

constexpr std::int64_t kMoment = 1'795'249'800;  // 2026-11-21T08:30:00Z

// https://www.w3.org/TR/NOTE-datetime, "Formats".
TEST(TimestampTest, ReadsEveryProfileOfW3c) {
  const std::pair<const char*, std::int64_t> kDates[] = {
      {"1970", 0},
      {"2026", 1'767'225'600},
      {"2026-11", 1'793'491'200},
      {"2026-11-21", 1'795'219'200},
      {"2026-11-21T08:30Z", kMoment},
      {"2026-11-21T08:30:07Z", kMoment + 7},
      {"2026-11-21T08:30:07.25Z", kMoment + 7},
      {"2026-11-21T09:30:00+01:00", kMoment},
      {"2026-11-21T00:30:00.000000-08:00", kMoment},
      {"2026-11-20T23:00-09:30", kMoment},
      {"2024-02-29", 1'709'164'800},
      {"2016-12-31T23:59:60Z", 1'483'228'800},
  };
  for (const auto& [text, seconds] : kDates) EXPECT_EQ(parse_timestamp(text), seconds) << text;
}

TEST(TimestampTest, ReadsWhatSitesMakeOfW3c) {
  for (const char* text :
       {" \n2026-11-21T08:30:00Z\t", "2026-11-21 08:30:00", "2026-11-21t08:30:00z",
        "2026-11-21T08:30:00", "2026-11-21T08:30", "2026-11-21T09:30:00+0100",
        "2026-11-21T09:30:00+01", "2026-11-21 08:30:00 +00:00", "2026-11-21T08:30:00,5Z",
        "2026-11-21T9:30:00+01:00", "2026-11-21T08:00:00-0030"}) {
    EXPECT_EQ(parse_timestamp(text), kMoment) << text;
  }
}

// RFC 822 section 5, RFC 5322 sections 3.3 and 4.3.
TEST(TimestampTest, ReadsTheDatesOfRss) {
  for (const char* text :
       {"Sat, 21 Nov 2026 08:30:00 GMT", "Sat, 21 Nov 2026 08:30 GMT", "21 Nov 26 08:30 UT",
        "Sat, 21 Nov 2026 09:30:00 +0100", "Sat, 21 Nov 2026 03:30:00 EST",
        "Sat, 21 Nov 2026 04:30:00 EDT", "Sat, 21 Nov 2026 00:30:00 PST",
        "Sat, 21 Nov 2026 01:30:00 pdt", "Saturday, 21 November 2026 08:30:00 Z",
        "Sat 21 Nov 2026 08:30:00", "Sat, 21-Nov-2026 08:30:00 UTC",
        "Sat,  21  Nov  2026  08:30:00  +00:00"}) {
    EXPECT_EQ(parse_timestamp(text), kMoment) << text;
  }
  EXPECT_EQ(parse_timestamp("Thu, 05 Jan 2017 13:34:51 +0100"), 1'483'619'691);
  EXPECT_EQ(parse_timestamp("5 Jan 2017"), 1'483'574'400);
  EXPECT_EQ(parse_timestamp("1 Jan 99"), 915'148'800);
}

TEST(TimestampTest, RefusesWhatIsNoDate) {
  for (const char* text : {"",
                           " ",
                           "yesterday",
                           "0",
                           "20261121",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-00-10",
                           "2026-1-1",
                           "2026-11-21T",
                           "2026-11-21T08",
                           "2026-11-21T24:00Z",
                           "2026-11-21T08:60Z",
                           "2026-11-21T08:30:61Z",
                           "2026-11-21T08:30:00.Z",
                           "2026-11-21T08:30:00+25:00",
                           "2026-11-21T08:30:00+1",
                           "2026-11-21T08:30:00Z and more",
                           "1969-12-31",
                           "0000-01-01",
                           "2026/11/21",
                           "11/21/2026",
                           "32 Nov 2026",
                           "Sat, 21 Foo 2026 08:30:00 GMT",
                           "21 Nov",
                           "Sat, 21 Nov 2026 08:30:00 GMT x",
                           "99999-01-01",
                           "-2026-01-01"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_timestamp(std::string(100'000, '2')), std::nullopt);
  EXPECT_EQ(parse_timestamp("2026-11-21T08:30:00." + std::string(100, '0') + "Z"), std::nullopt);
}

}  // namespace
}  // namespace placer
