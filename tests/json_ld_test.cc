#include "scraper/extract/json_ld.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scraper/extract/extractors.h"

namespace placer {
namespace {

using nlohmann::json;

Page parse(std::string html) {
  auto page = Page::parse(std::move(html),
                          {.url = "https://example.org/page",
                           .content_type = "text/html; charset=utf-8",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {});
  EXPECT_TRUE(page.has_value());
  return std::move(*page);
}

std::string script(const std::string& text, const std::string& type = "application/ld+json") {
  return "<script type=\"" + type + "\">" + text + "</script>";
}

TEST(JsonLdTest, GivesDocumentsAsTheyStand) {
  const Page page = parse(script(R"({"@context":"https://schema.org","b":1,"a":[null,"é"]})") +
                          script(R"([{"@type":"Thing"}])"));
  EXPECT_EQ(JsonLd().items(page),
            json::parse(
                R"([{"@context":"https://schema.org","b":1,"a":[null,"é"]},[{"@type":"Thing"}]])"));
}

TEST(JsonLdTest, KnowsTheTypeInAnyCaseWithParametersAndSpace) {
  for (const char* type : {"application/ld+json", "Application/LD+JSON", " application/ld+json ",
                           "application/ld+json; charset=utf-8", "application/ld+json;profile=x"}) {
    EXPECT_EQ(JsonLd().items(parse(script("{}", type))).size(), 1U) << type;
  }
  for (const char* type : {"application/json", "application/ld+jsonx", "text/javascript", ""}) {
    EXPECT_TRUE(JsonLd().items(parse(script("{}", type))).empty()) << type;
  }
  EXPECT_TRUE(JsonLd().items(parse("<script>{}</script>")).empty());
}

TEST(JsonLdTest, LosesNoNeighbourToMalformedBlock) {
  const Page page =
      parse(script(R"({"@type":"Cafe" : what)") + script("") + script("null") +
            "<script>var x = 1;</script>" + script(R"({"@type":"Restaurant","name":"Good"})"));
  EXPECT_EQ(JsonLd().items(page).size(), 1U);
  const std::vector<RawPlace> places = JsonLd().places(page);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].path, "script[4]");
  EXPECT_EQ(places[0].fields, json::parse(R"({"@type":["Restaurant"],"name":"Good"})"));
}

TEST(JsonLdTest, FindsScriptsInHeadAndBody) {
  const Page page =
      parse("<html><head>" + script(R"({"@type":"Hotel","name":"A"})") + "</head><body><div>" +
            script(R"({"@type":"Hotel","name":"B"})") + "</div></body></html>");
  EXPECT_EQ(JsonLd().places(page).size(), 2U);
}

TEST(JsonLdTest, TellsWhereInTheDocumentPlaceIs) {
  const Page page = parse(script(R"({"@graph":[{"@type":"WebPage"},
      {"@type":"Event","name":"E","location":{"@type":"MusicVenue","name":"Hall"}}]})"));
  const std::vector<RawPlace> places = JsonLd().places(page);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].path, "script[1]/@graph/1/location");
}

TEST(JsonLdTest, ResolvesReferencesAcrossScripts) {
  const Page page =
      parse(script(R"({"@type":"Store","name":"S","address":{"@id":"#a"}})") +
            script(R"({"@id":"#a","@type":"PostalAddress","addressLocality":"Bath"})"));
  const std::vector<RawPlace> places = JsonLd().places(page);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].fields["address"]["addressLocality"], "Bath");
}

TEST(JsonLdTest, SurvivesBlocksMadeToExhaustIt) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "{\"location\":[";
  const Page page = parse(script(deep) + script(R"({"@type":"Bakery","name":"Still here"})"));
  EXPECT_EQ(JsonLd().places(page).size(), 1U);
}

TEST(ExtractorsTest, AreMadeInTheOrderAskedForAndNamedByFormat) {
  EXPECT_EQ(format_name(Format::kJsonLd), "json-ld");
  EXPECT_EQ(format_name(Format::kMicrodata), "microdata");
  const auto extractors = make_extractors({Format::kMicrodata, Format::kJsonLd});
  ASSERT_EQ(extractors.size(), 2U);
  EXPECT_EQ(extractors[0]->format(), format_name(Format::kMicrodata));
  EXPECT_EQ(extractors[1]->format(), format_name(Format::kJsonLd));
  EXPECT_TRUE(make_extractors({}).empty());
}

}  // namespace
}  // namespace placer
