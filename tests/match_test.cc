#include "scraper/place/match.h"

#include <gmock/gmock.h>

#include "scraper/place/match_blocks.h"
#include "scraper/place/match_cluster.h"
#include "scraper/place/match_words.h"

namespace placer {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kPage = "https://coffee.example/stores";

Place shop() {
  Place place;
  place.name = "Kaffa & Co";
  place.addr_street = "Main Street";
  place.addr_housenumber = "12";
  place.addr_city = "London";
  return place;
}

Match compare(const Place& a, const Place& b, const Sharing& sharing = {}) {
  const MatchProfile one = match_profile(a, kPage);
  const MatchProfile two = match_profile(b, kPage);
  Match forth = match(one, two, sharing);
  const Match back = match(two, one, sharing);
  EXPECT_EQ(forth.score, back.score);
  EXPECT_EQ(forth.decision, back.decision);
  return forth;
}

MatchDecision decide(const Place& a, const Place& b, const Sharing& sharing = {}) {
  return compare(a, b, sharing).decision;
}

TEST(MatchTest, LeavesTwoKindsUnderOneRoofToReview) {
  Place hotel = shop();
  hotel.name = "Hotel Adler";
  hotel.phone = "+442079460000";
  hotel.category = "tourism=hotel";
  Place restaurant = hotel;
  restaurant.name = "Hotel Adler Restaurant";
  restaurant.category = "amenity=restaurant";
  EXPECT_NE(decide(hotel, restaurant), MatchDecision::kMerge);
  Place pharmacy = hotel;
  pharmacy.name = "Adler Pharmacy";
  pharmacy.category = "amenity=pharmacy";
  EXPECT_NE(decide(hotel, pharmacy), MatchDecision::kMerge);
  restaurant.name = hotel.name;  // one page says hotel, another restaurant
  EXPECT_EQ(decide(hotel, restaurant), MatchDecision::kMerge);
}

TEST(MatchTest, MergesSpellingsOfOneAddress) {
  for (const auto& [one, two] : std::vector<std::pair<std::string, std::string>>{
           {"12 Main Street", "12 main st."},
           {"Hauptstraße 5", "Haupt Str. 5"},
           {"5-7 Second Ave", "5 2nd Avenue"},
           {"804 Northpoint", "804 North Point St."},
           {"9 W. Broadway near Canal St", "9 W Broadway"},
           {"12 Saint Paul Road", "12 St. Paul Rd"}}) {
    Place a = shop();
    a.addr_housenumber.reset();
    Place b = a;
    a.addr_street = one;
    b.addr_street = two;
    EXPECT_EQ(decide(a, b), MatchDecision::kMerge) << one << " = " << two;
  }
}

TEST(MatchTest, MergesSpellingsOfOneName) {
  for (const char* name :
       {"The Kaffa & Co.", "KAFFA AND CO LTD", "Kaffa & Co London", "Restaurant Kaffa & Co"}) {
    Place other = shop();
    other.name = name;
    EXPECT_EQ(decide(shop(), other), MatchDecision::kMerge) << name;
  }
}

TEST(MatchTest, KeepsOtherHouseNumbersUnitsBrandsAndFarPlacesApart) {
  Place other = shop();
  other.addr_housenumber = "14";
  EXPECT_THAT(compare(shop(), other).reasons, Contains("conflict: other house number"));
  EXPECT_EQ(decide(shop(), other), MatchDecision::kApart);
  other = shop();
  other.addr_housenumber = "12-14";
  EXPECT_EQ(decide(shop(), other), MatchDecision::kMerge);
  Place a = shop();
  a.addr_unit = "Suite 5";
  other = a;
  other.addr_unit = "Suite 6";
  EXPECT_TRUE(compare(a, other).conflict);
  a = shop();
  a.brand = "Coffee";
  other = a;
  other.brand = "Tea";
  EXPECT_TRUE(compare(a, other).conflict);
  a = shop();
  a.lat = 51.5;
  a.lon = -0.1;
  other = a;
  other.lat = 51.6;
  EXPECT_TRUE(compare(a, other).conflict);
  other = shop();
  a = shop();
  a.addr_postcode = "EC1A 1BB";
  other.addr_postcode = "LS1 4DT";
  other.addr_city = "Leeds";
  EXPECT_TRUE(compare(a, other).conflict);
}

TEST(MatchTest, KeepsIdsOfOnePublisherApartAndDoesNotCompareSchemes) {
  Place a = shop();
  a.ref = "store-17";
  Place b = shop();
  b.ref = "store-18";
  EXPECT_TRUE(compare(a, b).conflict);
  b.ref = "4711";
  EXPECT_FALSE(compare(a, b).conflict);
  b.ref = "store-18";
  const Match elsewhere =
      match(match_profile(a, kPage), match_profile(b, "https://directory.example/"));
  EXPECT_EQ(elsewhere.decision, MatchDecision::kMerge);
}

TEST(MatchTest, MissingFieldsDoNotMakePlacesDifferent) {
  Place bare;
  bare.name = "Kaffa & Co";
  bare.phone = "+442072193000";
  Place full = shop();
  full.phone = "+442072193000;+442072193001";
  full.website = "https://coffee.example/";
  const Match result = compare(bare, full);
  EXPECT_EQ(result.decision, MatchDecision::kMerge) << ::testing::PrintToString(result.reasons);
}

TEST(MatchTest, NameAndWebsiteAloneAreWeakForChainsShareThem) {
  Place a;
  a.name = "Burger Palace";
  a.website = "https://burger.example/";
  a.addr_city = "Berlin";
  Place b = a;
  EXPECT_NE(decide(a, b), MatchDecision::kMerge);
  b.addr_city = "Bonn";
  EXPECT_EQ(decide(a, b, {.website = 40, .name = 40}), MatchDecision::kApart);
}

TEST(MatchTest, ATelephoneThatManyShareIsWeak) {
  Place a;
  a.name = "Rent a Car";
  a.phone = "+4930901820";
  Place b = a;
  EXPECT_EQ(decide(a, b), MatchDecision::kMerge);
  EXPECT_NE(decide(a, b, {.phone = 30, .name = 30}), MatchDecision::kMerge);
}

TEST(MatchTest, LeavesNeighboursOfOneHouseToSomebodyWhoLooks) {
  Place cafe = shop();
  cafe.name = "Ritz Cafe";
  Place dining = shop();
  dining.name = "Ritz Dining Room";
  EXPECT_NE(decide(cafe, dining), MatchDecision::kMerge);
  cafe.phone = dining.phone = "+442072193000";
  const Match result = compare(cafe, dining);
  EXPECT_EQ(result.decision, MatchDecision::kReview);
  EXPECT_THAT(result.reasons, Contains(HasSubstr("a word of their own")));
  dining.name = "Dentist Smith";
  EXPECT_NE(decide(cafe, dining), MatchDecision::kMerge);
}

TEST(MatchTest, HotelAndItsRestaurantAreTwoPlaces) {
  Place hotel = shop();
  hotel.name = "Hotel Adlon";
  hotel.category = "tourism=hotel";
  Place restaurant = shop();
  restaurant.name = "Adlon Restaurant";
  restaurant.category = "amenity=restaurant";
  EXPECT_NE(decide(hotel, restaurant), MatchDecision::kMerge);
}

TEST(MatchTest, SurvivesHostileFields) {
  Place a;
  a.name = std::string(200'000, 'x') + " " + std::string(200'000, '\xC3');
  a.addr_street = std::string(100'000, '1') + " , ; - \xE2\x80\x93 99999999999999999999-";
  a.addr_full = ",,,;;;";
  a.phone = ";;;;";
  a.website = "http://";
  a.ref = "#";
  compare(a, a);
  compare(a, Place{});
  EXPECT_TRUE(block_keys(match_profile(Place{}, "")).empty());
}

TEST(MatchWordsTest, AbbreviationsAndMistakesAreAlike) {
  EXPECT_GT(word_likeness("deli", "delicatessen"), 0.8);
  EXPECT_GT(word_likeness("philippe", "philippes"), 0.8);
  EXPECT_EQ(word_likeness("7th", "8th"), 0);
  EXPECT_EQ(word_likeness("north", "south"), 0);
  EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.961, 0.001);
  EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.813, 0.001);
}

