// Places in JSON of unknown make, by what its keys are called.
#include "scraper/extract/embedded/dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scraper/extract/embedded/dictionary_hours.h"

namespace placer {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<RawPlace> places_in(const char* text, const std::string& path = "x") {
  std::vector<RawPlace> places;
  find_in_dictionary(json::parse(text), path, places);
  return places;
}

json first_place(const char* text) {
  auto places = places_in(text);
  return places.empty() ? json() : places[0].fields;
}

TEST(KeyTest, ReadsOneKeyInEverySpelling) {
  for (const char* key : {"postalCode", "postal_code", "PostalCode", "POSTAL-CODE", "Postal Code",
                          "addressPostalCode", "store_postal_code", "address.postalCode", "zip",
                          "ZIP_Code", "plz", "Código postal", "code_postal", "kod-pocztowy"}) {
    EXPECT_EQ(read_key(key).meaning, KeyMeaning::kPostcode) << key;
  }
}

TEST(KeyTest, KnowsTheLanguagesThatPublishersWrite) {
  using enum KeyMeaning;
  const std::pair<const char*, KeyMeaning> kWords[] = {{"Straße", kStreet},
                                                       {"strasse", kStreet},
                                                       {"rue", kStreet},
                                                       {"calle", kStreet},
                                                       {"gatuadress", kStreet},
                                                       {"ulica", kStreet},
                                                       {"logradouro", kStreet},
                                                       {"straat", kStreet},
                                                       {"Ort", kCity},
                                                       {"ville", kCity},
                                                       {"ciudad", kCity},
                                                       {"città", kCity},
                                                       {"miejscowość", kCity},
                                                       {"plaats", kCity},
                                                       {"cidade", kCity},
                                                       {"stad", kCity},
                                                       {"téléphone", kPhone},
                                                       {"teléfono", kPhone},
                                                       {"telefoon", kPhone},
                                                       {"Öffnungszeiten", kHours},
                                                       {"horaires", kHours},
                                                       {"orari", kHours},
                                                       {"öppettider", kHours},
                                                       {"godziny_otwarcia", kHours},
                                                       {"openingstijden", kHours},
                                                       {"horario", kHours},
                                                       {"Breitengrad", kLatitude},
                                                       {"nombre", kName},
                                                       {"filialName", kName}};
  for (const auto& [key, meaning] : kWords) EXPECT_EQ(read_key(key).meaning, meaning) << key;
}

TEST(KeyTest, SeesThroughWordsThatSayWhoseValueItIs) {
  EXPECT_EQ(read_key("storeName").meaning, KeyMeaning::kName);
  EXPECT_EQ(read_key("loc_lat").meaning, KeyMeaning::kLatitude);
  EXPECT_EQ(read_key("shopAddressCity").meaning, KeyMeaning::kCity);
  EXPECT_EQ(read_key("contactName").meaning, KeyMeaning::kNone);
  EXPECT_LT(read_key("name").rank, read_key("shop_titulo").rank);
}

TEST(KeyTest, ReadsDaysAndTheirSides) {
  ASSERT_TRUE(read_day_key("monday_open"));
  EXPECT_EQ(read_day_key("monday_open")->side, DayKey::Side::kOpens);
  EXPECT_EQ(read_day_key("closeTue2")->day, 1);
  EXPECT_EQ(read_day_key("closeTue2")->turn, 1);
  EXPECT_EQ(read_day_key("hours_Sunday")->day, 6);
  EXPECT_EQ(read_day_key("samedi")->day, 5);
  EXPECT_FALSE(read_day_key("sunglasses"));
  EXPECT_FALSE(read_day_key("mon_compte"));
}

TEST(DictionaryTest, ReadsAFlatObject) {
  const json place = first_place(R"({"stores": [{"id": 17, "store_number": "B7",
      "store_name": "Brot & Co", "address1": "Torstr. 1", "address2": "Hof 2", "zip": "10115", "city": "Berlin",
      "country": "DE", "lat": "52.53", "lng": "13,39", "phone": "030 123456",
      "email": "a@example.org", "website": "https://example.org/17"}]})");
  EXPECT_EQ(place, json::parse(R"({"@type": ["Place"], "name": "Brot & Co", "branchCode": "B7",
      "address": {"@type": "PostalAddress", "streetAddress": "Torstr. 1, Hof 2",
        "addressLocality": "Berlin", "postalCode": "10115", "addressCountry": "DE"},
      "geo": {"latitude": 52.53, "longitude": 13.39}, "telephone": "030 123456",
      "email": "a@example.org", "url": "https://example.org/17"})"));
}

