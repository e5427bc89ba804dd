// Postal addresses in plain text, and the country of coordinates.
#include "scraper/place/address_text.h"

#include <gtest/gtest.h>

#include <string>

#include "scraper/place/address.h"
#include "scraper/place/country_area.h"
#include "scraper/place/postcode.h"

namespace placer {
namespace {

using nlohmann::json;

std::string text_of(const WrittenAddress& address) {
  return address.street + "|" + address.city + "|" + address.state + "|" + address.postcode + "|" +
         address.country;
}

std::string found_in(std::string_view text, std::string_view country = {}) {
  std::string out;
  for (const WrittenAddress& address : find_addresses(text, country)) {
    out += (out.empty() ? "" : " + ") + text_of(address);
  }
  return out;
}

std::string split(std::string_view line, std::string_view country = {}) {
  const auto address = split_address(line, country);
  return address ? text_of(*address) : "nothing";
}

TEST(AddressTextTest, ReadsNorthAmericanAddresses) {
  EXPECT_EQ(found_in("Visit us\n720 Brazos Street\nSte 110\nAustin, TX 78701\n"),
            "720 Brazos Street, Ste 110|Austin|TX|78701|US");
  EXPECT_EQ(found_in("We are located at 1391 Smizer Mill Road, Fenton, Missouri 63026-1234."),
            "1391 Smizer Mill Road|Fenton|Missouri|63026-1234|US");
  EXPECT_EQ(found_in("ACME LLC\nPO Box 50188\nMesa AZ 85208"), "PO Box 50188|Mesa|AZ|85208|US");
  EXPECT_EQ(found_in("363 Supertest Rd\nToronto ON\nM3J 2M4"),
            "363 Supertest Rd|Toronto|ON|M3J 2M4|CA");
  EXPECT_EQ(found_in("5 Elm St Suite 4 Lake Forest IL 60045"),
            "5 Elm St Suite 4|Lake Forest|IL|60045|US");
  EXPECT_EQ(found_in("12 Oak Lane\nPortland, Oregon\n"), "12 Oak Lane|Portland|Oregon||US");
}

TEST(AddressTextTest, ReadsBritishAndAustralianAddresses) {
  EXPECT_EQ(found_in("Unit 12 Admiral Court\nNelson Road\nDartmouth\nDevon\nTQ6 9LE"),
            "Unit 12 Admiral Court, Nelson Road|Dartmouth|Devon|TQ6 9LE|GB");
  EXPECT_EQ(found_in("6-8 Hazelwood Rd, Cudham, Sevenoaks, Kent TN14 7QU"),
            "6-8 Hazelwood Rd, Cudham|Sevenoaks|Kent|TN14 7QU|GB");
  EXPECT_EQ(found_in("24 Endell Street, London WC2H 9HQ."), "24 Endell Street|London||WC2H 9HQ|GB");
  EXPECT_EQ(found_in("Lvl 2, 845 Pacific Hwy\nChatswood NSW 2067"),
            "Lvl 2, 845 Pacific Hwy|Chatswood|NSW|2067|AU");
}

TEST(AddressTextTest, ReadsContinentalAddresses) {
  EXPECT_EQ(found_in("Hauptstraße 5a\n10115 Berlin", "DE"), "Hauptstraße 5a|Berlin||10115|DE");
  EXPECT_EQ(found_in("Hauptstr. 5, D-10115 Berlin"), "Hauptstr. 5|Berlin||10115|DE");
  EXPECT_EQ(found_in("12 rue de Rivoli, 75001 Paris", "FR"), "12 rue de Rivoli|Paris||75001|FR");
  EXPECT_EQ(found_in("Keizersgracht 123\n1015 CJ Amsterdam", "NL"),
            "Keizersgracht 123|Amsterdam||1015 CJ|NL");
  EXPECT_EQ(found_in("Rua Direita, 8\n4745-330 Trofa", "PT"), "Rua Direita, 8|Trofa||4745-330|PT");
  EXPECT_EQ(found_in("Via Roma 12, 20121 Milano, Italia"), "Via Roma 12|Milano||20121|IT");
  EXPECT_EQ(found_in("Storgatan 1, 113 29 Stockholm", "SE"), "Storgatan 1|Stockholm||113 29|SE");
  EXPECT_EQ(found_in("ul. Długa 5, 00-238 Warszawa", "PL"), "ul. Długa 5|Warszawa||00-238|PL");
  EXPECT_EQ(found_in("Bahnhofstrasse 1, 8001 Zürich", "CH"), "Bahnhofstrasse 1|Zürich||8001|CH");
  EXPECT_EQ(found_in("Nørregade 10, 1165 København K", "DK"), "Nørregade 10|København K||1165|DK");
}

TEST(AddressTextTest, FindsSeveralAndKeepsThemApart) {
  EXPECT_EQ(found_in("12 Main Street, Springfield, IL 62701\n1 Lake Avenue, Chicago, IL 60601"),
            "12 Main Street|Springfield|IL|62701|US + 1 Lake Avenue|Chicago|IL|60601|US");
}

TEST(AddressTextTest, FindsNoneInOtherNumbers) {
  for (const char* text :
       {"In 2010 Annual sales rose to 12345 Euro", "Call 12345 Now", "Model AB12 3CD is in stock",
        "Copyright 2009 Berlin", "Only $99999 Today", "Windows 200000 Users"}) {
    EXPECT_EQ(found_in(text), "") << text;
    EXPECT_EQ(found_in(text, "AT"), "") << text;
  }
}

TEST(AddressTextTest, SplitsALineOnlyWhenNothingIsLeftOver) {
  EXPECT_EQ(split("Hauptstr. 5, 10115 Berlin, Germany"), "Hauptstr. 5|Berlin||10115|DE");
  EXPECT_EQ(split("720 Brazos Street, Austin, TX 78701, USA"),
            "720 Brazos Street|Austin|TX|78701|US");
  EXPECT_EQ(split("Our shop: 720 Brazos Street, Austin, TX 78701"), "nothing");
  EXPECT_EQ(split("720 Brazos Street, Austin, TX 78701 (rear entrance)"), "nothing");
  EXPECT_EQ(split("10115 Berlin", "DE"), "nothing");
  EXPECT_EQ(split("somewhere in Berlin", "DE"), "nothing");
}

TEST(AddressTextTest, SurvivesHostileText) {
  std::string commas(400'000, ',');
  std::string codes;
  for (int i = 0; i < 40'000; ++i) codes += "10115 Berlin ";
  found_in(commas, "DE");
  found_in(codes, "DE");
  found_in(std::string(400'000, '9'), "DE");
  found_in("\xFF\xC2\xE2\x80 10115 \xC3", "DE");
}

TEST(AddressTextTest, FillsThePartsOfAnAddressInOneLine) {
  Place place;
  fill_address(json::parse(R"({"address":"Hauptstr. 5, 10115 Berlin, Germany"})"), place);
  EXPECT_EQ(place.addr_full, "Hauptstr. 5, 10115 Berlin, Germany");
  EXPECT_EQ(place.addr_street, "Hauptstr.");
  EXPECT_EQ(place.addr_housenumber, "5");
  EXPECT_EQ(place.addr_city, "Berlin");
  EXPECT_EQ(place.addr_postcode, "10115");
  EXPECT_EQ(place.addr_country, "DE");
  Place american;
  fill_address(json::parse(R"({"address":{"streetAddress":"5 Elm St, Austin, TX 78701"}})"),
               american);
  EXPECT_EQ(american.addr_full, "5 Elm St, Austin, TX 78701");
  EXPECT_EQ(american.addr_housenumber, "5");
  EXPECT_EQ(american.addr_state, "TX");
}

TEST(PostcodeTest, KnowsTheFormsOfCountries) {
  EXPECT_TRUE(is_postcode_of("10115", "DE"));
  EXPECT_FALSE(is_postcode_of("1011", "DE"));
  EXPECT_TRUE(is_postcode_of("W1J 7BU", "GB"));
  EXPECT_TRUE(is_postcode_of("anything", "AQ"));
}

TEST(CountryAreaTest, NamesACountryWhereNoOtherIsNear) {
  EXPECT_EQ(country_of_point(40.42, -3.70), "ES");
  EXPECT_EQ(country_of_point(-33.87, 151.21), "AU");
  EXPECT_EQ(country_of_point(64.15, -21.94), "IS");
  EXPECT_EQ(country_of_point(41.88, -87.63), "US");
  EXPECT_EQ(country_of_point(29.76, -95.37), "US");
  EXPECT_EQ(country_of_point(51.05, -114.07), "CA");
  EXPECT_EQ(country_of_point(49.6, 6.13), std::nullopt);  // Luxembourg, between three boxes
  EXPECT_EQ(country_of_point(0, -30), std::nullopt);      // the Atlantic
}

TEST(CountryAreaTest, ExchangesCoordinatesBackAndNotesContradictions) {
  Place place;
  place.addr_country = "DE";
  place.lat = 13.4;
  place.lon = 52.5;
  json tags;
  check_position(place, tags);
  EXPECT_EQ(place.lat, 52.5);
  EXPECT_EQ(place.lon, 13.4);
  EXPECT_EQ(tags["note:placer"], "latitude and longitude were exchanged");
  place.lat = -33.9;
  place.lon = 18.4;
  tags = json();
  check_position(place, tags);
  EXPECT_EQ(place.lat, -33.9);
  EXPECT_EQ(tags["note:placer"], "coordinates are not in DE");
  place.lat = 52.5;
  place.lon = 13.4;
  tags = json();
  check_position(place, tags);
  EXPECT_TRUE(tags.empty());
}

TEST(CountryAreaTest, CountryLadderEndsWithTheCoordinates) {
  Place place;
  place.lat = 40.42;
  place.lon = -3.70;
  EXPECT_EQ(likely_country(place, "example.com", ""), "ES");
  EXPECT_EQ(likely_country(place, "example.de", ""), "ES");  // a German page about Madrid
  EXPECT_EQ(likely_country(place, "example.es", ""), "ES");
}

}  // namespace
}  // namespace placer
