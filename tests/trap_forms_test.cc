#include "scraper/frontier/trap_forms.h"

#include <gtest/gtest.h>

#include <string>

namespace placer {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr sys_days kToday = sys_days(2026y / 11 / 21);

std::string form(std::string_view path_and_query) {
  const auto reason = trap_form(UrlShape(path_and_query), kToday);
  return reason ? std::string(trap_reason_name(*reason)) : "";
}

TEST(TrapFormTest, RefusesMoreThanTwentySegments) {
  std::string path;
  for (int i = 0; i < 20; ++i) path += "/s" + std::to_string(i);
  EXPECT_EQ(form(path), "");
  EXPECT_EQ(form(path + "/s20"), "endless-depth");
  EXPECT_EQ(form(path + "//"), "");
  for (int i = 0; i < 1000; ++i) path += "/t" + std::to_string(i);
  EXPECT_EQ(form(path), "endless-depth");
}

TEST(TrapFormTest, RefusesASegmentThatStandsThereFourTimes) {
  EXPECT_EQ(form("/a/x/a/y/a/z"), "");
  EXPECT_EQ(form("/a/x/a/y/a/z/a"), "repeated-segments");
  EXPECT_EQ(form("/1/1/1"), "");
  EXPECT_EQ(form("/1/1/1/1"), "repeated-segments");
}

TEST(TrapFormTest, RefusesAGroupThatComesThreeTimesInARow) {
  EXPECT_EQ(form("/a/b/a/b"), "");
  EXPECT_EQ(form("/a/b/a/b/a"), "");
  EXPECT_EQ(form("/a/b/a/b/a/b"), "repeated-segments");
  EXPECT_EQ(form("/x/a/b/c/a/b/c/a/b/c/y"), "repeated-segments");
  EXPECT_EQ(form("/a/a/a"), "repeated-segments");
}

TEST(TrapFormTest, LeavesSitesThatNameThingsTwiceAlone) {
  for (const char* path : {"/de/de/", "/de/de/filialen", "/new-york/new-york", "/a/a/b/a",
                           "/2011/11/11/11-things", "/2011/11/11/11", "/foo/foo.html", "/", "//"}) {
    EXPECT_EQ(form(path), "") << path;
  }
}

TEST(TrapFormTest, RefusesParametersWithoutAnEnd) {
  EXPECT_EQ(form("/s?f=1&f=2&f=3&f=4"), "");
  EXPECT_EQ(form("/s?f=1&f=2&f=3&f=4&f=5"), "repeated-parameters");
  std::string query = "/s?";
  for (int i = 0; i < 20; ++i) query += "p" + std::to_string(i) + "=1&";
  EXPECT_EQ(form(query), "");
  EXPECT_EQ(form(query + "z=1"), "repeated-parameters");
}

TEST(TrapFormTest, RefusesCalendarsBeyondTheHorizon) {
  for (const char* path :
       {"/calendar/2029/01", "/events/2031/12/24", "/1989/12/31/", "/day/2029-05-01",
        "/c?date=2030-01-01", "/c?month=203001", "/c?Date=20300101", "/c?year=2040&month=5",
        "/c?cal=1970-01-01", "/9999/12", "/c?start_date=1066-10-14"}) {
    EXPECT_EQ(form(path), "distant-date") << path;
  }
}

TEST(TrapFormTest, KeepsDatesWithinTheHorizon) {
  for (const char* path : {"/calendar/2028/12", "/1990/01/", "/blog/2006/03/12/hello",
                           "/c?date=2026-11-21", "/c?year=1999"}) {
    EXPECT_EQ(form(path), "") << path;
  }
}

TEST(TrapFormTest, TakesNoOtherNumbersForDates) {
  for (const char* path :
       {"/store/2031", "/store/2031/5", "/store/2031/17", "/area/2077-north", "/p?id=20310101",
        "/p?zip=1010", "/1066/battle", "/store/0815/11", "/c?year=all", "/c?date=", "/p/20310101",
        "/vision-2050", "/c?until=2030", "/store/12031/12"}) {
    EXPECT_EQ(form(path), "") << path;
  }
}

TEST(UrlShapeTest, FindsTheSamePatternWhateverTheNumbers) {
  const auto pattern = [](std::string_view path) { return UrlShape(path).patterns().front(); };
  EXPECT_EQ(pattern("/store/17"), pattern("/store/4711"));
  EXPECT_EQ(pattern("/v/3f2a9c01d4e5b6a7/x"), pattern("/v/9e8d7c6b5a4f3e2d/y"));
  EXPECT_EQ(pattern("/p/550e8400-e29b-41d4-a716-446655440000"),
            pattern("/p/123e4567-e89b-12d3-a456-426614174000"));
  EXPECT_EQ(pattern("/s?a=1&b=2"), pattern("/s?b=x&a=y"));
  EXPECT_EQ(pattern("/in/berlin/anna"), pattern("/in/berlin/bert"));
  EXPECT_NE(pattern("/store/17"), pattern("/store/list"));
  EXPECT_NE(pattern("/store/a.html"), pattern("/store/a.pdf"));
  EXPECT_NE(pattern("/in/berlin/anna"), pattern("/in/paris/anna"));
  EXPECT_NE(pattern("/s?a=1"), pattern("/s?a=1&b=1"));
  EXPECT_NE(pattern("/s/"), pattern("/s"));
}

TEST(UrlShapeTest, TellsIdentifiersFromWords) {
  const auto kind = [](std::string_view text) {
    const std::string path = "/" + std::string(text);
    return UrlShape(path).segments().front().kind;
  };
  for (const char* text : {"3f2a9c01d4e5b6a7", "550e8400-e29b-41d4-a716-446655440000", "a1b2c3d4e5",
                           "b728990563660bec"}) {
    EXPECT_EQ(kind(text), UrlPieceKind::kIdentifier) << text;
  }
  for (const char* text : {"restaurant", "cafe2024", "berlin-mitte-10115", "strasse-des-17-juni"}) {
    EXPECT_EQ(kind(text), UrlPieceKind::kWord) << text;
  }
  EXPECT_EQ(kind("20261121"), UrlPieceKind::kNumber);
}

TEST(UrlShapeTest, ReadsAnyTextInItsBounds) {
  std::uint32_t state = 3;
  for (int round = 0; round < 20000; ++round) {
    std::string path = "/";
    for (std::uint32_t i = 0; i < 60; ++i) {
      state = state * 1664525 + 1013904223;
      path += "/?&=a0-.\xff"[(state >> 13) % 9];
    }
    const UrlShape shape(path);
    ASSERT_LE(shape.patterns().size(), UrlShape::kMostPatterns);
    ASSERT_LE(shape.segments().size(), UrlShape::kMostPieces);
    trap_form(shape, kToday);
  }
}

}  // namespace
}  // namespace placer
