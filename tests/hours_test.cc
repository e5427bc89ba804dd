#include "scraper/place/hours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace placer {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string from_text(std::string_view text) {
  const auto hours = hours_from_text(text);
  return hours ? hours->osm : "nothing";
}

std::string from_schema(const char* fields) {
  const auto hours = hours_from_schema(json::parse(fields));
  return hours ? hours->osm : "nothing";
}

std::string from_spec(const std::string& specification) {
  return from_schema((R"({"openingHoursSpecification":)" + specification + "}").c_str());
}

TEST(HoursTextTest, ReadsSchemaOrgStrings) {  // https://schema.org/openingHours
  EXPECT_EQ(from_text("Mo-Fr 09:00-17:00"), "Mo-Fr 09:00-17:00");
  EXPECT_EQ(from_text("Mo,Tu,We 9:00-17:00"), "Mo-We 09:00-17:00");
  EXPECT_EQ(from_text("Tu,Th 16:00-20:00"), "Tu 16:00-20:00; Th 16:00-20:00");
  EXPECT_EQ(from_text("Mo-Su"), "24/7");  // "Monday through Sunday, all day"
  EXPECT_EQ(from_text("Mo-Fr"), "nothing");
  EXPECT_EQ(from_text("Mo-Su 10:00-22:00"), "Mo-Su 10:00-22:00");
  EXPECT_EQ(from_text("24/7"), "24/7");
  EXPECT_EQ(from_text("Mo-Su 00:00-24:00"), "24/7");
  EXPECT_EQ(from_text("Mo-Su 00:00-23:59"), "24/7");
}

TEST(HoursTextTest, ReadsSeveralRulesAndSpans) {
  EXPECT_EQ(from_text("Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-14:00"),
            "Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-14:00");
  EXPECT_EQ(from_text("Mo-Fr 09:00-17:00, Sa 10:00-14:00, Su closed"),
            "Mo-Fr 09:00-17:00; Sa 10:00-14:00; Su off");
  EXPECT_EQ(from_text("Mo 09:00-12:00 Mo 13:00-17:00"), "Mo 09:00-12:00,13:00-17:00");
  EXPECT_EQ(from_text("Sa-Mo 10:00-12:00"), "Mo 10:00-12:00; Sa-Su 10:00-12:00");
}

TEST(HoursTextTest, ReadsDayNamesAndTwelveHourClocks) {
  EXPECT_EQ(from_text("Monday to Friday: 9am - 5:30pm; Saturday: 10am - noon; Sunday: Closed"),
            "Mo-Fr 09:00-17:30; Sa 10:00-12:00; Su off");
  EXPECT_EQ(from_text("Weekdays 9-5pm"), "Mo-Fr 09:00-17:00");
  EXPECT_EQ(from_text("Daily 11 a.m. – 11 p.m."), "Mo-Su 11:00-23:00");
  EXPECT_EQ(from_text("Mo-Fr 9–17"), "Mo-Fr 09:00-17:00");
  EXPECT_EQ(from_text("Mo 12am-12pm"), "Mo 00:00-12:00");
  EXPECT_EQ(from_text("Friday: Open 24 hours"), "Fr 00:00-24:00");
}

TEST(HoursTextTest, SpansPastMidnightBelongToTheFirstDay) {
  EXPECT_EQ(from_text("Fr-Sa 20:00-02:00"), "Fr-Sa 20:00-02:00");
  EXPECT_EQ(from_text("Fr 20:00-24:00"), "Fr 20:00-24:00");
  EXPECT_EQ(from_text("Fr 20:00-00:00"), "Fr 20:00-24:00");
  const auto hours = hours_from_text("Fr 20:00-02:00");
  ASSERT_TRUE(hours);
  EXPECT_THAT(hours->intervals, ElementsAre(HoursInterval{4, 20 * 60, 26 * 60}));
}

TEST(HoursTextTest, RefusesWhatItDoesNotUnderstandAltogether) {
  for (const char* text :
       {"", "by appointment", "Mo-Fr 09:00", "Mo-Fr 25:00-26:00", "Mo 9:00-9:00", "11-2am",
        "Mo-Fr 09:00-17:00 except in May", "-", ";", "9:00-", "Mo-", "Mo 09:60-10:00", "\xFF"}) {
    EXPECT_EQ(from_text(text), "nothing") << text;
  }
}