TEST(DictionaryTest, ReadsNestedObjects) {
  const json place = first_place(R"({"title": {"rendered": "Café Nord"}, "acf": {
      "adresse": {"rue": "Quai 7", "ville": "Lyon", "code_postal": "69001"},
      "coordonnées": {"latitude": 45.76, "longitude": 4.83},
      "contact": {"name": "Anne", "téléphone": "04 72 00 00 00"}}})");
  EXPECT_EQ(place["name"], "Café Nord");
  EXPECT_EQ(place["address"]["addressLocality"], "Lyon");
  EXPECT_EQ(place["geo"]["longitude"], 4.83);
  EXPECT_EQ(place["telephone"], "04 72 00 00 00");
}

TEST(DictionaryTest, ReadsGeoJson) {  // RFC 7946 section 3: longitude first
  const auto places = places_in(R"({"type": "FeatureCollection", "features": [{"type": "Feature",
      "geometry": {"type": "Point", "coordinates": [13.4, 52.5]},
      "properties": {"name": "A", "street": "B-Str. 1", "city": "Berlin"}}]})");
  ASSERT_THAT(places, SizeIs(1));
  EXPECT_EQ(places[0].path, "x/features/0");
  EXPECT_EQ(places[0].fields["geo"]["latitude"], 52.5);
}

TEST(DictionaryTest, ReadsCoordinatesInOneText) {
  EXPECT_EQ(
      first_place(R"({"name": "A", "city": "B", "latlng": "52.5, 13.4"})")["geo"]["longitude"],
      13.4);
  const char* kPoint = R"j({"name": "A", "city": "B", "geo": "POINT (13.4 52.5)"})j";
  EXPECT_EQ(first_place(kPoint)["geo"]["latitude"], 52.5);
  EXPECT_FALSE(first_place(R"({"name": "A", "street": "S 1", "city": "B", "lat": 0, "lng": 0})")
                   .contains("geo"));
}

TEST(DictionaryTest, TellsAStreetLineFromAWholeAddress) {
  EXPECT_EQ(first_place(R"({"name": "A", "address": "High St 1, SW1 1AA London"})")["address"],
            "High St 1, SW1 1AA London");
  const json parts = first_place(
      R"({"name": "A", "address": "Torstr. 1, 10115 Berlin", "plz": "10115", "ort": "Berlin"})");
  EXPECT_EQ(parts["address"]["streetAddress"], "Torstr. 1");
}

TEST(DictionaryTest, PutsTheHouseNumberWhereTheCountryWritesIt) {
  EXPECT_EQ(
      first_place(
          R"({"name": "A", "street": "Torstr.", "housenumber": 5, "city": "B"})")["address"]
                                                                                 ["streetAddress"],
      "Torstr. 5");
  EXPECT_EQ(first_place(R"({"name": "A", "street": "Main St", "house_number": "5", "city": "B",
                            "country": "US"})")["address"]["streetAddress"],
            "5 Main St");
}

