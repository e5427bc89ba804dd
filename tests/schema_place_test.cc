#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <vector>

#include "scraper/extract/schema/fields.h"
#include "scraper/extract/schema/places.h"
#include "scraper/extract/schema/types.h"

namespace placer {
namespace {

using nlohmann::json;

std::vector<RawPlace> places_in(const json& document) {
  return find_places({{.path = "d", .value = &document}}, PathStyle::kPointer);
}

// The paths of the places found, separated by a space.
std::string paths(const std::string& document) {
  std::string out;
  for (const RawPlace& place : places_in(json::parse(document)))
    out += (out.empty() ? "" : " ") + place.path;
  return out;
}

json fields(const std::string& document) {
  const auto places = places_in(json::parse(document));
  EXPECT_EQ(places.size(), 1U) << document;
  return places.empty() ? json() : places[0].fields;
}

TEST(SchemaTypesTest, KnowsTypesByEveryCommonSpelling) {
  for (const char* written :
       {"Hotel", "http://schema.org/Hotel", "https://schema.org/Hotel", "https://schema.org/#Hotel",
        "http://www.schema.org/Hotel/", "//schema.org/Hotel", "schema.org/Hotel", "schema:Hotel",
        " HTTP://Schema.org/hotel ", "hotel", "schema.org#Hotel"}) {
    EXPECT_EQ(bare_type_name(written), "Hotel") << written;
  }
  EXPECT_EQ(bare_type_name("http://schema.org/Person"), "Person");
  EXPECT_EQ(bare_type_name("http://example.org/Hotel"), "http://example.org/Hotel");
  EXPECT_EQ(bare_type_name(""), "");
  EXPECT_EQ(strip_schema_prefix("https://schema.org/hotel"), "hotel");
}

TEST(SchemaTypesTest, KnowsTheTrees) {
  EXPECT_TRUE(is_local_business("Hospital"));
  EXPECT_TRUE(is_schema_subtype("Hospital", "CivicStructure"));
  EXPECT_TRUE(is_place_type("Museum"));
  EXPECT_FALSE(is_local_business("Museum"));
  EXPECT_FALSE(is_place_type("Organization"));
  EXPECT_FALSE(is_place_type("Zzz"));
  EXPECT_FALSE(is_place_type(""));
}

TEST(SchemaTypesTest, PrefersBusinessThenDepthThenOrder) {
  const auto best = [](std::vector<std::string> types) {
    return std::string(most_specific_type(types));
  };
  EXPECT_EQ(best({"LocalBusiness", "Restaurant", "FoodEstablishment"}), "Restaurant");
  EXPECT_EQ(best({"CatholicChurch", "LocalBusiness"}), "LocalBusiness");
  EXPECT_EQ(best({"Organization", "Place"}), "Place");
  EXPECT_EQ(best({"Bakery", "Brewery"}), "Bakery");
  EXPECT_EQ(best({"Organization"}), "");
}

TEST(SchemaPlaceTest, FindsBusinessesWhereverTheyStand) {
  for (const char* where : {"@graph", "mainEntity", "mainEntityOfPage", "department", "location",
                            "subOrganization", "containsPlace", "provider", "organizer",
                            "publisher", "memberOf", "itemReviewed", "other"}) {
    const std::string property = where;
    EXPECT_EQ(paths(R"({"@type":"X",")" + property + R"(":{"@type":"Plumber","name":"P"}})"),
              "d/" + property);
    EXPECT_EQ(paths(R"({"@type":"X",")" + property + R"(":["s",{"@type":"Plumber","name":"P"}]})"),
              "d/" + property + "/1");
  }
  EXPECT_EQ(paths(R"([[{"@type":"ItemList","itemListElement":[{"@type":"ListItem","item":
                       {"@type":"Bakery","name":"B"}}]}]])"),
            "d/0/0/itemListElement/0/item");
}

TEST(SchemaPlaceTest, CountsThingOfSeveralTypesOnce) {
  const json found =
      fields(R"({"@type":["http://schema.org/Restaurant","LocalBusiness","schema:Bar",
                                         "restaurant"],"name":"R"})");
  EXPECT_EQ(found["@type"], json::parse(R"(["Restaurant","LocalBusiness","Bar"])"));
  EXPECT_EQ(fields(R"({"type":"Hotel","name":"H"})"),
            json::parse(R"({"@type":["Hotel"],"name":"H"})"));
}

