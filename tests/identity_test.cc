#include "scraper/place/identity.h"

#include <gtest/gtest.h>

#include <set>

namespace placer {
namespace {

constexpr const char* kList = "https://coffee.example/stores";
constexpr const char* kDetail = "https://coffee.example/stores/main-street";

Place shop() {
  Place place;
  place.name = "Coffee & Co";
  place.addr_street = "Main Street";
  place.addr_housenumber = "12";
  place.addr_postcode = "EC1A 1BB";
  place.addr_city = "London";
  place.website = kDetail;
  return place;
}

TEST(IdentityTest, DetailPageWithMoreFieldsIsTheSamePlace) {
  Place detail = shop();
  detail.phone = "+442072193000";
  detail.lat = 51.5;
  detail.lon = -0.1;
  detail.ref = "store-17";
  detail.opening_hours = "24/7";
  EXPECT_EQ(identity_key(shop(), kList), identity_key(detail, kDetail));
}

TEST(IdentityTest, SpellingOfNameAndAddressDoesNotMatter) {
  Place other = shop();
  other.name = "COFFEE   &  CO.";
  other.addr_street = "12 main street";
  other.addr_housenumber.reset();
  other.addr_postcode = "ec1a1bb";
  EXPECT_EQ(identity_key(shop(), kList), identity_key(other, kList));
}

TEST(IdentityTest, BranchesOfAChainStayApart) {
  std::set<std::string> keys = {identity_key(shop(), kList)};
  Place branch = shop();
  branch.addr_housenumber = "13";
  EXPECT_TRUE(keys.insert(identity_key(branch, kList)).second);
  branch = shop();
  branch.addr_postcode = "EC2A 1BB";
  EXPECT_TRUE(keys.insert(identity_key(branch, kList)).second);
  branch = shop();
  branch.addr_street = "High Street";
  EXPECT_TRUE(keys.insert(identity_key(branch, kList)).second);
}

TEST(IdentityTest, BranchesWithOneTelephoneAndWebsiteStayApartByCoordinatesOrCity) {
  Place one;
  one.name = "Coffee & Co";
  one.phone = "+442072193000";
  one.website = "https://coffee.example/";
  one.lat = 51.5;
  one.lon = -0.1;
  Place two = one;
  two.lat = 51.6;
  EXPECT_NE(identity_key(one, kList), identity_key(two, kList));

  one = Place{};
  one.name = "Coffee & Co";
  one.website = "https://coffee.example/";
  one.addr_city = "London";
  two = one;
  two.addr_city = "Leeds";
  EXPECT_NE(identity_key(one, kList), identity_key(two, kList));
}

TEST(IdentityTest, CoordinatesAgreeWithinElevenMetres) {
  Place one;
  one.name = "Kiosk";
  one.lat = 52.520012;
  one.lon = 13.404953;
  Place two = one;
  two.lat = 52.520008;
  EXPECT_EQ(identity_key(one, kList), identity_key(two, kDetail));
  two.lat = 52.5203;
  EXPECT_NE(identity_key(one, kList), identity_key(two, kDetail));
}

TEST(IdentityTest, TelephoneIsEvidenceOnAnyPage) {
  Place one;
  one.name = "Kiosk";
  one.phone = "+4930901820";
  Place two = one;
  two.phone = "+4930901820;+4930901821";
  EXPECT_EQ(identity_key(one, kList), identity_key(two, "https://other.example/"));
}

TEST(IdentityTest, NameAloneIsOnePlaceOfThePublisher) {
  Place footer;
  footer.name = "Coffee & Co";
  Place home = footer;
  home.website = "https://www.coffee.example/";
  EXPECT_EQ(identity_key(footer, kList), identity_key(footer, kDetail));
  EXPECT_EQ(identity_key(footer, kList), identity_key(home, kDetail));
  EXPECT_NE(identity_key(footer, kList), identity_key(footer, "https://tea.example/"));
}

TEST(IdentityTest, WebsiteOfItsOwnTellsPlacesOfOneNameApart) {
  Place one;
  one.name = "Kiosk";
  one.website = "https://coffee.example/stores/1";
  Place two = one;
  two.website = "https://coffee.example/stores/2";
  EXPECT_NE(identity_key(one, kList), identity_key(two, kList));
  two.website = "https://www.coffee.example/stores/1/";
  EXPECT_EQ(identity_key(one, kList), identity_key(two, kList));
}

TEST(IdentityTest, DifferentNamesAtOneAddressAreDifferentPlaces) {
  Place other = shop();
  other.name = "Tea & Co";
  EXPECT_NE(identity_key(shop(), kList), identity_key(other, kList));
  Place symbols = shop();
  symbols.name = "!!!";
  Place more = shop();
  more.name = "???";
  EXPECT_NE(identity_key(symbols, kList), identity_key(more, kList));
}

TEST(IdentityTest, NamelessAndEmptyPlacesHaveKeysToo) {
  EXPECT_EQ(identity_key(Place{}, kList), identity_key(Place{}, kList));
  EXPECT_NE(identity_key(Place{}, kList), identity_key(Place{}, kDetail));
  EXPECT_FALSE(identity_key(Place{}, "not a URL").empty());
}

TEST(PlaceIdTest, FitsIntoAJavaScriptNumberAndIsNeverZero) {
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t id = place_id_of("key " + std::to_string(i));
    ASSERT_GT(id, 0U);
    ASSERT_LT(id, std::uint64_t{1} << 53);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100'000U);
  EXPECT_GT(place_id_of(""), 0U);
}

TEST(PlaceIdTest, IsStableAcrossRunsAndReleases) {
  EXPECT_EQ(place_id_of("coffee co"), place_id_of("coffee co"));
  EXPECT_EQ(place_id_of("abc"), 4327216212032149ULL);
}

TEST(CompletenessTest, IsTheShareOfTheMainFields) {
  EXPECT_DOUBLE_EQ(completeness(Place{}), 0.0);
  Place place;
  place.name = "Kiosk";
  EXPECT_DOUBLE_EQ(completeness(place), 0.1);
  place.lat = 1;
  EXPECT_DOUBLE_EQ(completeness(place), 0.1);
  place.lon = 1;
  EXPECT_DOUBLE_EQ(completeness(place), 0.2);
  place.category = place.addr_full = place.addr_city = place.addr_postcode = place.addr_country =
      place.phone = place.website = place.opening_hours = "x";
  EXPECT_DOUBLE_EQ(completeness(place), 1.0);
}

}  // namespace
}  // namespace placer
