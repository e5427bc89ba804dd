// Store-locator platforms: each entry of the table on a page and an answer of its own.
#include "scraper/extract/locator/locator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "scraper/extract/embedded/embedded.h"
#include "scraper/extract/locator/mark_search.h"
#include "scraper/extract/locator/platform.h"

namespace placer {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPageUrl = "https://www.chain.example/stores";

Page page_of(const std::string& body, const std::string& url, const std::string& type) {
  auto page = Page::parse(body, {url, type, {}, {}, ""}, {});
  EXPECT_TRUE(page);
  return std::move(*page);
}

Page html(const std::string& body, const std::string& url = kPageUrl) {
  return page_of("<!doctype html><title>Stores</title>" + body, url, "text/html");
}

struct Example {
  const char* platform;
  const char* snippet;   // of the page at kPageUrl
  const char* endpoint;  // what it leads to
  const char* answer;    // with one place: "Nord", in Berlin or at 52.5, 13.4
  const char* type = "application/json";
  const char* body = "";
};

// The answers are the platforms' shapes with words of our own.
const Example kExamples[] =
    {
        {"agile_store_locator",
         R"h(<div class="asl-cont"></div><script>var ASL_REMOTE = {"URL":"https:\/\/www.chain.example\/wp\/wp-admin\/admin-ajax.php"}; var asl_configuration = {};</script>)h",
         "https://www.chain.example/wp/wp-admin/"
         "admin-ajax.php?action=asl_load_stores&load_all=1&layout=1",
         R"([{"id":"3","title":"Nord","street":"T 1","city":"Berlin","postal_code":"10115","lat":"52.5","lng":"13.4","open_hours":"{\"mon\":[\"09:00 - 17:00\"]}"}])"},
        {"algolia",
         R"h(<script>algoliasearch({appId: "ABCDE12345", apiKey: "0123456789abcdef0123456789abcdef", indexName: "prod_stores"})</script>)h",
         "https://abcde12345-dsn.algolia.net/1/indexes/"
         "prod_stores?x-algolia-application-id=ABCDE12345&x-algolia-api-key="
         "0123456789abcdef0123456789abcdef&hitsPerPage=1000&page=0",
         R"({"hits":[{"objectID":"1","name":"Nord","city":"Berlin","_geoloc":{"lat":52.5,"lng":13.4}}],"page":0,"nbPages":1})"},
        {"amasty", R"h(<div id="amlocator-map-canvas"></div>)h",
         "https://www.chain.example/amlocator/index/ajax/",
         R"({"items":[{"id":"1","name":"Nord","address":"T 1","city":"Berlin","zip":"10115","lat":"52.5","lng":"13.4"}],"totalRecords":1})",
         "application/json", "p=1"},
        {"arcgis_feature_server",
         R"h(<script>layer("https://services.arcgis.com/Ab1/ArcGIS/rest/services/Shops/FeatureServer/0")</script>)h",
         "https://services.arcgis.com/Ab1/ArcGIS/rest/services/Shops/FeatureServer/0/"
         "query?where=1%3D1&outFields=*&outSR=4326&resultOffset=0&resultRecordCount=1000&f=geojson",
         R"({"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":{"type":"Point","coordinates":[13.4,52.5]},"properties":{"NAME":"Nord","CITY":"Berlin"}}]})",
         "application/geo+json"},
        {"closeby",
         R"h(<iframe src="https://www.closeby.co/embed/0123456789abcdef0123456789abcdef"></iframe>)h",
         "https://www.closeby.co/embed/0123456789abcdef0123456789abcdef/locations",
         R"({"locations":[{"id":1,"title":"Nord","address_full":"T 1, 10115 Berlin","latitude":52.5,"longitude":13.4}],"total_count":1})"},
        {"elfsight",
         R"h(<script src="https://static.elfsight.com/platform/platform.js"></script><div class="elfsight-app-0a1b2c3d-0000-4000-8000-00000000beef"></div>)h",
         "https://core.service.elfsight.com/p/boot/?w=0a1b2c3d-0000-4000-8000-00000000beef",
         R"({"status":1,"data":{"widgets":{"0a1b":{"data":{"settings":{"markers":[{"infoTitle":"Nord","infoAddress":"T 1, 10115 Berlin","coordinates":"52.5, 13.4"}]}}}}}})"},
        {"freshop",
         R"h(<script src="https://asset.freshop.com/freshop.js"></script><script>freshop({app_key: "corner_market"})</script>)h",
         "https://api.freshop.com/1/stores?app_key=corner_market",
         R"({"items":[{"id":"1","store_number":"7","name":"Nord","address_1":"T 1","city":"Berlin","postal_code":"10115","latitude":52.5,"longitude":13.4,"hours_md":"Mon-Fri 9am-5pm"}]})"},
        {"location_bank",
         R"h(<script src="https://api.locationbank.net/storelocator/js?clientId=0a1b2c3d-0000-4000-8000-00000000beef"></script>)h",
         "https://api.locationbank.net/storelocator/"
         "StoreLocatorAPI?clientId=0a1b2c3d-0000-4000-8000-00000000beef",
         R"({"detailViewUrl":null,"locations":[{"id":"1","locationName":"Nord","addressLine1":"T 1","locality":"Berlin","postalCode":"10115","administrativeArea":"BE","latitude":52.5,"longitude":13.4,"primaryPhone":"030 123456","regularHours":[{"openDay":"MONDAY","openTime":"09:00","closeTime":"17:00","isOpen":true}]}]})"},
        {"metalocator",
         R"h(<script src="https://code.metalocator.com/index.php?option=com_locator&amp;Itemid=4711&amp;source=js"></script>)h",
         "https://code.metalocator.com/webapi/api/search/?Itemid=4711&limit=100000",
         R"([{"id":1,"name":"Nord","address":"T 1","city":"Berlin","postalcode":"10115","lat":"52.5","lng":"13.4","hours":"Mon: 9:00AM-5:00PM|Tue: 9:00AM-5:00PM"}])"},
        {"storeify",
         R"h(<script src="https://sl.storeify.app/js/stores/chain.example/storeifyapps-storelocator.js"></script>)h",
         "https://sl.storeify.app/js/stores/chain.example/storeifyapps-storelocator-geojson.js",
         R"(eqfeed_callback({"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[13.4,52.5]},"properties":{"id":1,"name":"Nord","address":"T 1","city":"Berlin"}}]});)",
         "application/javascript"},
        {"storelocatorwidgets",
         R"h(<script id="storelocatorscript" data-uid="0123456789abcdef0123456789abcdef" src="https://cdn.storelocatorwidgets.com/widget/widget.js"></script>)h",
         "https://cdn.storelocatorwidgets.com/json/0123456789abcdef0123456789abcdef",
         R"(slw({"stores":[{"storeid":1,"name":"Nord","data":{"address":"T 1, 10115 Berlin","map_lat":"52.5","map_lng":"13.4","hours_Monday":"9am - 5pm"}}]}))",
         "application/javascript"},
        {"storemapper",
         R"h(<div id="storemapper" data-storemapper-id="123-AbCdEf"></div><script src="https://www.storemapper.co/js/widget-3.min.js"></script>)h",
         "https://storemapper-herokuapp-com.global.ssl.fastly.net/api/users/123-AbCdEf/stores.js",
         R"({"stores":[{"id":1,"name":"Nord","address":"T 1, 10115 Berlin","latitude":52.5,"longitude":13.4,"phone":"030 123456"}]})"},
        {"storepoint",
         R"h(<div id="storepoint-container" data-map-id="15c8f4612d44c3"></div><script>(function(){var a=document.createElement("script");a.src="https://cdn.storepoint.co/api/v1/js/15c8f4612d44c3.js";}());</script>)h",
         "https://api.storepoint.co/v1/15c8f4612d44c3/locations",
         R"({"success":true,"results":{"locations":[{"id":1,"name":"Nord","streetaddress":"T 1, 10115 Berlin","loc_lat":52.5,"loc_long":13.4,"monday":"9:00-17:00"}]}})"},
        {"storerocket",
         R"h(<script src="https://cdn.storerocket.io/widget.js"></script><script>StoreRocket.init({selector: ".sr", project: "Ab12Cd34"})</script>)h",
         "https://storerocket.io/api/user/Ab12Cd34/locations", R"({"success":true,"results":{"locations":[{"id":1,"name":"Nord","address":"T 1, 10115 Berlin","address_line_1":"T 1","city":"Berlin","postcode":"10115","lat":"52.5","lng":"13.4","hours":{"mon":"9:00 AM - 5:00 PM"}}]}})"},
        {"stockist",
         R"h(<div data-stockist-widget-tag="u1234"></div><script src="https://stockist.co/embed/v1/widget.min.js"></script>)h",
         "https://stockist.co/api/v1/u1234/locations/all.js",
         R"([{"id":1,"name":"Nord","address_line_1":"T 1","city":"Berlin","postal_code":"10115","latitude":"52.5","longitude":"13.4","custom_fields":[{"name":"Hours","value":"Mo-Fr 9:00-17:00"}]}])"},
        {"super_store_finder",
         R"h(<script src="https://www.chain.example/shop/wp-content/plugins/superstorefinder-wp/js/a.js"></script>)h",
         "https://www.chain.example/shop/wp-content/plugins/superstorefinder-wp/ssf-wp-xml.php",
         "<locator><store><item><location>Nord</location><address>T 1, 10115 "
         "Berlin</address><latitude>52.5</latitude><longitude>13.4</longitude></item></store></"
         "locator>",
         "text/xml"},
        {"uberall",
         R"h(<div id="store-finder-widget" data-key="AbCdEf0123456"></div><script src="https://uberall.com/assets/storeFinderWidget-v2.js"></script>)h",
         "https://uberall.com/api/storefinders/AbCdEf0123456/locations/all",
         R"({"status":"SUCCESS","response":{"locations":[{"id":1,"identifier":"7","name":"Nord","streetAndNumber":"T 1","zip":"10115","city":"Berlin","lat":52.5,"lng":13.4,"openingHours":[{"dayOfWeek":1,"from1":"09:00","to1":"17:00"}]}]}})"},
        {"where2getit",
         R"h(<iframe src="https://hosted.where2getit.com/chain/index.html"></iframe><script>var cfg = {appkey: "0A1B2C3D-0000-4000-8000-00000000BEEF"}</script>)h",
         "https://hosted.where2getit.com/chain/rest/getlist",
         R"({"response":{"collection":[{"clientkey":"7","name":"Nord","address1":"T 1","city":"Berlin","postalcode":"10115","latitude":"52.5","longitude":"13.4"}]}})",
         "application/json",
         R"({"request":{"appkey":"0A1B2C3D-0000-4000-8000-00000000BEEF","formdata":{"objectname":"Locator::Store","limit":10000,"where":{}}}})"},
        {"woosmap",
         R"h(<script src="https://webapp.woosmap.com/webapp.js"></script><script>new WebApp("m", "woos-0a1b2c3d-0000-4000-8000-00000000beef")</script>)h",
         "https://api.woosmap.com/"
         "stores?key=woos-0a1b2c3d-0000-4000-8000-00000000beef&stores_by_page=300&page=1",
         R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"store_id":"7","name":"Nord","address":{"lines":["T 1"],"city":"Berlin","zipcode":"10115","country_code":"DE"},"contact":{"phone":"030 123456"},"opening_hours":{"usual":{"1":[{"start":"09:00","end":"17:00"}]}}},"geometry":{"type":"Point","coordinates":[13.4,52.5]}}],"pagination":{"page":1,"pageCount":1}})"},
        {"wp_go_maps",
         R"h(<script src="/wp-content/plugins/wp-google-maps/js/v8.js"></script><script>var WPGMZA_localized_data = {"resturl":"https:\/\/www.chain.example\/wp-json\/wpgmza\/v1"};</script>)h",
         "https://www.chain.example/wp-json/wpgmza/v1/features/",
         R"({"markers":[{"id":"1","title":"Nord","address":"T 1, 10115 Berlin","lat":"52.5","lng":"13.4"}]})"},
        {"wp_store_locator",
         R"h(<script>var wpslSettings = {"startLatlng":"52,13","ajaxurl":"https:\/\/www.chain.example\/wp-admin\/admin-ajax.php"};</script>)h",
         "https://www.chain.example/wp-admin/admin-ajax.php?action=store_search&autoload=1",
         R"([{"id":"1","store":"Nord","address":"T 1","address2":"","city":"Berlin","zip":"10115","lat":"52.5","lng":"13.4","hours":"<table><tr><td>Monday</td><td><time>9:00 - 17:00</time></td></tr></table>"}])"},
        {"yext",
         R"h(<script>fetch("https://cdn.yextapis.com/v2/accounts/me/entities?v=20200101&api_key=0123456789abcdef0123456789abcdef")</script>)h",
         "https://cdn.yextapis.com/v2/accounts/me/"
         "entities?api_key=0123456789abcdef0123456789abcdef&v=20240101&entityTypes=location&limit="
         "50&offset=0",
         R"({"response":{"count":1,"entities":[{"name":"Nord","address":{"line1":"T 1","city":"Berlin","postalCode":"10115","countryCode":"DE"},"mainPhone":"+4930123456","yextDisplayCoordinate":{"latitude":52.5,"longitude":13.4},"hours":{"monday":{"openIntervals":[{"start":"09:00","end":"17:00"}]}},"meta":{"id":"7","entityType":"location"}}]}})"},
        {"yext_answers",
         R"h(<script>ANSWERS.init({apiKey: "0123456789abcdef0123456789abcdef", experienceKey: "stores", verticalKey: "locations"})</script>)h",
         "https://liveapi.yext.com/v2/accounts/me/answers/vertical/"
         "query?experienceKey=stores&api_key=0123456789abcdef0123456789abcdef&v=20220511&version="
         "PRODUCTION&locale=en&verticalKey=locations&filters=%7B%22builtin.location%22%3A%7B%22%"
         "24near%22%3A%7B%22lat%22%3A0%2C%22lng%22%3A0%2C%22radius%22%3A50000000%7D%7D%7D&source="
         "STANDARD&limit=50&offset=0",
         R"({"response":{"resultsCount":1,"results":[{"data":{"id":"7","name":"Nord","address":{"line1":"T 1","city":"Berlin","postalCode":"10115"},"geocodedCoordinate":{"latitude":52.5,"longitude":13.4}}}]}})"},
};

