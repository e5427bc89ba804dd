#include "scraper/extract/opengraph/opengraph.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "scraper/extract/opengraph/title.h"

namespace placer {
namespace {

using nlohmann::json;

Page parse(const std::string& html, const std::string& url = "https://example.org/dir/page") {
  auto page = Page::parse(html,
                          {.url = url,
                           .content_type = "text/html; charset=utf-8",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {.deadline = std::chrono::seconds(20)});
  EXPECT_TRUE(page.has_value());
  return std::move(*page);
}

// Metas of `names`: "og:title=X" for each.
std::string metas(const std::vector<std::string>& names, const char* attribute = "property") {
  std::string html;
  for (const std::string& meta : names) {
    const std::size_t split = meta.find('=');
    html += "<meta " + std::string(attribute) + "='" + meta.substr(0, split) + "' content='" +
            meta.substr(split + 1) + "'>";
  }
  return html;
}

std::vector<RawPlace> places(const std::vector<std::string>& names) {
  return OpenGraph().places(parse(metas(names)));
}

json place(const std::vector<std::string>& names) {
  const std::vector<RawPlace> found = places(names);
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? json() : found[0].fields;
}

std::string type_of(const std::string& written) {
  const auto found = places({"og:type=" + written, "og:title=X"});
  return found.empty() ? "" : found[0].fields["@type"][0];
}

TEST(OpenGraphTest, ListsPropertiesOfKnownAndDeclaredPrefixesInOrder) {
  EXPECT_EQ(OpenGraph().items(parse(R"(<html prefix="og: http://ogp.me/ns# ex:http://ex.org/">
      <head><meta property="og:title" content=" X "><meta property="ex:a" content="1">
      <meta property="fb:admins" content="2"><meta name="description" content="3">
      <meta property="og:image" content="b"></head><body>
      <meta property="og:image" content="a"><meta property="place:location:latitude" content="">
      <template><meta property="og:image" content="no"></template>)")),
            json::parse(R"([{"namespace":{"og":"http://ogp.me/ns#","ex":"http://ex.org/",
        "place":"http://ogp.me/ns/place#"},"properties":[["og:title"," X "],["ex:a","1"],
        ["og:image","b"],["og:image","a"],["place:location:latitude",""]]}])"));
  EXPECT_EQ(OpenGraph().items(parse("<meta name=ICBM content='1, 2'>")),
            json::parse(R"([{"geo":[["ICBM","1, 2"]]}])"));
  EXPECT_EQ(OpenGraph().items(parse("<p>x")), json::array());
}

TEST(OpenGraphTest, ReadsBusinessWithContactHoursAndCoordinates) {
  const auto found = places({"og:type=business.business",
                             "og:title=Bath Cafe | Bean",
                             "og:site_name=Bean",
                             "og:url=https://example.org/bath",
                             "og:image=/a.png",
                             "og:image=/b.png",
                             "og:image=/a.png",
                             "og:description=Coffee",
                             "business:contact_data:street_address=Way 1",
                             "business:contact_data:locality=Bath",
                             "business:contact_data:region=Somerset",
                             "business:contact_data:postal_code=BA1 1AA",
                             "business:contact_data:country_name=UK",
                             "business:contact_data:phone_number=01225 1",
                             "business:contact_data:email=a@example.org",
                             "business:contact_data:website=https://bean.example",
                             "place:location:latitude=51.4",
                             "place:location:longitude=-2.4",
                             "business:hours:day=monday",
                             "business:hours:start=09:00",
                             "business:hours:end=17:00",
                             "business:hours:day=sunday",
                             "business:hours:start=closed",
                             "business:hours:end=closed",
                             "og:see_also=https://facebook.com/bean"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "meta");
  EXPECT_EQ(found[0].fields, json::parse(R"({"@type":["LocalBusiness"],"name":"Bath Cafe",
      "url":"https://bean.example","image":["/a.png","/b.png"],"description":"Coffee",
      "address":{"@type":["PostalAddress"],"streetAddress":"Way 1","addressLocality":"Bath",
        "addressRegion":"Somerset","postalCode":"BA1 1AA","addressCountry":"UK"},
      "telephone":"01225 1","email":"a@example.org",
      "geo":{"@type":["GeoCoordinates"],"latitude":"51.4","longitude":"-2.4"},
      "openingHoursSpecification":[
        {"@type":["OpeningHoursSpecification"],"dayOfWeek":"monday","opens":"09:00",
         "closes":"17:00"},
        {"@type":["OpeningHoursSpecification"],"dayOfWeek":"sunday","opens":"closed",
         "closes":"closed"}],"sameAs":"https://facebook.com/bean"})"));
}

TEST(OpenGraphTest, ReadsRestaurantAndTheNamesOfOldOpenGraph) {
  EXPECT_EQ(place({"og:type=restaurant.restaurant", "og:title=X",
                   "restaurant:contact_info:street_address=Way 1",
                   "restaurant:contact_info:locality=Rome", "restaurant:category=Pizza",
                   "restaurant:price_rating=2", "restaurant:menu=/menu"}),
            json::parse(R"({"@type":["Restaurant"],"name":"X","servesCuisine":"Pizza",
      "priceRange":"$$","hasMenu":"/menu","address":{"@type":["PostalAddress"],
      "streetAddress":"Way 1","addressLocality":"Rome"}})"));
  EXPECT_EQ(place({"og:title=X", "og:street-address=Way 1", "og:postal-code=1", "og:latitude=1.5",
                   "og:longitude=2.5", "og:phone_number=1"}),
            json::parse(R"({"@type":["LocalBusiness"],"name":"X","telephone":"1",
      "address":{"@type":["PostalAddress"],"streetAddress":"Way 1","postalCode":"1"},
      "geo":{"@type":["GeoCoordinates"],"latitude":"1.5","longitude":"2.5"}})"));
}

TEST(OpenGraphTest, TakesTheFirstOfDuplicatesThatSaysSomething) {
  EXPECT_EQ(place({"og:type=hotel", "og:type=article", "og:title=", "og:title=A", "og:title=B"}),
            json::parse(R"({"@type":["Hotel"],"name":"A"})"));
}

TEST(OpenGraphTest, HearsMetasWithNameAndInTheBody) {
  const Page page = parse("<body><p>x</p>" + metas({"og:type=cafe", "og:title=X"}, "name"));
  EXPECT_EQ(OpenGraph().places(page).size(), 1U);
}

TEST(OpenGraphTest, KnowsWhichTypesArePlaces) {
  EXPECT_EQ(type_of("Restaurant"), "Restaurant");
  EXPECT_EQ(type_of("yelpyelp:business"), "LocalBusiness");
  EXPECT_EQ(type_of("bar"), "BarOrPub");
  EXPECT_EQ(type_of("place"), "Place");
  EXPECT_EQ(type_of("auto_repair"), "AutoRepair");
  EXPECT_EQ(type_of("museum"), "Museum");
  for (const char* other :
       {"article", "website", "product", "product.item", "article:business", "video.place", "city",
        "apartment", "company", "profile", "tv_show", "blog", "thing", "website.business"}) {
    EXPECT_EQ(type_of(other), "") << other;
  }
}

TEST(OpenGraphTest, MakesNoPlaceOfSitesWithoutLocation) {
  EXPECT_TRUE(places({"og:type=website", "og:title=X", "og:locality=Bath"}).empty());
  EXPECT_TRUE(
      places({"og:title=X", "place:location:latitude=0", "place:location:longitude=0"}).empty());
  EXPECT_TRUE(places({"og:type=article", "og:title=X", "place:location:latitude=1",
                      "place:location:longitude=2"})
                  .empty());
  EXPECT_EQ(place({"og:type=website", "og:title=X", "place:location:latitude=1",
                   "place:location:longitude=2"})["@type"],
            json{"Place"});
  EXPECT_EQ(place({"og:type=company", "og:title=X", "og:street-address=Way 1"})["@type"],
            json{"LocalBusiness"});
}

TEST(OpenGraphTest, GivesContactOnArticleToTheBusinessOfTheSite) {
  const std::vector<std::string> article = {"og:type=article", "og:title=Our news",
                                            "og:image=/news.png", "geo.position=1;2",
                                            "business:contact_data:street_address=Way 1"};
  EXPECT_TRUE(places(article).empty());
  std::vector<std::string> named = article;
  named.emplace_back("og:site_name=Bean");
  EXPECT_EQ(place(named), json::parse(R"({"@type":["LocalBusiness"],"name":"Bean",
      "address":{"@type":["PostalAddress"],"streetAddress":"Way 1"}})"));
}

TEST(OpenGraphTest, PairsHoursOnlyWhenThatIsCertain) {
  const auto hours = [](std::vector<std::string> stated) {
    stated.insert(stated.end(), {"og:type=hotel", "og:title=X"});
    return place(stated)["openingHoursSpecification"];
  };
  EXPECT_EQ(hours({"business:hours:day=monday,tuesday", "business:hours:day=friday",
                   "business:hours:start=9:00", "business:hours:end=17:00"}),
            json::parse(R"([{"@type":["OpeningHoursSpecification"],"opens":"9:00",
      "closes":"17:00","dayOfWeek":["monday","tuesday"]},{"@type":["OpeningHoursSpecification"],
      "opens":"9:00","closes":"17:00","dayOfWeek":"friday"}])"));
  EXPECT_EQ(
      hours({"business:hours:day=monday", "business:hours:day=tuesday", "business:hours:day=friday",
             "business:hours:start=9:00", "business:hours:start=8:00", "business:hours:end=17:00"}),
      json());
}

TEST(OpenGraphTest, AddsGeoMetasToAPlace) {
  EXPECT_EQ(place({"og:type=hotel", "og:title=X", "geo.position=52.5;13.4", "geo.region=de-BE",
                   "geo.placename=Berlin"}),
            json::parse(R"({"@type":["Hotel"],"name":"X",
      "geo":{"@type":["GeoCoordinates"],"latitude":"52.5","longitude":"13.4"},
      "address":{"@type":["PostalAddress"],"addressCountry":"DE","addressRegion":"BE",
                 "addressLocality":"Berlin"}})"));
  // What OpenGraph states holds; a region of another country is none of the place's.
  const json stated =
      place({"og:type=hotel", "og:title=X", "ICBM=1.5, 2.5", "geo.region=FR-75", "og:latitude=3",
             "og:longitude=4", "og:country-name=DE", "og:locality=Bonn", "geo.placename=Paris"});
  EXPECT_EQ(stated["geo"]["latitude"], "3");
  EXPECT_EQ(stated["address"], json::parse(R"({"@type":["PostalAddress"],"addressCountry":"DE",
                                               "addressLocality":"Bonn"})"));
  EXPECT_EQ(place({"og:type=hotel", "og:title=X", "geo.region=DE-Bayern"})["address"],
            json::parse(R"({"@type":["PostalAddress"],"addressCountry":"DE"})"));
  for (const char* position : {"ICBM=52,5; 13,4", "geo.position=52,5 13,4"}) {
    EXPECT_EQ(place({"og:type=hotel", "og:title=X", position})["geo"]["longitude"], "13,4");
  }
  for (const char* position : {"ICBM=x, y", "ICBM=0,0", "ICBM=1,2,3,4", "geo.position=;"}) {
    EXPECT_FALSE(place({"og:type=hotel", "og:title=X", position}).contains("geo")) << position;
  }
}

TEST(OpenGraphTest, MakesNoPlaceOfTheWeblogOfACity) {
  std::vector<std::string> weblog = {"og:type=website",           "og:title=Berlin daily",
                                     "og:site_name=Berlin daily", "geo.position=52.5;13.4",
                                     "ICBM=52.5, 13.4",           "geo.region=DE-BE",
                                     "geo.placename=Berlin"};
  EXPECT_TRUE(places(weblog).empty());
  weblog.emplace_back("locality=Berlin");
  EXPECT_TRUE(places(weblog).empty());
  weblog.emplace_back("street-address=Weg 1");
  EXPECT_EQ(place(weblog)["address"]["streetAddress"], "Weg 1");
}

TEST(OpenGraphTest, TakesNameOutOfTitle) {
  EXPECT_EQ(name_in_title("X | Site", "Site", false), "X");
  EXPECT_EQ(name_in_title("X – Y - SITE", "Site", false), "X – Y");
  EXPECT_EQ(name_in_title("X Site", "Site", false), "X Site");
  EXPECT_EQ(name_in_title("Site", "Site", false), "Site");
  EXPECT_EQ(name_in_title("Contact us | Site", "Site", false), "Site");
  EXPECT_EQ(name_in_title("Home", "Site", false), "Site");
  EXPECT_EQ(name_in_title("Site - best pizza", "Site", true), "Site");
  EXPECT_EQ(name_in_title("Site - Bath", "Site", false), "Site - Bath");
  EXPECT_EQ(name_in_title("X", "", false), "X");
  EXPECT_EQ(name_in_title("", "Site", false), "Site");
  EXPECT_EQ(name_in_title("| Site", "Site", false), "| Site");
}

TEST(OpenGraphTest, StaysBoundedOnManyMetas) {
  std::string html = metas({"og:type=hotel", "og:title=X"});
  for (int i = 0; i < 100'000; ++i)
    html += "<meta property=og:image content=" + std::to_string(i) + ">";
  html += "<meta property=og:see_also content=" + std::string(1'000'000, 'x') + ">";
  const auto found = OpenGraph().places(parse(html));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fields["image"].size(), 10U);
  EXPECT_LT(found[0].fields.dump().size(), 70'000U);
}

}  // namespace
}  // namespace placer
