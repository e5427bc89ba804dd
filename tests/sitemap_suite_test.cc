// The sitemap reader against the documents of crawler-commons and the compressed files of scrapy.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scraper/frontier/url.h"
#include "scraper/page/sitemap.h"
#include "tests/suite.h"

namespace placer {
namespace {

const std::filesystem::path kSitemaps = suite_path("sitemaps");
const std::filesystem::path kBombs = suite_path("bombs");

Sitemap read(const std::filesystem::path& file) {
  return read_sitemap(read_bytes(file), *Url::parse("https://base.test/sitemap"));
}

// As the URL Standard writes it.
std::string normal(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? parsed->href() : url;
}

bool holds(const nlohmann::json& urls, const std::string& url) {
  return std::any_of(urls.begin(), urls.end(), [&url](const auto& other) {
    return normal(other.template get<std::string>()) == url;
  });
}

TEST(SitemapSuiteTest, FindsTheUrlsOfCrawlerCommons) {
  SKIP_WITHOUT(kSitemaps);
  Tally documents("sitemaps");
  Tally urls("sitemaps, URLs");
  for (const auto& test : read_ndjson(kSitemaps / "index.ndjson")) {
    const std::string file = test["file"].get<std::string>();
    if (test["kind"] == "canary") continue;  // what must not be opened
    const Sitemap sitemap = read(kSitemaps / file);
    const LinkKind kind = test["kind"] == "sitemapindex" ? LinkKind::kSitemap : LinkKind::kAnchor;
    const bool no_others =
        std::all_of(sitemap.links.begin(), sitemap.links.end(), [&](const Link& link) {
          return link.kind == kind && (holds(test["urls"], link.url) ||
                                       holds(test.value("optional", nlohmann::json()), link.url));
        });
    bool all = true;
    for (const auto& url : test["urls"]) {
      const bool found =
          std::any_of(sitemap.links.begin(), sitemap.links.end(),
                      [&](const Link& link) { return link.url == normal(url.get<std::string>()); });
      urls.count(found, file);
      all = all && found;
    }
    const std::string format = test["kind"].get<std::string>();
    documents.count(all && no_others && sitemap.end == SitemapEnd::kComplete &&
                        sitemap_format_name(sitemap.format) == format,
                    file);
  }
  documents.expect_all();
  urls.expect_all();
  EXPECT_EQ(documents.total(), 19U);
  EXPECT_EQ(urls.total(), 136U);
}

TEST(SitemapSuiteTest, EndsAtEveryBombWithItsReason) {
  SKIP_WITHOUT(kBombs);
  Tally tally("bombs, through the sitemap reader");
  for (const auto& test : read_ndjson(kBombs / "index.ndjson")) {
    const std::string file = test["file"].get<std::string>();
    const Sitemap sitemap = read(kBombs / file);
    const bool gzip = test["content_encoding"].is_string() &&
                      test["content_encoding"].get<std::string>().starts_with("gzip");
    bool right = sitemap.links.empty() && sitemap.format == SitemapFormat::kNone;
    if (test["kind"] == "bomb" && gzip) right = right && sitemap.end == SitemapEnd::kTooLarge;
    if (test["kind"] == "feed") right = sitemap.end == SitemapEnd::kComplete;
    tally.count(right, file);
    std::cout << "  " << file << ": " << sitemap_format_name(sitemap.format) << ", "
              << sitemap_end_name(sitemap.end) << ", " << sitemap.links.size() << " links\n";
  }
  tally.expect_all();
  EXPECT_EQ(tally.total(), 22U);
}

}  // namespace
}  // namespace placer
