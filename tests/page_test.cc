#include "scraper/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scraper/frontier/key.h"
#include "scraper/page/links.h"
#include "scraper/page/robots_directives.h"

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kAgent = "placer/0.1 (+https://example.org/bot)";

PageSource source(std::string url = "https://example.org/dir/page") {
  PageSource out;
  out.url = std::move(url);
  out.content_type = "text/html; charset=utf-8";
  out.user_agent = kAgent;
  return out;
}

Page page_of(std::string html, const PageSource& from = source()) {
  Result<Page> page = Page::parse(std::move(html), from, ParseLimits{});
  EXPECT_TRUE(page.has_value());
  return std::move(*page);
}

std::vector<std::string> urls(const Page& page) {
  std::vector<std::string> out;
  for (const Link& link : page.links()) out.push_back(link.url);
  return out;
}

std::vector<std::pair<LinkKind, std::string>> kinds(const Page& page) {
  std::vector<std::pair<LinkKind, std::string>> out;
  for (const Link& link : page.links()) out.emplace_back(link.kind, link.url);
  return out;
}

TEST(PageTest, CollectsLinksOfEachKindInTreeOrder) {
  const Page page = page_of(
      "<head><link rel=canonical href=/c><link rel=next href=?p=2><link rel=stylesheet href=/s>"
      "<link rel='alternate stylesheet' href=/s><link rel=icon href=/i>"
      "<link rel=alternate type='application/rss+xml' href=/feed>"
      "<link rel=alternate hreflang=de href=/de><link rel=Alternate type='text/html' href=/m>"
      "<meta http-equiv=Refresh content='5; url=/later'></head>"
      "<a href=a>a</a><map><area href=b></map><iframe src=/frame></iframe>");
  EXPECT_THAT(kinds(page),
              ElementsAre(std::pair(LinkKind::kCanonical, "https://example.org/c"),
                          std::pair(LinkKind::kRelation, "https://example.org/dir/page?p=2"),
                          std::pair(LinkKind::kRelation, "https://example.org/de"),
                          std::pair(LinkKind::kRelation, "https://example.org/m"),
                          std::pair(LinkKind::kMetaRefresh, "https://example.org/later"),
                          std::pair(LinkKind::kAnchor, "https://example.org/dir/a"),
                          std::pair(LinkKind::kAnchor, "https://example.org/dir/b"),
                          std::pair(LinkKind::kFrame, "https://example.org/frame")));
  EXPECT_EQ(page.facts().canonical, "https://example.org/c");
}

TEST(PageTest, ReadsFramesOfFramesets) {
  const Page page = page_of("<frameset><frame src=left><frame src=right></frameset>");
  EXPECT_THAT(urls(page),
              ElementsAre("https://example.org/dir/left", "https://example.org/dir/right"));
}

TEST(PageTest, KeepsHttpLinksOnlyWithoutFragmentAndUserinfo) {
  const Page page = page_of(
      "<a href='mailto:a@b.c'>1</a><a href='javascript:x()'>2</a><a href='tel:1'>3</a>"
      "<a href='ftp://x/'>4</a><a href='http://u:p@x.org/y#z'>5</a><a href='http://['>6</a>");
  EXPECT_THAT(urls(page), ElementsAre("http://x.org/y"));
}

TEST(PageTest, DecodesReferencesAndTrimsWhiteSpaceInUrls) {
  const Page page = page_of("<a href=' /x?a=1&amp;b=2\n'>x</a>");
  EXPECT_THAT(urls(page), ElementsAre("https://example.org/x?a=1&b=2"));
}

TEST(PageTest, MergesLinksToOneUrl) {
  const Page page = page_of(
      "<iframe src=/x></iframe><a href=/x rel=nofollow>x</a><a href='/x#y'>x</a>"
      "<a href=/n rel='UGC external'>n</a><a href=/n rel=sponsored>n</a>"
      "<a href=/m rel=nofollow>m</a><a href=/m>m</a>");
  ASSERT_EQ(page.links().size(), 3U);
  EXPECT_EQ(page.links()[0].kind, LinkKind::kFrame);
  EXPECT_FALSE(page.links()[0].nofollow);
  EXPECT_TRUE(page.links()[1].nofollow);
  EXPECT_FALSE(page.links()[2].nofollow);
}

