#include "scraper/place/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scraper/place/country.h"

namespace placer {
namespace {

using nlohmann::json;

Place address(const char* fields) {
  Place place;
  fill_address(json::parse(fields), place);
  return place;
}

std::string split(std::string_view line, std::string_view country) {
  const StreetLine parts = split_street(line, country);
  return parts.street + "|" + parts.housenumber + "|" + parts.unit;
}

TEST(CountryTest, ReadsCodesAndNames) {
  const std::pair<const char*, const char*> cases[] = {{"DE", "DE"},
                                                       {"de", "DE"},
                                                       {"DEU", "DE"},
                                                       {"Germany", "DE"},
                                                       {"Deutschland", "DE"},
                                                       {"Allemagne", "DE"},
                                                       {"UK", "GB"},
                                                       {"United Kingdom", "GB"},
                                                       {"England", "GB"},
                                                       {"USA", "US"},
                                                       {"U.S.A.", "US"},
                                                       {"United States", "US"},
                                                       {"España", "ES"},
                                                       {"ESPANA", "ES"},
                                                       {"日本", "JP"},
                                                       {"Россия", "RU"},
                                                       {"The Netherlands", "NL"},
                                                       {"Nederland", "NL"},
                                                       {"Česko", "CZ"},
                                                       {"Türkiye", "TR"},
                                                       {"https://www.wikidata.org/wiki/DE", "DE"},
                                                       {" fr ", "FR"},
                                                       {"XK", "XK"}};
  for (const auto& [text, code] : cases) EXPECT_EQ(country_code(text), code) << text;
}

TEST(CountryTest, KnowsNoOthers) {
  for (const char* text : {"", "ZZ", "XYZ", "Atlantis", "EU", "--", "\xFF", "California"}) {
    EXPECT_EQ(country_code(text), std::nullopt) << text;
  }
}

TEST(CountryTest, ReadsTopLevelDomainsThatAreUsedAsCountries) {
  EXPECT_EQ(country_of_host("www.example.de"), "DE");
  EXPECT_EQ(country_of_host("example.co.uk"), "GB");
  EXPECT_EQ(country_of_host("EXAMPLE.FR."), "FR");
  for (const char* host : {"example.com", "example.io", "example.co", "example.tv", "example.eu",
                           "localhost", "127.0.0.1", "", "."}) {
    EXPECT_EQ(country_of_host(host), std::nullopt) << host;
  }
}

TEST(CountryTest, LadderPrefersTheStatedCountry) {
  Place place;
  EXPECT_EQ(likely_country(place, "example.com", ""), "");
  EXPECT_EQ(likely_country(place, "list.at", ""), "AT");
  EXPECT_EQ(likely_country(place, "list.at", "cafe.de"), "DE");
  place.addr_country = "CH";
  EXPECT_EQ(likely_country(place, "list.at", "cafe.de"), "CH");
}

TEST(StreetTest, SplitsWhereTheCountryPutsTheNumber) {
  EXPECT_EQ(split("Hauptstraße 12a", "DE"), "Hauptstraße|12a|");
  EXPECT_EQ(split("Hauptstr. 12 - 14", "DE"), "Hauptstr.|12 - 14|");
  EXPECT_EQ(split("Straße des 17. Juni 135", "DE"), "Straße des 17. Juni|135|");
  EXPECT_EQ(split("Hauptstraße 12 b", "DE"), "Hauptstraße|12 b|");
  EXPECT_EQ(split("Via Roma, 12", "IT"), "Via Roma|12|");
  EXPECT_EQ(split("C/ Bodegas Protos, 24-28", "ES"), "C/ Bodegas Protos|24-28|");
  EXPECT_EQ(split("221B Baker Street", "GB"), "Baker Street|221B|");
  EXPECT_EQ(split("350 5th Avenue", "US"), "5th Avenue|350|");
  EXPECT_EQ(split("12, rue de Rivoli", "FR"), "rue de Rivoli|12|");
}

TEST(StreetTest, TakesTheUnitOff) {
  EXPECT_EQ(split("12 Main Street, Suite 5", "US"), "Main Street|12|Suite 5");
  EXPECT_EQ(split("12 Main Street, #5B", "US"), "Main Street|12|#5B");
}

TEST(StreetTest, SplitsWithoutACountryOnlyBesideAStreetWord) {
  EXPECT_EQ(split("12 Main Street", ""), "Main Street|12|");
  EXPECT_EQ(split("Hauptstraße 12", ""), "Hauptstraße|12|");
  EXPECT_EQ(split("Calle Mayor 5", ""), "Calle Mayor|5|");
  EXPECT_EQ(split("Erlach 12", ""), "Erlach 12||");
  EXPECT_EQ(split("12 Erlach", ""), "12 Erlach||");
}

TEST(StreetTest, LeavesWhatIsNotSure) {
  for (const char* line : {"Calle 13", "Main Street", "12", "1/2 Main Street", "", "Highway 5",
                           "Carretera N-340 km 5", "1 2 3", "5 1/2 Main Street"}) {
    for (const char* country : {"ES", "US", ""}) {
      EXPECT_EQ(split(line, country), std::string(line) + "||") << country;
    }
  }
  EXPECT_EQ(split("5 de Mayo 33", "FI"), "5 de Mayo 33||");
}

TEST(AddressTest, ReadsAPostalAddress) {
  const Place place = address(
      R"({"address":{"@type":["PostalAddress"],"streetAddress":"Hauptstr. 1","postalCode":10115,
          "addressLocality":"Berlin","addressRegion":"BE","addressCountry":"Deutschland"}})");
  EXPECT_EQ(place.addr_street, "Hauptstr.");
  EXPECT_EQ(place.addr_housenumber, "1");
  EXPECT_EQ(place.addr_postcode, "10115");
  EXPECT_EQ(place.addr_city, "Berlin");
  EXPECT_EQ(place.addr_state, "BE");
  EXPECT_EQ(place.addr_country, "DE");
  EXPECT_EQ(place.addr_full, "Hauptstr. 1, 10115 Berlin, BE, DE");
}