class PlatformTest : public testing::TestWithParam<Example> {};

TEST_P(PlatformTest, IsRecognisedAndItsEndpointNamed) {
  const auto links = Locator().links(html(GetParam().snippet));
  ASSERT_THAT(links, SizeIs(1));
  EXPECT_EQ(links[0].url, GetParam().endpoint);
  EXPECT_EQ(links[0].kind, LinkKind::kEndpoint);
  EXPECT_EQ(links[0].body, GetParam().body);
  const json items = Locator().items(html(GetParam().snippet));
  EXPECT_EQ(items[0]["platform"], GetParam().platform);
}

TEST_P(PlatformTest, AnswersPlaces) {
  const Page answer = page_of(GetParam().answer, GetParam().endpoint, GetParam().type);
  const auto places = Locator().places(answer);
  ASSERT_THAT(places, SizeIs(1));
  const json& place = places[0].fields;
  EXPECT_EQ(place["name"], "Nord");
  EXPECT_EQ(place["geo"], json({{"latitude", 52.5}, {"longitude", 13.4}}));
  EXPECT_NE(place.value("address", json()).dump().find("Berlin"), std::string::npos);
  const std::string written = GetParam().answer;
  const bool states_hours =
      written.find("ours") != std::string::npos || written.find("onday") != std::string::npos;
  EXPECT_EQ(place.contains("openingHours"), states_hours) << place;
  EXPECT_THAT(Locator().links(answer), IsEmpty());
  EXPECT_THAT(Embedded().places(answer), IsEmpty());  // one format states them
}

