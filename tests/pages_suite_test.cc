// Business pages from before JSON-LD, annotated by hand, against what is found in their words.
//
// Scored on the set of distinct normalised values per page. A telephone number is its digits, a
// text its letters and digits, opening hours are what they mean where that can be understood.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "scraper/extract/text/page_text.h"
#include "scraper/place/hours.h"
#include "scraper/place/text.h"
#include "tests/suite.h"

namespace placer {
namespace {

using nlohmann::json;

std::string letters_and_digits(const std::string& text) {
  std::string out = folded(text);
  std::erase(out, ' ');
  return out;
}

std::string normalized(const std::string& type, const std::string& text) {
  std::string out = letters_and_digits(text);
  // With and without the 1 that is dialled first in North America.
  if ((type == "TEL" || type == "FAX") && out.size() == 11 && out[0] == '1') out.erase(0, 1);
  return out;
}

// What the hours mean; as written, where that is not understood.
std::string meaning(const std::string& text) {
  const auto hours = hours_from_text(text, "en");
  return hours ? hours->osm : text;
}

// The distinct values by what they are compared by. Of hours that read alike but are written in
// different ways one is enough.
std::set<std::string> values_of(const std::string& type, const json& texts) {
  std::set<std::string> out;
  for (const json& text : texts) {
    const auto written = text.get<std::string>();
    out.insert(type == "HOURS" ? meaning(written) : normalized(type, written));
  }
  out.erase("");
  return out;
}

struct Score {
  std::size_t found = 0;  // and annotated
  std::size_t missed = 0;
  std::size_t invented = 0;

  double precision() const {
    return found + invented == 0
               ? 0
               : static_cast<double>(found) / static_cast<double>(found + invented);
  }
  double recall() const {
    return found + missed == 0 ? 0
                               : static_cast<double>(found) / static_cast<double>(found + missed);
  }
  double f1() const {
    const double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }
};

constexpr std::pair<const char*, const char*> kKinds[] = {
    {"TEL", "phones"},  {"FAX", "faxes"},   {"ZIPCODE", "postcodes"}, {"STREET", "streets"},
    {"CITY", "cities"}, {"HOURS", "hours"}, {"ORG", "names"}};

void score_page(const json& page, std::map<std::string, Score>& scores) {
  const auto parsed =
      Page::parse(read_bytes(suite_path("pages") / page["file"].get<std::string>()),
                  {.url = page["base"],
                   .content_type = "text/html; charset=" + page["charset"].get<std::string>(),
                   .link_headers = {},
                   .robots_headers = {},
                   .user_agent = "placer"},
                  {});
  ASSERT_TRUE(parsed.has_value()) << page["file"];
  const json items = PageText().items(*parsed);
  const bool verbose = std::getenv("PLACER_VERBOSE") != nullptr;
  for (const auto& [type, kind] : kKinds) {
    json stated = json::array();
    json read = json::array();
    for (const json& entity : page["entities"]) {
      if (entity["type"] == type) stated.push_back(entity["text"]);
    }
    for (const json& item : items[kind]) read.push_back(item["text"]);
    const std::set<std::string> annotated = values_of(type, stated);
    const std::set<std::string> found = values_of(type, read);
    Score& score = scores[type];
    for (const std::string& value : annotated) {
      const bool hit = found.contains(value);
      ++(hit ? score.found : score.missed);
      if (!hit && verbose)
        std::printf("MISS %s %s %s\n", page["id"].dump().c_str(), type, value.c_str());
    }
    for (const std::string& value : found) {
      if (annotated.contains(value)) continue;
      ++score.invented;
      if (verbose) std::printf("EXTRA %s %s %s\n", page["id"].dump().c_str(), type, value.c_str());
    }
  }
}

TEST(PagesSuiteTest, FindsContactsOnPagesWithoutMarkup) {
  SKIP_WITHOUT(suite_path("pages"));
  std::map<std::string, Score> scores;
  for (const json& page : read_ndjson(suite_path("pages") / "pages.ndjson"))
    score_page(page, scores);
  for (const auto& [type, kind] : kKinds) {
    const Score& score = scores[type];
    std::printf("suite pages %s: %zu/%zu, precision %.3f, recall %.3f, F1 %.3f\n", type,
                score.found, score.found + score.missed, score.precision(), score.recall(),
                score.f1());
  }
  // A little below what was reached.
  const std::pair<const char*, double> floors[] = {
      {"TEL", 0.94},  {"FAX", 0.95},   {"ZIPCODE", 0.87}, {"STREET", 0.70},
      {"CITY", 0.48}, {"HOURS", 0.62}, {"ORG", 0.33}};
  for (const auto& [type, floor] : floors) EXPECT_GE(scores[type].f1(), floor) << type;
}

}  // namespace
}  // namespace placer