TEST(AddressTest, ComposesTheLineInTheOrderOfTheCountry) {
  const Place place = address(
      R"({"address":{"streetAddress":"12 Main St","postalCode":"90210",
          "addressLocality":"Springfield","addressRegion":"CA","addressCountry":"US"}})");
  EXPECT_EQ(place.addr_full, "12 Main St, Springfield, CA 90210, US");
}

TEST(AddressTest, TakesAStringAsOneLine) {
  const Place place = address(R"({"address":"12 Main St<br>Springfield &amp; Co"})");
  EXPECT_EQ(place.addr_full, "12 Main St Springfield & Co");
  EXPECT_EQ(place.addr_street, std::nullopt);
}

TEST(AddressTest, ReadsCountriesAsObjects) {
  for (const char* country :
       {R"({"@type":"Country","name":"Austria"})", R"(["AT"])", R"({"@id":"AT"})",
        R"({"identifier":"AUT"})", R"("AUT")", R"({"@value":"at"})"}) {
    const std::string fields =
        R"({"address":{"addressLocality":"Wien","addressCountry":)" + std::string(country) + "}}";
    EXPECT_EQ(address(fields.c_str()).addr_country, "AT") << country;
  }
}

TEST(AddressTest, PrefersPartsInAnArrayAndLooksIntoTheLocation) {
  EXPECT_EQ(address(R"({"address":["Somewhere",{"addressLocality":"Paris"}]})").addr_city, "Paris");
  EXPECT_EQ(address(R"({"location":{"address":{"addressLocality":"Paris"}}})").addr_city, "Paris");
}

TEST(AddressTest, LeavesOutPlaceholders) {
  const Place place = address(
      R"({"address":{"streetAddress":"undefined","addressLocality":"N/A","postalCode":"",
          "addressRegion":null,"addressCountry":"{{country}}"}})");
  EXPECT_EQ(place, Place{});
}

TEST(AddressTest, SurvivesWrongTypes) {
  for (const char* fields : {"{}", "[]", "1", R"({"address":1})", R"({"address":[]})",
                             R"({"address":{"streetAddress":{}}})", R"({"address":true})",
                             R"({"address":[[[]]],"location":[1,"x",{"address":[]}]})"}) {
    EXPECT_EQ(address(fields).addr_street, std::nullopt) << fields;
  }
}

}  // namespace
}  // namespace placer