TEST(DictionaryTest, FindsPlacesWithinTextsThatAreJson) {
  const auto places = places_in(
      R"({"config": "[{\"name\": \"A\", \"street\": \"S 1\", \"city\": \"B\", \"zip\": \"12345\"}]"})");
  ASSERT_THAT(places, SizeIs(1));
  EXPECT_EQ(places[0].path, "x/config/0");
}

TEST(DictionaryTest, LeavesOtherThingsAlone) {
  for (
      const char* other :
      {R"({"name": "Chair", "sku": "17", "price": 20, "address": "x", "city": "B", "zip": "1"})",
       R"({"title": "We moved", "date": "2024-01-01", "slug": "we-moved", "excerpt": "to Berlin"})",
       R"({"map": {"center": {"lat": 52.5, "lng": 13.4}, "zoom": 12}})",
       R"({"name": "Map", "center": {"lat": 52.5, "lng": 13.4}, "zoom": 12})",
       R"({"firstName": "A", "lastName": "B", "name": "A B", "street": "S 1", "city": "C"})",
       R"({"name": "Name", "street": "Street", "city": "City", "postcode": "Postcode"})",
       R"({"countries": [{"name": "Germany", "iso2": "DE", "lat": 51, "lng": 9}]})",
       R"({"cities": [{"name": "Berlin", "lat": 52.5, "lng": 13.4}]})",
       R"({"name": "Concert", "startDate": "2025-01-01", "street": "S 1", "city": "B"})",
       R"({"name": "A", "phone": "030 123456"})", R"({"name": "A", "city": "Berlin"})",
       R"({"street": "Torstr. 1", "city": "Berlin"})"}) {
    EXPECT_THAT(places_in(other), IsEmpty()) << other;
  }
}

TEST(DictionaryTest, LeavesPeopleOrdersEventsAndFlatsAlone) {
  EXPECT_THAT(places_in(R"({"props": {
      "user": {"name": "John Smith", "email": "j@x.com", "phone": "+1 212 555 0123",
        "address": {"street": "1 Main St", "city": "New York", "zip": "10001"}},
      "viewer": {"name": "John Smith", "phone": "+1 212 555 0123",
        "address": {"street": "1 Main St", "city": "New York", "zip": "10001"}},
      "order": {"shippingAddress": {"name": "Max Mustermann", "street": "Torstr. 1",
        "postalCode": "10115", "city": "Berlin"}},
      "event": {"name": "Jazz", "latitude": 52.5, "longitude": 13.4, "city": "Berlin"},
      "property": {"title": "3 bed flat", "street": "Torstr. 9", "city": "Berlin",
        "postcode": "10115", "lat": 52.1, "lng": 13.1}}})"),
              IsEmpty());
  const auto shops = places_in(R"({"props": {
      "store": {"name": "A", "address": {"street": "S 1", "city": "B"}},
      "page": {"name": "C", "street": "S 2", "city": "B", "website": "https://c.example/"},
      "event": {"name": "Jazz", "venue": {"name": "D", "street": "S 3", "city": "B"}}}})");
  EXPECT_THAT(shops, SizeIs(3));
}

TEST(DictionaryTest, BelievesCoordinatesAloneInAListOfPlaces) {
  EXPECT_THAT(places_in(R"({"shops": [{"name": "Nord", "lat": 52.5, "lng": 13.4}]})"), SizeIs(1));
}

TEST(DictionaryTest, FindsBothTheChainAndItsBranches) {
  const auto places = places_in(R"({"name": "Chain", "address": {"street": "S 1", "city": "B"},
      "branches": [{"name": "N", "street": "T 2", "city": "C"}]})");
  ASSERT_THAT(places, SizeIs(2));
  EXPECT_EQ(places[1].path, "x/branches/0");
}

TEST(DictionaryTest, ReadsAFlatListOfReferences) {
  const json list = json::parse(R"([["Reactive", 1], {"stores": 2}, [3],
      {"name": 4, "address": 5, "lat": 8, "lng": 9}, "Nord", {"street": 6, "city": 7}, "S 1",
      "Berlin", 52.5, 13.4])");
  ASSERT_TRUE(is_flat_dictionary(list));
  std::vector<RawPlace> places;
  find_in_flat_dictionary(list, "s", places);
  ASSERT_THAT(places, SizeIs(1));
  EXPECT_EQ(places[0].path, "s/3");
  EXPECT_EQ(places[0].fields["address"]["addressLocality"], "Berlin");
}

TEST(DictionaryTest, EndsOnReferencesInACircle) {
  const json list = json::parse(R"([{"a": 1, "b": 1}, {"name": 2, "address": 1, "x": 0}, "N"])");
  std::vector<RawPlace> places;
  find_in_flat_dictionary(list, "s", places);
  EXPECT_THAT(places, IsEmpty());
}