INSTANTIATE_TEST_SUITE_P(All, PlatformTest, testing::ValuesIn(kExamples),
                         [](const auto& test) { return std::string(test.param.platform); });

TEST(MarkSearchTest, FindsAMarkWhereverItStands) {
  const MarkSearch search({"storepoint.co", "wpgmza", "/Server/"});
  for (std::size_t before = 0; before < 40; ++before) {
    for (const char* mark : {"storepoint.co", "wpgmza", "/Server/"}) {
      const std::string text = std::string(before, 's') + mark;
      EXPECT_TRUE(search.any_in(text)) << text;
      EXPECT_TRUE(search.any_in(text + "xx")) << text;
      EXPECT_FALSE(search.any_in(text.substr(0, text.size() - 1))) << text;
      EXPECT_FALSE(search.any_in(text.substr(before + 1))) << text;
    }
  }
  EXPECT_FALSE(search.any_in(""));
}

TEST(LocatorTest, HasAnExampleForEveryPlatform) {
  std::set<std::string_view> examples, platforms;
  for (const Example& example : kExamples) examples.insert(example.platform);
  for (const LocatorPlatform& platform : locator_platforms()) platforms.insert(platform.name);
  EXPECT_EQ(examples, platforms);
  EXPECT_GE(platforms.size(), 20U);
}

