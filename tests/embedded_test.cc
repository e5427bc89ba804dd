// Places in scripts, attributes and whole responses.
#include "scraper/extract/embedded/embedded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scraper/extract/embedded/script.h"
#include "scraper/page/json_text.h"

namespace placer {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPlace =
    R"({"name":"Nord","street":"Torstr. 1","zip":"10115","city":"Berlin"})";

std::vector<RawPlace> places_in(const std::string& body, const std::string& type = "text/html") {
  auto page = Page::parse(body, {"https://example.org/stores", type, {}, {}, ""}, {});
  return page ? Embedded().places(*page) : std::vector<RawPlace>();
}

std::string only_path(const std::string& body, const std::string& type = "text/html") {
  const auto places = places_in(body, type);
  if (places.size() != 1 || places[0].fields["name"] != "Nord") return "not found";
  return places[0].path;
}

std::string script(const std::string& text, const std::string& attributes = "") {
  return "<!doctype html><script>var a = 1;</script><script " + attributes + ">" + text +
         "</script>";
}

json literal_of(const std::string& source) {
  const auto literals = script_literals(source);
  if (literals.size() != 1) return "found " + std::to_string(literals.size());
  const auto value = read_json(literals[0].json);
  return value ? *value : json("unreadable: " + literals[0].json);
}

TEST(ScriptLiteralTest, RewritesJavaScriptAsJson) {
  EXPECT_EQ(
      literal_of(
          R"(var x = {a: 'it\'s', "b": [1, -2.5, .5,], c: !0, d: void 0, /* e */ 'f-g': null,};)"),
      json::parse(R"({"a": "it's", "b": [1, -2.5, 0.5], "c": true, "d": null, "f-g": null})"));
}

TEST(ScriptLiteralTest, ReadsEscapes) {  // ECMA-262 section 12.9.4
  EXPECT_EQ(literal_of(R"(x = ['\x41\u00e9\u{1F600}\ud83d\ude00\n\
z', "\ud800 and so on"])"),
            json::parse("[\"A\u00e9\U0001F600\U0001F600\\nz\", \"\uFFFD and so on\"]"));
}

TEST(ScriptLiteralTest, MakesValuesThatAreNoLiteralsNull) {
  EXPECT_EQ(literal_of("x = {a: f(1, 2), b: 'x' + y, c: function() { return 1; }, d() {}, e,"
                       " f: a ? b : c, g: 'kept', ...h, i: `t`, j: `${k}`}"),
            json::parse(R"({"a": null, "b": null, "c": null, "f": null, "g": "kept", "i": "t",
                            "j": null})"));
}

TEST(ScriptLiteralTest, KeepsListsThatAreWorkedOn) {
  const auto literals = script_literals("go({all: [{a: 'long enough'}].filter(f), b: 1});");
  ASSERT_THAT(literals, SizeIs(1));
  EXPECT_EQ(json::parse(literals[0].json),
            json::parse(R"({"all": [{"a": "long enough"}], "b": 1})"));
}

TEST(ScriptLiteralTest, NamesThemByWhatTheyGoTo) {
  const auto literals = script_literals(
      "var stores = [{a: 'long enough'}]; window.__STATE__ = {b: 'long enough too'};"
      "initMap({c: 'long enough too'}); if (x) { y(); } a[0] = 1;"
      "window.data = JSON.parse('{\"d\": \"long enough\"}');");
  std::vector<std::string> names;
  for (const auto& literal : literals) names.push_back(literal.name);
  EXPECT_THAT(names, ElementsAre("stores", "__STATE__", "initMap", "data"));
}

TEST(ScriptLiteralTest, IsNotLedAstrayByRegularExpressionsAndComments) {
  EXPECT_EQ(literal_of("var r = /[\"'{/]+/g; // it's {\n/* [ */ var x = {a: 'long enough here'};"),
            json::parse(R"({"a": "long enough here"})"));
}

TEST(ScriptLiteralTest, SurvivesAnything) {
  for (const char* source : {"", "{", "x = {", "x = [[[[", "}}}]]])))", "x = {a:", "x = {a", "'",
                             "x = {'", "x=[,,{a:,}", "x={:::}", "x = {a b c: 1, 2: 3}", "x=`${`"}) {
    for (const auto& literal : script_literals(source)) {
      EXPECT_TRUE(read_json(literal.json)) << source;
    }
  }
  std::string deep = "x = ";
  for (int i = 0; i < 100'000; ++i) deep += i % 2 == 0 ? "[" : "{a:";
  EXPECT_THAT(script_literals(deep), SizeIs(testing::Le(2000U)));
}

TEST(EmbeddedTest, ReadsJsonScripts) {
  EXPECT_EQ(only_path(script(R"({"props":{"pageProps":{"stores":[)" + std::string(kPlace) + "]}}}",
                             "id=__NEXT_DATA__ type='application/json'")),
            "script[2]/props/pageProps/stores/0");
}

TEST(EmbeddedTest, ReadsAssignments) {
  EXPECT_EQ(only_path(script("window.__INITIAL_STATE__={shops:{items:[" + std::string(kPlace) +
                             "]}};(function(){})()")),
            "script[2]/__INITIAL_STATE__/shops/items/0");
  EXPECT_EQ(
      only_path(script("var stores = [{name: 'Nord', lat: 52.5, lng: 13.4, icon: img + '.png',"
                       " html: '<b>x</b>', zip: '10115'}];")),
      "script[2]/stores/0");
}

TEST(EmbeddedTest, ReadsJsonInStrings) {
  EXPECT_EQ(only_path(script("var s = JSON.parse('[" + std::string(kPlace) + "]');")),
            "script[2]/s/0");
}

TEST(EmbeddedTest, ReadsTheFlatPayloadOfNuxt) {
  EXPECT_EQ(only_path(script(R"([["ShallowReactive",1],{"data":2},{"stores":3},[4],{"name":5,)"
                             R"("street":6,"city":7},"Nord","Torstr. 1","Berlin"])",
                             "type=application/json id=__NUXT_DATA__")),
            "script[2]/4");
}

TEST(EmbeddedTest, JoinsThePayloadOfServerComponents) {
  const std::string row = R"(1a:["$","main",null,{"stores":[)" + std::string(kPlace) + "]}]\n";
  const std::string text = "2:T5,a:{\n}b:I[1]\n" + row;
  const auto push = [](const std::string& part) {
    return "<script>self.__next_f.push([1," + json(part).dump() + "])</script>";
  };
  EXPECT_EQ(only_path("<!doctype html>" + push(text.substr(0, 40)) + push(text.substr(40))),
            "self.__next_f/1a/3/stores/0");
}

TEST(EmbeddedTest, ReadsAttributes) {
  EXPECT_EQ(only_path("<!doctype html><div data-props='{\"stores\":[" + std::string(kPlace) +
                      "]}'></div>"),
            "data-props[1]/stores/0");
  EXPECT_EQ(
      only_path("<!doctype html><div id=app data-page=\"{&quot;props&quot;:{&quot;shop&quot;:{"
                "&quot;name&quot;:&quot;Nord&quot;,&quot;street&quot;:&quot;T 1&quot;,"
                "&quot;city&quot;:&quot;B&quot;}}}\"></div>"),
      "data-page[1]/props/shop");
  EXPECT_EQ(only_path("<!doctype html><li data-name=Nord data-address='T 1, 10115 Berlin' "
                      "data-lat=52.5 data-lng=13.4>"),
            "marker[1]");
}

TEST(EmbeddedTest, ReadsWholeResponses) {
  EXPECT_EQ(only_path("{\"items\":[" + std::string(kPlace) + "]}", "application/json"), "/items/0");
  EXPECT_EQ(only_path("<markers><marker name='Nord' address='T 1' city='Berlin' lat='52.5' "
                      "lng='13.4'/></markers>",
                      "application/xml"),
            "/markers/marker");
}

TEST(EmbeddedTest, LeavesJsonLdAndOrdinaryScriptsAlone) {
  EXPECT_THAT(places_in(script(kPlace, "type='application/ld+json'")), IsEmpty());
  EXPECT_THAT(places_in(script("var i18n = {name: 'Name', street: 'Street', city: 'City'};")),
              IsEmpty());
  EXPECT_THAT(places_in(script("map.setCenter({lat: 52.5, lng: 13.4}); map = {zoom: 3};")),
              IsEmpty());
}

TEST(EmbeddedTest, OneBrokenScriptCostsNoOther) {
  EXPECT_EQ(only_path("<!doctype html><script type=application/json>{\"lat\": </script>"
                      "<script>var stores = [" +
                      std::string(kPlace) +
                      "</script>"
                      "<script>var shops = [" +
                      std::string(kPlace) + "]</script>"),
            "script[3]/shops/0");
}

TEST(EmbeddedTest, StopsAtTwentyThousandPlaces) {
  std::string list = "[";
  for (int i = 0; i < 21'000; ++i) list += (i == 0 ? "" : ",") + std::string(kPlace);
  EXPECT_THAT(places_in("{\"stores\":" + list + "]}", "application/json"), SizeIs(20'000));
}

}  // namespace
}  // namespace placer