TEST(PageTest, FingerprintsTheDedupeKey) {
  const Page page = page_of("<a href='/x?utm_source=y#z'>x</a>");
  const auto url = Url::parse("https://example.org/x?utm_source=y");
  ASSERT_TRUE(url);
  EXPECT_EQ(page.links()[0].url, "https://example.org/x?utm_source=y");
  EXPECT_EQ(page.links()[0].fingerprint, fingerprint(dedupe_key(*url)));
}

// HTML, section 4.2.3: the first base element with an href counts, for the whole document.
TEST(PageTest, ResolvesAgainstTheFirstBase) {
  const Page page = page_of(
      "<a href=before>x</a><base target=_top><base href=/other/><base href=/third/>"
      "<a href=after>y</a>");
  EXPECT_EQ(page.base(), "https://example.org/other/");
  EXPECT_THAT(urls(page),
              ElementsAre("https://example.org/other/before", "https://example.org/other/after"));
  EXPECT_EQ(page.resolve("z"), "https://example.org/other/z");
  EXPECT_EQ(page.resolve("mailto:x@y.z"), "");
}

TEST(PageTest, IgnoresABaseThatIsNoHttpUrl) {
  const Page page = page_of("<base href='data:text/html,x'><a href=a>a</a>");
  EXPECT_EQ(page.base(), "https://example.org/dir/page");
  EXPECT_THAT(urls(page), ElementsAre("https://example.org/dir/a"));
}

TEST(PageTest, PassesOverLinksInTemplates) {
  EXPECT_THAT(urls(page_of("<template><a href=/x>x</a></template>")), IsEmpty());
}

TEST(PageTest, ReadsAFileWithoutAUrl) {
  const Page page = page_of("<a href=/x>x</a><a href='https://example.net/'>y</a>", source(""));
  EXPECT_THAT(urls(page), ElementsAre("https://example.net/"));
  EXPECT_EQ(page.resolve("x"), "");
}

TEST(PageTest, StatesFacts) {
  const Page page = page_of(
      "<html lang=' de-CH '><svg><title>drawing</title></svg><title>\n Café\t &amp; Bar\n</title>"
      "<title>second</title>");
  EXPECT_EQ(page.facts().title, "Café & Bar");
  EXPECT_EQ(page.facts().language, "de-CH");
  EXPECT_EQ(page.facts().charset, "UTF-8");
  EXPECT_EQ(page.facts().canonical, "");
  EXPECT_FALSE(page.facts().noindex);
  EXPECT_FALSE(page.facts().nofollow);
}

TEST(PageTest, DecodesBeforeParsing) {
  PageSource from = source();
  from.content_type = "text/html; charset=windows-1252";
  const Page page = page_of("<title>Caf\xE9</title>", from);
  EXPECT_EQ(page.facts().title, "Café");
  EXPECT_EQ(page.facts().charset, "windows-1252");
  EXPECT_EQ(page.text(), "<title>Café</title>");
}

TEST(PageTest, ObeysMetaRobotsForAllAndForItsAgent) {
  const Page all = page_of("<meta name=ROBOTS content='NoIndex,nofollow'><a href=/x>x</a>");
  EXPECT_TRUE(all.facts().noindex);
  EXPECT_TRUE(all.facts().nofollow);
  EXPECT_TRUE(all.links()[0].nofollow);
  EXPECT_TRUE(page_of("<meta name=Placer content=none>").facts().nofollow);
  EXPECT_FALSE(page_of("<meta name=otherbot content=none>").facts().nofollow);
  EXPECT_FALSE(page_of("<meta name=robots content='index, follow'>").facts().noindex);
}

TEST(PageTest, ObeysRobotsHeaders) {
  PageSource from = source();
  from.robots_headers = {"otherbot: none", "noarchive", "PLACER: noindex"};
  const Page page = page_of("<a href=/x>x</a>", from);
  EXPECT_TRUE(page.facts().noindex);
  EXPECT_FALSE(page.facts().nofollow);
}

