#include "scraper/extract/observe.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scraper/extract/json_ld.h"
#include "scraper/extract/text/page_text.h"

namespace placer {
namespace {

std::vector<Observation> observed(const std::string& html) {
  const auto page = Page::parse(html,
                                {.url = "https://www.directory.example/joes",
                                 .content_type = "text/html; charset=utf-8",
                                 .link_headers = {},
                                 .robots_headers = {},
                                 .user_agent = "placer"},
                                {});
  EXPECT_TRUE(page.has_value());
  std::vector<std::unique_ptr<Extractor>> extractors;
  extractors.push_back(std::make_unique<JsonLd>());
  extractors.push_back(std::make_unique<PageText>());
  Outcome outcome;
  observe(*page, extractors, outcome);
  return std::move(outcome.places);
}

std::string stated(const std::string& name) {
  return R"(<script type="application/ld+json">{"@type":"Restaurant","name":")" + name +
         R"(","address":"5 Elm St, Austin"}</script>)";
}

const std::string kNumber = "<title>Joe's Pizza</title><h1>Joe's Pizza</h1><p>(512) 555-0133</p>";

TEST(ObserveTest, TakesANumberAloneForAPlaceWhereNothingElseStatesOne) {
  const auto seen = observed(kNumber);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].place.name, "Joe's Pizza");
  EXPECT_EQ(seen[0].about, 0U);
}

TEST(ObserveTest, TakesANumberAloneForThatOfTheOnePlaceStatedByThatName) {
  const auto seen = observed(stated("Joe's Pizza Ltd") + kNumber);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].format, "text");
  EXPECT_EQ(seen[1].place.phone, "+15125550133");
  EXPECT_EQ(seen[1].about, 1U);
}

TEST(ObserveTest, LeavesANumberAloneWhereOthersOrSeveralPlacesAreStated) {
  for (const std::string& markup :
       {stated("Ann's Books"), stated("Joe's Pizza") + stated("Ann's Books")}) {
    for (const Observation& one : observed(markup + kNumber)) EXPECT_EQ(one.format, "json-ld");
  }
}

}  // namespace
}  // namespace placer