TEST(HoursTextTest, SurvivesHostileText) {
  from_text(std::string(1'000'000, 'M'));
  from_text(std::string(1'000'000, ','));
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "Mo 09:00-17:00,";
  from_text(many);
  hours_from_schema(json{{"openingHoursSpecification",
                          {{"dayOfWeek", "Monday"},
                           {"opens", "09:00" + std::string(100'000, '.')},
                           {"closes", "10:00"}}}});
}

TEST(HoursSchemaTest, ReadsDaysInAllTheirForms) {
  const char* const forms[] = {
      R"({"dayOfWeek":["Monday","Tuesday"],"opens":"09:00","closes":"17:00"})",
      R"({"dayOfWeek":["https://schema.org/Monday","http://schema.org/Tuesday"],
          "opens":"9:00","closes":"17:00"})",
      R"([{"dayOfWeek":"Mo","opens":"09:00:00","closes":"17:00:00"},
          {"dayOfWeek":"Tu","opens":"T09:00","closes":"5pm"}])",
      R"({"dayOfWeek":[{"@id":"https://schema.org/Monday"},{"name":"Tuesday"}],
          "opens":"09:00+01:00","closes":"17:00:00Z"})",
      R"({"dayOfWeek":"Monday,Tuesday","opens":"09:00","closes":"17:00"})",
      R"({"dayOfWeek":"Mo-Tu","opens":"0900","closes":"1700"})"};
  for (const char* form : forms) EXPECT_EQ(from_spec(form), "Mo-Tu 09:00-17:00") << form;
}

TEST(HoursSchemaTest, ReadsThePublicHolidays) {
  EXPECT_EQ(from_spec(R"([{"dayOfWeek":"Sunday","opens":"10:00","closes":"12:00"},
                          {"dayOfWeek":"PublicHolidays"}])"),
            "Su 10:00-12:00; PH off");
}

// https://schema.org/OpeningHoursSpecification: "The place is open if the opens property is
// specified, and closed otherwise. If the value for the closes property is less than the value for
// the opens property then the hour range is assumed to span over the next day."
TEST(HoursSchemaTest, SpecificationWithoutOpensSaysClosed) {
  EXPECT_EQ(from_spec(R"([{"dayOfWeek":"Monday","opens":"18:00","closes":"02:00"},
                          {"dayOfWeek":["Saturday","Sunday"]}])"),
            "Mo 18:00-02:00; Sa-Su off");
}

TEST(HoursSchemaTest, LeavesUnmentionedDaysUnknown) {
  EXPECT_EQ(from_spec(R"({"dayOfWeek":"Wednesday","opens":"09:00","closes":"17:00"})"),
            "We 09:00-17:00");
  EXPECT_EQ(from_schema("{}"), "nothing");
  EXPECT_EQ(from_spec("[{}]"), "");
  EXPECT_EQ(from_spec(R"({"days":"Friday","opens":"09:00","closes":"17:00"})"), "");
}

TEST(HoursSchemaTest, NotesMidnightToMidnightAsAmbiguous) {
  const auto hours = hours_from_schema(json::parse(
      R"({"openingHoursSpecification":[
            {"dayOfWeek":"Sunday","opens":"00:00","closes":"00:00"},
            {"dayOfWeek":"Monday","opens":"09:00","closes":"17:00"}]})"));
  ASSERT_TRUE(hours);
  EXPECT_EQ(hours->osm, "Mo 09:00-17:00");
  EXPECT_THAT(hours->notes, ElementsAre("ambiguous: 00:00-00:00"));
}

TEST(HoursSchemaTest, BlankTimesAreUnknownNotClosed) {
  const auto hours = hours_from_schema(json::parse(
      R"({"openingHoursSpecification":[{"dayOfWeek":"Sunday","opens":"","closes":""}]})"));
  ASSERT_TRUE(hours);
  EXPECT_EQ(hours->osm, "");
  EXPECT_EQ(hours->notes.size(), 1U);
}

TEST(HoursSchemaTest, ReadsTheWholeDay) {
  EXPECT_EQ(from_spec(R"({"dayOfWeek":"Friday","opens":"00:00","closes":"23:59"})"),
            "Fr 00:00-24:00");
  EXPECT_EQ(from_spec(R"({"dayOfWeek":"Mo-Su","opens":"00:00","closes":"24:00"})"), "24/7");
}