TEST(PageTest, TakesLinkHeadersAgainstTheDocumentsUrl) {
  PageSource from = source();
  from.link_headers = {"<c>; rel=\"canonical\", <?p=2>; title=\"a, b\"; rel='next'",
                       "</style.css>; rel=preload; as=style, </p>; rel=\"start Prev\""};
  const Page page = page_of("<base href=/other/><a href=x>x</a>", from);
  EXPECT_THAT(kinds(page), ElementsAre(std::pair(LinkKind::kAnchor, "https://example.org/other/x"),
                                       std::pair(LinkKind::kCanonical, "https://example.org/dir/c"),
                                       std::pair(LinkKind::kRelation, "https://example.org/p")));
  EXPECT_EQ(page.facts().canonical, "https://example.org/dir/c");
}

TEST(PageTest, PassesOnTheLimitThatABombReached) {
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += "<p>x";
  const auto page = Page::parse(bomb, source(), {std::chrono::milliseconds(60'000), 1 << 20});
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().code, ErrorCode::kParseMemory);
}

TEST(PageTest, OutlivesAMove) {
  Page page = page_of("<title>x</title><p>y");
  const Page moved = std::move(page);
  EXPECT_EQ(visible_text(moved.root()), "x y");
}

// HTML, section 4.2.5.3, "shared declarative refresh steps".
// The body as a page of the given type.
Page page_as(const std::string& type, std::string body) {
  PageSource from = source();
  from.content_type = type;
  return page_of(std::move(body), from);
}

TEST(PageTest, ReadsJsonWhateverItIsSentAs) {
  for (const char* type : {"application/json", "application/geo+json; charset=utf-8", "text/html",
                           "text/plain", "text/javascript"}) {
    const Page page = page_as(type, " {\"stores\": [1, 2]}");
    ASSERT_NE(page.json(), nullptr) << type;
    EXPECT_EQ(page.json()->dump(), "{\"stores\":[1,2]}") << type;
    EXPECT_FALSE(page.root()) << type;
  }
}

TEST(PageTest, ReadsWhatAJsonpCallWraps) {
  const char* const wrapped[] = {"cb([1]);", "/**/ jQuery.cb_12({\"a\": [1]}) ;", ")]}',\n[1]",
                                 "while(1);[1]"};
  for (const char* text : wrapped) {
    const Page page = page_as("application/javascript", text);
    ASSERT_NE(page.json(), nullptr) << text;
    EXPECT_TRUE(page.json()->dump().ends_with("[1]") || page.json()->contains("a")) << text;
  }
}

TEST(PageTest, TakesAPageThatOnlyLooksLikeJsonForHtml) {
  const Page page = page_as("text/html", "{{ banner }}<title>Shop</title><a href=/x>x</a>");
  EXPECT_EQ(page.json(), nullptr);
  EXPECT_EQ(page.facts().title, "Shop");
  EXPECT_EQ(page.links().size(), 1U);
}

TEST(PageTest, ReadsXmlAsNestedValues) {
  const Page page = page_as("application/xml",
                            "<?xml version='1.0'?><r n='2'><s><name>A &amp; B</name></s>"
                            "<s id='2'><name><![CDATA[C]]></name><!-- x --></s></r>");
  ASSERT_NE(page.json(), nullptr);
  EXPECT_EQ(page.json()->dump(),
            R"({"r":{"@n":"2","s":[{"name":"A & B"},{"@id":"2","name":"C"}]}})");
  EXPECT_EQ(page_as("text/xml", "<a><b></a>").json(), nullptr);
}

TEST(PageTest, LeavesPicturesAndTheLikeAlone) {
  PageSource from = source();
  for (const char* type : {"image/png", "application/pdf", "video/mp4"}) {
    from.content_type = type;
    EXPECT_FALSE(Page::reads(from, "{}")) << type;
  }
}

TEST(LinksTest, ReadsRefreshes) {
  EXPECT_EQ(refresh_url("0;url=/a"), "/a");
  EXPECT_EQ(refresh_url(" 5 , URL = '/a b' x"), "/a b");
  EXPECT_EQ(refresh_url("1.5; \"/a\""), "/a");
  EXPECT_EQ(refresh_url("3 /a"), "/a");
  EXPECT_EQ(refresh_url("0;urls"), "urls");
  EXPECT_EQ(refresh_url("30"), "");
  EXPECT_EQ(refresh_url("0;"), "");
  EXPECT_EQ(refresh_url("x;url=/a"), "");
  EXPECT_EQ(refresh_url("0x;url=/a"), "");
}

// RFC 8288, section 3.
TEST(LinksTest, SurvivesBrokenLinkHeaders) {
  EXPECT_THAT(read_link_header(""), IsEmpty());
  EXPECT_THAT(read_link_header("<unclosed"), IsEmpty());
  EXPECT_THAT(read_link_header("</a>; rel=\"next"), ::testing::SizeIs(1));
  EXPECT_THAT(read_link_header("</a>; rel=\"next\\"), IsEmpty());
  EXPECT_THAT(read_link_header("</a>;;rel=next;,,</b>;rel=prev"), ::testing::SizeIs(2));
  EXPECT_THAT(read_link_header("</a>; rel=next; anchor=\"#x\""), IsEmpty());
  EXPECT_THAT(read_link_header("</a>; rel=up; rel=next"), IsEmpty());
}

TEST(RobotsDirectivesTest, AppliesAnAgentsNameToAllThatFollows) {
  RobotsDirectives ours;
  add_robots_header("otherbot: noindex, nofollow", "placer", ours);
  EXPECT_FALSE(ours.noindex || ours.nofollow);
  add_robots_header("otherbot: noindex, placer: noarchive, nofollow", "placer", ours);
  EXPECT_FALSE(ours.noindex);
  EXPECT_TRUE(ours.nofollow);
  RobotsDirectives dated;
  add_robots_header("unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", "placer", dated);
  EXPECT_TRUE(dated.noindex);
}

TEST(RobotsDirectivesTest, ReadsDatesWithAndWithoutCommas) {
  constexpr std::int64_t kJune2010 = 1'277'478'000;  // 2010-06-25T15:00:00Z
  for (const char* date : {"25 Jun 2010 15:00:00 GMT", "Friday, 25-Jun-10 15:00:00 UTC",
                           "Fri, 25 Jun 2010 15:00:00 GMT", "2010-06-25T15:00:00Z"}) {
    const std::string text = "noarchive, unavailable_after: " + std::string(date) + ", NoFollow";
    RobotsDirectives header;
    add_robots_header("placer: " + text, "placer", header);
    EXPECT_EQ(header.unavailable_after, kJune2010) << date;
    EXPECT_TRUE(header.nofollow) << "a time of day is no agent's name: " << date;
    RobotsDirectives meta;
    add_meta_robots(text, meta);
    EXPECT_EQ(meta.unavailable_after, kJune2010) << date;
    EXPECT_TRUE(meta.nofollow) << date;
  }
  RobotsDirectives others;
  add_robots_header("otherbot: unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, none", "placer",
                    others);
  EXPECT_FALSE(others.unavailable_after || others.noindex || others.nofollow);
  RobotsDirectives odd;
  add_robots_header("unavailable_after: Friday", "placer", odd);
  add_meta_robots("unavailable_after:,unavailable_after: some, day, max-snippet:-1, nofollow", odd);
  add_meta_robots("unavailable_after: Friday, noindex", odd);
  EXPECT_FALSE(odd.unavailable_after);
  EXPECT_TRUE(odd.noindex && odd.nofollow);
}

TEST(PageTest, TakesADocumentPastItsTimeForNoindex) {
  const std::string html = "<meta name=placer content='unavailable_after: 2010-06-25'>";
  PageSource from = source();
  from.now = 1'277'000'000;
  EXPECT_FALSE(Page::parse(html, from, {})->facts().noindex);
  from.now = 1'278'000'000;
  EXPECT_TRUE(Page::parse(html, from, {})->facts().noindex);
}

}  // namespace
}  // namespace placer
