// Sitemaps over HTTP, through the worker that all backends run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scraper/worker.h"
#include "tests/fetch_fixture.h"
#include "tests/gzip.h"

namespace placer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using web::Reply;
using web::RunningServer;

Reply reply_of(std::string body, web::Headers headers = {}) {
  Reply reply;
  reply.headers = std::move(headers);
  reply.body = std::move(body);
  return reply;
}

Reply typed(std::string type, std::string body) {
  return reply_of(std::move(body), {{"Content-Type", std::move(type)}});
}

Outcome process(const std::string& url, RequestKind kind, FetchOptions options = test_options()) {
  Worker worker(std::make_unique<CurlFetcher>(std::move(options), kTestAgent), {}, {});
  worker.start(request_for(url, kind));
  while (true) {
    auto outcomes = worker.poll(20s);
    if (!outcomes.empty()) return std::move(outcomes.front());
  }
}

// What comes of `reply`, served for a request of this kind.
Outcome outcome_of(Reply reply, RequestKind kind = RequestKind::kSitemap,
                   FetchOptions options = test_options()) {
  RunningServer server(always(std::move(reply)));
  return process(server.url("/maps/it"), kind, std::move(options));
}

std::vector<std::string> paths_of(const Outcome& outcome) {
  std::vector<std::string> paths;
  for (const Link& link : outcome.links) {
    paths.push_back(link.url.substr(link.url.find('/', link.url.find("://") + 3)));
  }
  return paths;
}

constexpr const char* kUrlset =
    "<urlset><url><loc>/a</loc><lastmod>2026</lastmod></url><url><loc>b</loc></url></urlset>";

TEST(SitemapFetchTest, YieldsLinksWhateverTheType) {
  for (const char* type : {"application/xml", "text/xml", "text/html", "text/plain",
                           "application/octet-stream", "application/x-gzip", "nonsense"}) {
    for (const std::string& body : {std::string(kUrlset), gzip(kUrlset)}) {
      const Outcome outcome = outcome_of(typed(type, body));
      EXPECT_FALSE(outcome.error) << type;
      ASSERT_THAT(paths_of(outcome), ElementsAre("/a", "/maps/b")) << type;
      EXPECT_EQ(outcome.links[0].modified, 1'767'225'600) << type;
    }
  }
  EXPECT_THAT(paths_of(outcome_of(reply_of(gzip(kUrlset), {{"Content-Encoding", "gzip"}}))),
              ElementsAre("/a", "/maps/b"));
  // Packed as a file, and once more on the way.
  EXPECT_THAT(paths_of(outcome_of(reply_of(gzip(gzip(kUrlset)), {{"Content-Encoding", "gzip"}}))),
              ElementsAre("/a", "/maps/b"));
}

TEST(SitemapFetchTest, TakesNothingFromAnErrorPage) {
  const Outcome soft = outcome_of(typed("text/html", "<!DOCTYPE html><a href=/x>Not found</a>"));
  ASSERT_TRUE(soft.error) << "nobody may conclude that it lists nothing";
  EXPECT_EQ(soft.error->code, ErrorCode::kContentType);
  EXPECT_THAT(soft.links, IsEmpty());
  EXPECT_THAT(soft.places, IsEmpty());
  Reply missing = typed("text/xml", kUrlset);
  missing.status = 404;
  EXPECT_THAT(outcome_of(missing).links, IsEmpty());
}

TEST(SitemapFetchTest, RefusesMedia) {
  for (const char* type : {"image/png", "Video/mp4", "audio/mpeg", "font/woff2"}) {
    const Outcome outcome = outcome_of(typed(type, kUrlset));
    ASSERT_TRUE(outcome.error) << type;
    EXPECT_EQ(outcome.error->code, ErrorCode::kContentType) << type;
  }
}

TEST(SitemapFetchTest, SaysWhyItRefusesABomb) {
  const Outcome outcome = outcome_of(typed(
      "text/xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><urlset><url><loc>/&a;</loc></url></urlset>"));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, ErrorCode::kParseMemory);
  EXPECT_THAT(outcome.error->message, testing::HasSubstr("declarations"));
}

// https://www.sitemaps.org/protocol.html#index: 50 MiB, whatever a page may have.
TEST(SitemapFetchTest, MayBeLargerThanAPage) {
  FetchOptions options = test_options();
  options.max_body = 4096;
  std::string body = "<urlset>";
  for (int i = 0; i < 1000; ++i) body += "<url><loc>/" + std::to_string(i) + "</loc></url>";
  const Outcome whole =
      outcome_of(typed("text/xml", body + "</urlset>"), RequestKind::kSitemap, options);
  EXPECT_FALSE(whole.error);
  EXPECT_EQ(whole.links.size(), 1000U);
  body += std::string(60 << 20, ' ') + "</urlset>";
  const Outcome cut =
      outcome_of(reply_of(gzip(body), {{"Content-Encoding", "gzip"}, {"Content-Type", "text/xml"}}),
                 RequestKind::kSitemap, options);
  ASSERT_TRUE(cut.error);
  EXPECT_THAT(cut.error->message, testing::HasSubstr("not read to its end"));
  EXPECT_EQ(cut.links.size(), 1000U);
  EXPECT_EQ(cut.body_bytes, 50U << 20);
}

TEST(SitemapFetchTest, MayBeWhatAPageTurnsOutToBe) {
  const Outcome listed = outcome_of(typed("application/xml", kUrlset), RequestKind::kPage);
  EXPECT_FALSE(listed.error);
  EXPECT_THAT(paths_of(listed), ElementsAre("/a", "/maps/b"));
  EXPECT_THAT(paths_of(outcome_of(typed("text/plain", kUrlset), RequestKind::kPage)),
              ElementsAre("/a", "/maps/b"));
  const Outcome index =
      outcome_of(typed("text/xml", "<sitemapindex><sitemap><loc>/1</loc></sitemap></sitemapindex>"),
                 RequestKind::kPage);
  ASSERT_THAT(paths_of(index), ElementsAre("/1"));
  EXPECT_EQ(index.links[0].kind, LinkKind::kSitemap);
  const Outcome feed = outcome_of(
      typed("application/rss+xml", "<rss><channel><item><link>/post</link></item></channel></rss>"),
      RequestKind::kPage);
  EXPECT_THAT(paths_of(feed), ElementsAre("/post"));
  EXPECT_EQ(feed.facts.charset, "windows-1252");  // it was read as a page as well
  EXPECT_THAT(paths_of(outcome_of(page("<a href=/x>x</a>"), RequestKind::kPage)),
              ElementsAre("/x"));
}

}  // namespace
}  // namespace placer