TEST(HoursLinesTest, ReadsTheShapesOfAWeek) {
  const std::pair<const char*, std::vector<std::string>> kWeeks[] = {
      {R"({"monday": "9:00 - 17:00", "sunday": "closed"})",
       {"Monday 9:00 - 17:00", "Sunday closed"}},
      {R"({"mon": {"open": "09:00", "close": "17:00"}, "tue": {"isClosed": true}})",
       {"Monday 09:00-17:00", "Tuesday closed"}},
      {R"({"monday": {"openIntervals": [{"start": "09:00", "end": "12:00"},
                                        {"start": "13:00", "end": "17:00"}]}})",
       {"Monday 09:00-12:00, 13:00-17:00"}},
      {R"([{"dayOfWeek": 1, "from1": "09:00", "to1": "12:00", "from2": "14:00", "to2": "18:00"},
           {"dayOfWeek": 7, "closed": true}])",
       {"Monday 09:00-12:00, 14:00-18:00", "Sunday closed"}},
      {R"([{"day": 0, "open": 1000, "close": 1600}, {"day": 1, "open": 900, "close": 1700}])",
       {"Monday 09:00-17:00", "Sunday 10:00-16:00"}},
      {R"({"periods": [{"open": {"day": 1, "time": "0900"}, "close": {"day": 1, "time": "1700"}},
                       {"open": {"day": 0, "hour": 10, "minute": 30},
                        "close": {"day": 0, "hour": 16}}]})",
       {"Monday 09:00-17:00", "Sunday 10:30-16:00"}},
      {R"({"usual": {"1": [{"start": "09:00", "end": "18:00"}], "7": []}})",
       {"Monday 09:00-18:00", "Sunday closed"}},
      {R"({"usual": {"default": [{"all-day": true}]}})",
       {"Monday 00:00-24:00", "Tuesday 00:00-24:00", "Wednesday 00:00-24:00",
        "Thursday 00:00-24:00", "Friday 00:00-24:00", "Saturday 00:00-24:00",
        "Sunday 00:00-24:00"}},
      {R"([{"openDay": "FRIDAY", "openTime": "10:00", "closeTime": "20:00", "isOpen": true}])",
       {"Friday 10:00-20:00"}},
      {R"("{\"mon\":[\"9:00 AM - 5:00 PM\"],\"sun\":\"0\"}")",
       {"Monday 9:00 AM - 5:00 PM", "Sunday closed"}},
      {R"(["Monday: 9:00 AM - 5:00 PM", "Sunday: 10 - 4"])",
       {"Monday: 9:00 AM - 5:00 PM", "Sunday: 10 - 4"}},
      {R"("<table><tr><td>Monday</td><td>9:00 - 17:00</td></tr><tr><td>Sunday</td><td>Closed</td></tr></table>")",
       {"Monday  9:00 - 17:00 ;   Sunday  Closed"}}};
  for (const auto& [text, lines] : kWeeks) {
    auto read = hours_lines(json::parse(text));
    if (text[1] == '<') {
      ASSERT_THAT(read, SizeIs(1)) << text;
      EXPECT_THAT(read[0], testing::MatchesRegex("Monday +9:00 - 17:00 *; *Sunday +Closed"));
    } else {
      EXPECT_EQ(read, lines) << text;
    }
  }
}

TEST(HoursLinesTest, SaysNothingOfAFormThatNobodyFilledIn) {
  for (const char* text : {R"({"monday": "", "tuesday": null})", R"({"mon": [], "tue": []})", "17",
                           R"({"a": 1})", R"("call us")", "[]", "{}"}) {
    EXPECT_THAT(hours_lines(json::parse(text)), IsEmpty()) << text;
  }
}

TEST(HoursLinesTest, BoundsWhatHostileHoursCost) {
  json spans = json::array();
  for (int i = 0; i < 100'000; ++i) spans.push_back({{"open", "09:00"}, {"close", "10:00"}});
  const auto lines = hours_lines({{"monday", spans}});
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_LT(lines[0].size(), 600U);
  json days = json::object();
  for (int i = 0; i < 100'000; ++i) days["k" + std::to_string(i)] = 1;
  EXPECT_THAT(hours_lines(days), IsEmpty());
}

TEST(HoursLinesTest, ReadsDaysAmongTheFieldsOfAPlace) {
  const json place = first_place(R"({"name": "A", "street": "S 1", "city": "B",
      "mon_open": "9:00", "mon_close": "17:00", "hours_tuesday": "10-12"})");
  EXPECT_EQ(place["openingHours"], json::parse(R"(["Monday 9:00-17:00", "Tuesday 10-12"])"));
}

TEST(DictionaryTest, MentionsPlacesOnlyWhereAKeySpeaksOfOne) {
  for (const char* text : {R"({"lat":1})", R"({\"postalCode\":\"1\"})", "var a={storeLat:1}",
                           R"('straße': 'x')", "street_address : 1"}) {
    EXPECT_TRUE(mentions_places(text)) << text;
  }
  for (const char* text : {"function flat(a){return a.latest}", R"({"display":"none"})",
                           R"({"translate":1,"key":2})", ""}) {
    EXPECT_FALSE(mentions_places(text)) << text;
  }
}

}  // namespace
}  // namespace placer