TEST(MatchBlocksTest, PlacesThatMayBeOneShareAKey) {
  const auto share = [](const Place& a, const Place& b) {
    const auto one = block_keys(match_profile(a, kPage));
    const auto two = block_keys(match_profile(b, kPage));
    std::vector<BlockKey> both;
    std::set_intersection(one.begin(), one.end(), two.begin(), two.end(), std::back_inserter(both));
    return !both.empty();
  };
  Place a;
  a.name = "Café Zoë";
  a.lat = 52.52;
  Place b = a;
  for (double lon = 13.4; lon < 13.5; lon += 0.0031) {
    a.lon = lon;
    b.lon = lon + 0.002;
    b.name = "Zoe";
    b.lat = *a.lat + 0.001;
    EXPECT_TRUE(share(a, b)) << lon;
  }
  b.lat = 52.6;
  b.name = "Other";
  EXPECT_FALSE(share(a, b));
  Place named = shop();
  named.name = "Quite another name";
  EXPECT_TRUE(share(shop(), named)) << "by street and house number";
}

TEST(MatchClusterTest, AWeakChainDoesNotGlueDifferentPlaces) {
  const auto apart = [](std::uint32_t a, std::uint32_t b) { return !(a == 0 && b == 2); };
  const std::vector<MatchEdge> chain = {{1, 2, 0.9}, {0, 1, 0.95}, {3, 4, 0.99}};
  EXPECT_THAT(cluster(5, chain, {}, apart), ElementsAre(0, 0, 2, 3, 3));
  const auto any = [](std::uint32_t, std::uint32_t) { return true; };
  EXPECT_THAT(cluster(5, chain, {}, any), ElementsAre(0, 0, 0, 3, 3));
  EXPECT_THAT(cluster(5, chain, {{3, 4}}, any), ElementsAre(0, 0, 0, 3, 4));
}

TEST(MatchClusterTest, WhatAPersonJoinedCountsAsOne) {
  const auto apart = [](std::uint32_t a, std::uint32_t b) { return !(a == 0 && b == 2); };
  const std::vector<MatchEdge> edges = {{1, 2, 0, true}, {0, 1, 0.95}};
  EXPECT_THAT(cluster(3, edges, {}, apart), ElementsAre(0, 0, 0));
  EXPECT_THAT(cluster(3, edges, {{0, 2}}, apart), ElementsAre(0, 1, 1));
}

}  // namespace
}  // namespace placer