TEST(HoursSchemaTest, JoinsSpansOfOneDay) {
  EXPECT_EQ(from_spec(R"([{"dayOfWeek":"Monday","opens":"13:00","closes":"17:00"},
                          {"dayOfWeek":"Monday","opens":"09:00","closes":"12:00"},
                          {"dayOfWeek":"Monday","opens":"09:00","closes":"12:00"},
                          {"dayOfWeek":"Monday","opens":"11:00","closes":"12:30"}])"),
            "Mo 09:00-12:30,13:00-17:00");
  EXPECT_EQ(from_spec(R"({"dayOfWeek":"Monday","opens":["09:00","13:00"],
                          "closes":["12:00","17:00"]})"),
            "Mo 09:00-12:00,13:00-17:00");
}

TEST(HoursSchemaTest, WritesDatesAsDateRules) {
  EXPECT_EQ(from_schema(R"({"openingHours":"Mo-Sa 09:00-20:00","specialOpeningHoursSpecification":[
        {"validFrom":"2024-12-25","validThrough":"2024-12-25"},
        {"validFrom":"2024-12-24","validThrough":"2024-12-24","opens":"09:00","closes":"13:00"},
        {"validFrom":"2024-12-27","validThrough":"2025-01-02","opens":"00:00","closes":"23:59"}]})"),
            "Mo-Sa 09:00-20:00; 2024 Dec 24 09:00-13:00; 2024 Dec 25 off; "
            "2024 Dec 27-2025 Jan 02 00:00-24:00");
  EXPECT_EQ(from_spec(R"({"dayOfWeek":["Monday","Wednesday"],"opens":"09:00","closes":"17:00",
                          "validFrom":"2024-06-01","validThrough":"2024-08-31"})"),
            "2024 Jun 01-2024 Aug 31 Mo 09:00-17:00; 2024 Jun 01-2024 Aug 31 We 09:00-17:00");
}

TEST(HoursSchemaTest, LongValidityIsTheUsualWeek) {
  EXPECT_EQ(from_spec(R"({"dayOfWeek":"Monday","opens":"09:00","closes":"17:00",
                          "validFrom":"2020-01-01","validThrough":"2030-12-31"})"),
            "Mo 09:00-17:00");
}

TEST(HoursSchemaTest, NotesDatesThatNoCalendarHas) {
  const auto hours = hours_from_schema(json::parse(
      R"({"specialOpeningHoursSpecification":{"validFrom":"2023-02-29",
          "validThrough":"2023-02-29","opens":"09:00","closes":"17:00"}})"));
  ASSERT_TRUE(hours);
  EXPECT_EQ(hours->osm, "");
  EXPECT_FALSE(hours->notes.empty());
}

TEST(HoursSchemaTest, ReadsOpeningHoursStringsAndArrays) {
  EXPECT_EQ(from_schema(R"({"openingHours":["Mo-Fr 10:00-13:00","Mo-Fr 16:30-18:00"]})"),
            "Mo-Fr 10:00-13:00,16:30-18:00");
  EXPECT_EQ(from_schema(R"({"openingHours":["Mo-Fr 08:00-19:30","Sa 09:00-13:00"]})"),
            "Mo-Fr 08:00-19:30; Sa 09:00-13:00");
  EXPECT_EQ(from_schema(R"({"openingHours":["Mo-Fr 10:00-13:00","Sa by appointment"]})"),
            "Mo-Fr 10:00-13:00");
}

TEST(HoursSchemaTest, SpecificationsWinOverStrings) {
  EXPECT_EQ(from_schema(R"({"openingHours":"Mo-Su 00:00-24:00","openingHoursSpecification":
                            {"dayOfWeek":"Monday","opens":"09:00","closes":"17:00"}})"),
            "Mo 09:00-17:00");
}

TEST(HoursSchemaTest, SurvivesWrongTypes) {
  for (const char* form : {"null", "1", "true", "[[[]]]", R"([{"dayOfWeek":7,"opens":9}])",
                           R"({"dayOfWeek":{"a":[]},"opens":{},"closes":[1]})",
                           R"([{"opens":"x","closes":"y"}])", R"("?")"}) {
    const std::string osm = from_spec(form);
    EXPECT_TRUE(osm.empty() || osm == "nothing") << form << " gave " << osm;
  }
  EXPECT_FALSE(hours_from_schema(json::array()));
  EXPECT_FALSE(hours_from_schema(json("text")));
}

}  // namespace
}  // namespace placer