TEST(SchemaPlaceTest, TakesSitesThatSayWhatOrWhereTheyAre) {
  EXPECT_EQ(paths(R"({"@type":"Museum","name":"M"})"), "d");
  EXPECT_EQ(paths(R"({"@type":"Museum","geo":{"latitude":1}})"), "d");
  EXPECT_EQ(paths(R"({"@type":"Event","location":{"@type":"Park","name":"P"}})"), "d/location");
  EXPECT_EQ(paths(R"({"@type":"Museum","image":"x"})"), "");
  EXPECT_EQ(paths(R"({"@type":"Person","birthPlace":{"@type":"Park","name":"P"}})"), "");
}

TEST(SchemaPlaceTest, TakesBarePlaceOnlyWhenItStandsForItself) {
  EXPECT_EQ(paths(R"({"@type":"Place","name":"P"})"), "d");
  EXPECT_EQ(paths(R"({"@type":"Event","location":{"@type":"Place","name":"P","address":"A"}})"),
            "d/location");
  EXPECT_EQ(paths(R"({"@type":"Event","location":{"@type":"Place","name":"P"}})"), "");
  EXPECT_EQ(paths(R"({"@type":"Event","location":{"@type":"Place","address":"A"}})"), "");
  EXPECT_EQ(paths(R"({"@type":"Service","areaServed":{"@type":"Place","name":"P","geo":{"a":1}}})"),
            "");
  EXPECT_EQ(paths(R"({"@type":"Bakery","name":"B","location":{"@type":"Place","address":"A"}})"),
            "d");
  EXPECT_EQ(
      paths(
          R"({"@type":"Bakery","name":"B","location":{"@type":"Place","name":"B","address":"A"}})"),
      "d");
}

TEST(SchemaPlaceTest, LeavesAreasAddressesAndOrganizationsAlone) {
  EXPECT_EQ(paths(R"({"@type":"Organization","name":"O","address":{"@type":"PostalAddress",
      "addressCountry":{"@type":"Country","name":"UK"}},"areaServed":{"@type":"City","name":"Bath"},
      "location":{"@type":"VirtualLocation","name":"v","url":"u"}})"),
            "");
  EXPECT_EQ(paths(R"({"@type":"City","name":"Bath"})"), "d");
  EXPECT_EQ(paths(R"({"@graph":[{"@id":"#c","@type":"City","name":"Bath"},
                                {"@type":"Service","areaServed":{"@id":"#c"}}]})"),
            "");
  EXPECT_EQ(paths(R"({"@type":["Organization","LocalBusiness"],"name":"O"})"), "d");
}

TEST(SchemaPlaceTest, BringsNamesAndValuesToOneForm) {
  EXPECT_EQ(
      fields(R"({"@context":{"x":1},"@type":"http://schema.org/Hotel","@id":" #h ",
      "schema:name":{"@value":"H","@language":"en"},"http://schema.org/telephone":["1"],
      "https://schema.org/url":null,"image":{"@list":["a","b"]},"geo":{"@type":"schema:GeoCoordinates",
      "schema:latitude":1.5},"x":[],"y":{}})"),
      json::parse(R"({"@type":["Hotel"],"@id":"#h","name":"H","telephone":"1","image":["a","b"],
                            "geo":{"@type":["GeoCoordinates"],"latitude":1.5}})"));
}

TEST(SchemaPlaceTest, NamesPlacesInsidePlacesWithoutRepeatingThem) {
  const auto places =
      places_in(json::parse(R"({"@type":"Store","name":"S","department":[{"@type":"Pharmacy",
      "@id":"#p","name":"P","telephone":"1","address":{"streetAddress":"a"}}]})"));
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].fields["department"],
            json::parse(R"({"@type":["Pharmacy"],"@id":"#p","name":"P"})"));
  EXPECT_EQ(places[1].path, "d/department/0");
  EXPECT_EQ(places[1].fields["telephone"], "1");
}