TEST(LocatorTest, AsksNothingOnOtherPages) {
  EXPECT_THAT(
      Locator().links(html("<p>Our stockist list, by uberall, woosmap and storepoint.</p>")),
      IsEmpty());
  EXPECT_THAT(Locator().links(html("<a href='https://stockist.co/'>a</a>")), IsEmpty());
}

TEST(LocatorTest, KeepsTheSchemeOfThePlatformsOwnScript) {
  const std::string tag =
      "<i data-stockist-widget-tag=u1>x</i><i data-stockist-widget-tag='u1234'>";
  const auto scheme = [&](const char* src, const char* page) {
    const auto links = Locator().links(html(tag + "<script src='" + src + "'></script>", page));
    return links.empty() ? "" : links[0].url.substr(0, links[0].url.find(':'));
  };
  EXPECT_EQ(scheme("https://stockist.co/embed/v1/w.js", "http://a.example/"), "https");
  EXPECT_EQ(scheme("//stockist.co/embed/v1/w.js", "https://a.example/"), "https");
  EXPECT_EQ(scheme("//stockist.co/embed/v1/w.js", "http://a.example/"), "http");
}

TEST(LocatorTest, AsksForTheNextPageUntilTheLast) {
  const auto next = [](const std::string& url, const json& answer) {
    const auto links = Locator().links(page_of(answer.dump(), url, "application/json"));
    return links.empty() ? std::string() : links[0].url;
  };
  const json store = {{"name", "Nord"}, {"city", "Berlin"}, {"latitude", 1}, {"longitude", 2}};
  const std::string yext = "https://cdn.yextapis.com/v2/accounts/me/entities?limit=2&offset=";
  EXPECT_EQ(next(yext + "0", {{"response", {{"entities", {store, store}}}}}), yext + "2");
  EXPECT_EQ(next(yext + "2", {{"response", {{"entities", {store}}}}}), "");
  const std::string woosmap = "https://api.woosmap.com/stores?key=k&page=";
  const json answer = {{"features", {store}}, {"pagination", {{"page", 1}, {"pageCount", 2}}}};
  EXPECT_EQ(next(woosmap + "1", answer), woosmap + "2");
  EXPECT_EQ(next(woosmap + "2", answer), "");
  const std::string algolia = "https://a-dsn.algolia.net/1/indexes/stores?page=";
  EXPECT_EQ(next(algolia + "0", {{"hits", {store}}, {"nbPages", 2}}), algolia + "1");
  EXPECT_EQ(next(algolia + "1", {{"hits", {store}}, {"nbPages", 2}}), "");
}

TEST(LocatorTest, SurvivesAnswersOfAnyShape) {
  for (const Example& example : kExamples) {
    for (const char* answer : {"[]", "{}", "[[[1]]]", R"({"response":{"locations":[null,1,"a"]}})",
                               R"({"results":{"locations":{"a":{"name":1}}}})"}) {
      const Page page = page_of(answer, example.endpoint, "application/json");
      EXPECT_THAT(Locator().places(page), IsEmpty()) << example.platform << " " << answer;
      EXPECT_THAT(Locator().links(page), IsEmpty());
    }
  }
}

}  // namespace
}  // namespace placer