TEST(SchemaPlaceTest, ResolvesReferencesAndSurvivesCycles) {
  const json found = fields(R"({"@graph":[{"@type":"Store","@id":"#s","address":{"@id":"#a"},
      "brand":{"@id":"#none"},"parentOrganization":{"@id":"#o"}},
      {"@id":"#a","streetAddress":"x","of":{"@id":"#a"}},
      {"@id":"#o","@type":"Organization","name":"O","location":{"@id":"#s"}}]})");
  EXPECT_EQ(found["address"]["streetAddress"], "x");
  EXPECT_EQ(found["address"]["of"], json::parse(R"({"@id":"#a"})"));
  EXPECT_EQ(found["brand"], json::parse(R"({"@id":"#none"})"));
  EXPECT_EQ(found["parentOrganization"]["location"], json::parse(R"({"@id":"#s"})"));
}

TEST(SchemaPlaceTest, KeepsIdsOfBlankNodesWithinTheirDocument) {
  const json first = json::parse(R"({"@type":"Store","name":"S","address":{"@id":"_:a"}})");
  const json second = json::parse(R"({"@id":"_:a","streetAddress":"x"})");
  const auto places = find_places({{"a", &first}, {"b", &second}}, PathStyle::kPointer);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].fields["address"], json::parse(R"({"@id":"_:a"})"));
}

TEST(SchemaPlaceTest, JoinsWhatIsSaidOfOneId) {
  const auto places = places_in(
      json::parse(R"([{"@type":"Review","itemReviewed":{"@type":"Store","@id":"#s","name":"S"}},
      {"@type":"Store","@id":"#s","name":"S","telephone":"1","url":"u"},
      {"@type":"Organization","@id":"#s","email":"e"}])"));
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].path, "d/1");
  EXPECT_EQ(places[0].fields,
            json::parse(R"({"@type":["Store","Organization"],"@id":"#s","name":"S",
                                              "telephone":"1","url":"u","email":"e"})"));
}

TEST(SchemaPlaceTest, KeepsBranchesThatShareAnIdApart) {
  EXPECT_EQ(paths(R"([{"@type":"Store","@id":"#s","name":"S","address":"1"},
                      {"@type":"Store","@id":"#s","name":"S","address":"2"},
                      {"@type":"Store","@id":"#s","name":"S","address":"2"}])"),
            "d/0 d/1 d/2");
}

TEST(SchemaPlaceTest, WritesPathsOfListsInTheFormatsOwnWay) {
  const json document = json::parse(R"({"location":[1,{"@type":"Store","name":"S"}]})");
  const auto places = find_places({{"item[3]", &document}}, PathStyle::kIndexed);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].path, "item[3]/location[2]");
  EXPECT_EQ(paths(R"({"http://schema.org/a":{"@type":"Store","name":"S"}})"), "d/a");
  EXPECT_EQ(paths(R"({"a/b~c":{"@type":"Store","name":"S"}})"), "d/a~1b~0c");
}

TEST(SchemaPlaceTest, DropsLargestMembersOfOversizedPlace) {
  json document = json::parse(R"({"@type":"Store","name":"S","telephone":"1"})");
  for (int i = 0; i < 2'000; ++i) document["review"].push_back({{"text", std::string(100, 'x')}});
  document["description"] = std::string(60'000, 'y');
  const json found = fields(document.dump());
  EXPECT_FALSE(found.contains("review"));
  EXPECT_TRUE(found.contains("description"));
  EXPECT_EQ(found["telephone"], "1");
  EXPECT_LE(found.dump().size(), SchemaFields::kMaxBytes);
}

TEST(SchemaPlaceTest, StaysBoundedOnDocumentsMadeToBlowUp) {
  const std::clock_t begin = std::clock();
  // 2^300 when written out.
  json doubling = json::array({{{"@type", "Store"}, {"name", "S"}, {"p", {{"@id", "#0"}}}}});
  for (int i = 0; i < 300; ++i) {
    const json next = {{"@id", "#" + std::to_string(i + 1)}};
    doubling.push_back({{"@id", "#" + std::to_string(i)}, {"a", next}, {"b", next}, {"t", "text"}});
  }
  EXPECT_EQ(places_in(doubling).size(), 1U);
  // Many places that refer to one large thing.
  json sharing = json::array({{{"@id", "#big"}, {"text", std::string(60'000, 'x')}}});
  for (int i = 0; i < 30'000; ++i) {
    sharing.push_back({{"@type", "Store"}, {"name", "S"}, {"image", {{"@id", "#big"}}}});
  }
  std::size_t bytes = 0;
  const auto places = places_in(sharing);
  for (const RawPlace& place : places) bytes += place.fields.dump().size();
  EXPECT_EQ(places.size(), SchemaGraph::kMaxPlaces);
  EXPECT_LT(bytes, SchemaFields::kMaxEmbedded + 8'000'000);
  // One @id for many, deep nesting, long keys.
  json same = json::array();
  for (int i = 0; i < 20'000; ++i) same.push_back({{"@type", "Store"}, {"@id", "#s"}, {"name", i}});
  EXPECT_EQ(places_in(same).size(), 20'000U);
  json deep = {{"@type", "Store"}, {"name", "S"}};
  for (int i = 0; i < 250; ++i) deep = {{std::string(1'000, 'k'), json::array({deep})}};
  const auto found = places_in(deep);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_LT(found[0].path.size(), 1'000U);
  EXPECT_LT(std::clock() - begin, 30 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace placer
