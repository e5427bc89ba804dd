// Sitemaps and feeds: what is read of them, and what is refused.
#include "scraper/page/sitemap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scraper/frontier/key.h"
#include "tests/gzip.h"

namespace placer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kBase = "https://h.test/maps/sitemap.xml";

Sitemap read(std::string_view bytes, const SitemapLimits& limits = {}) {
  return read_sitemap(bytes, *Url::parse(kBase), limits);
}

std::vector<std::string> urls_of(const Sitemap& sitemap) {
  std::vector<std::string> urls;
  for (const Link& link : sitemap.links) urls.push_back(link.url);
  return urls;
}

std::vector<std::string> urls_in(std::string_view bytes) { return urls_of(read(bytes)); }

std::string urlset(std::string_view entries) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset "
         "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">" +
         std::string(entries) + "</urlset>";
}

std::string url(std::string_view loc) { return "<url><loc>" + std::string(loc) + "</loc></url>\n"; }

std::string utf16(std::string_view ascii, bool big) {
  std::string out;
  for (const char c : ascii) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

// https://www.sitemaps.org/protocol.html#xmlTagDefinitions
TEST(SitemapTest, ReadsPagesWithTheirDates) {
  const Sitemap sitemap = read(urlset(
      "<url><loc>https://h.test/a?x=1&amp;y=2#part</loc><lastmod>2026-11-21T08:30:00Z</lastmod>"
      "<changefreq>daily</changefreq><priority>0.8</priority></url>"
      "<url><lastmod>soon</lastmod><loc>https://h.test/b</loc></url>"));
  EXPECT_EQ(sitemap.format, SitemapFormat::kUrlset);
  EXPECT_EQ(sitemap.end, SitemapEnd::kComplete);
  ASSERT_THAT(urls_of(sitemap), ElementsAre("https://h.test/a?x=1&y=2", "https://h.test/b"));
  const Link& first = sitemap.links.front();
  EXPECT_EQ(first.kind, LinkKind::kAnchor);
  EXPECT_EQ(first.modified, 1'795'249'800);
  EXPECT_EQ(first.fingerprint, link_to(*Url::parse(first.url), LinkKind::kAnchor).fingerprint);
  EXPECT_FALSE(first.nofollow);
  EXPECT_EQ(sitemap.links[1].modified, 0);
}

// https://www.sitemaps.org/protocol.html#index
TEST(SitemapTest, ReadsTheChildrenOfAnIndex) {
  const Sitemap sitemap = read(
      "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>/1.xml.gz"
      "</loc><lastmod>2004-10-01</lastmod></sitemap><sitemap> https://h.test/2.xml </sitemap>"
      "</sitemapindex>");
  EXPECT_EQ(sitemap.format, SitemapFormat::kIndex);
  ASSERT_THAT(urls_of(sitemap), ElementsAre("https://h.test/1.xml.gz", "https://h.test/2.xml"));
  EXPECT_EQ(sitemap.links[0].kind, LinkKind::kSitemap);
  EXPECT_EQ(sitemap.links[0].modified, 1'096'588'800);
  EXPECT_EQ(sitemap.links[1].kind, LinkKind::kSitemap);
}

TEST(SitemapTest, TakesNamesWhateverTheirNamespace) {
  const std::vector<std::string> expected = {"https://h.test/a"};
  for (const char* document :
       {"<urlset><url><loc>https://h.test/a</loc></url></urlset>",
        "<urlset xmlns='urn:wrong'><url><loc>https://h.test/a</loc></url></urlset>",
        "<s:urlset xmlns:s='urn:s'><s:url><s:loc>https://h.test/a</s:loc></s:url></s:urlset>",
        "<undeclared:urlset><undeclared:url><undeclared:loc>https://h.test/a</undeclared:loc>"
        "</undeclared:url></undeclared:urlset>",
        "<URLSET><Url><LOC>https://h.test/a</LOC></Url></URLSET>",
        "<urlset><pages><url><loc>https://h.test/a</loc></url></pages></urlset>"}) {
    EXPECT_EQ(urls_in(document), expected) << document;
  }
}

TEST(SitemapTest, PassesOverImagesVideosAndOtherLanguages) {
  EXPECT_THAT(
      urls_in(urlset("<url><image:loc>https://h.test/0.jpg</image:loc><loc>https://h.test/a</loc>"
                     "<image:image><image:loc>https://h.test/1.jpg</image:loc><loc>/2.jpg</loc>"
                     "</image:image><video:video><video:player_loc>https://h.test/p"
                     "</video:player_loc></video:video><xhtml:link rel='alternate' hreflang='de' "
                     "href='https://h.test/de'/><loc>https://h.test/second</loc></url>"
                     "<image:image><image:loc>https://h.test/3.jpg</image:loc></image:image>")),
      ElementsAre("https://h.test/a"));
}

TEST(SitemapTest, ReadsUrlsHoweverTheyAreWritten) {
  EXPECT_THAT(
      urls_in(urlset(url("\n  https://h.test/space\n  ") +
                     url("<![CDATA[https://h.test/c?a=1&b=2&amp;c=3]]>") +
                     url("https://h.test/s?a=1&b=2&copy=3&#38;d&amp;e&#x26;f&nbsp;") +
                     url("relative") + url("/root") + url("//other.test/x") +
                     url("HTTP://h.TEST:80/%7eu") + url("https://h.test/cäfé"))),
      ElementsAre("https://h.test/space", "https://h.test/c?a=1&b=2&amp;c=3",
                  "https://h.test/s?a=1&b=2&copy=3&d&e&f&nbsp;", "https://h.test/maps/relative",
                  "https://h.test/root", "https://other.test/x", "http://h.test/%7eu",
                  "https://h.test/c%C3%A4f%C3%A9"));
}

TEST(SitemapTest, CountsWhatIsNoUrl) {
  const Sitemap sitemap =
      read(urlset(url("ftp://h.test/a") + url("javascript:alert(1)") + url("file:///etc/passwd") +
                  url("") + "<url/>" + url("https://") + url("https://h.test/a")));
  EXPECT_THAT(urls_of(sitemap), ElementsAre("https://h.test/a"));
  EXPECT_EQ(sitemap.dropped, (SitemapDropped{6, 0, 0}));
}

// RSS 2.0, "Elements of <item>".
TEST(SitemapTest, ReadsRss) {
  const Sitemap sitemap = read(
      "\n\n<!-- shop -->\n<rss version='2.0' xmlns:atom='urn:a'><channel>"
      "<link>https://h.test/</link><atom:link href='https://h.test/rss' rel='self'/>"
      "<item><title>&eacute;</title><link>https://h.test/1</link>"
      "<atom:link href='https://h.test/no'/><pubDate>Sat, 21 Nov 2026 08:30:00 GMT</pubDate>"
      "<comments>https://h.test/1#c</comments><enclosure url='https://h.test/1.mp3'/></item>"
      "<item><guid>https://h.test/2</guid></item>"
      "<item><guid isPermaLink='false'>https://h.test/3</guid></item>"
      "<item><link>https://h.test/4</link><dc:date>2026-11-21</dc:date></item>"
      "</channel></rss>");
  EXPECT_EQ(sitemap.format, SitemapFormat::kRss);
  EXPECT_EQ(sitemap.end, SitemapEnd::kComplete);
  ASSERT_THAT(urls_of(sitemap),
              ElementsAre("https://h.test/1", "https://h.test/2", "https://h.test/4"));
  EXPECT_EQ(sitemap.links[0].modified, 1'795'249'800);
  EXPECT_EQ(sitemap.links[2].modified, 1'795'219'200);
}

// RSS 1.0 section 5.5.
TEST(SitemapTest, ReadsRdf) {
  EXPECT_THAT(
      urls_in("<rdf:RDF xmlns:rdf='urn:r' xmlns='urn:s'><channel rdf:about='https://h.test/'>"
              "<link>https://h.test/home</link><items><rdf:Seq><rdf:li resource='/1'/></rdf:Seq>"
              "</items></channel><item rdf:about='https://h.test/1'><link>https://h.test/1a</link>"
              "</item><item rdf:about='https://h.test/2'/></rdf:RDF>"),
      ElementsAre("https://h.test/1a", "https://h.test/2"));
}

// RFC 4287 sections 2 and 4.2.7.
TEST(SitemapTest, ReadsAtom) {
  const Sitemap sitemap = read(
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://b.test/x/'>"
      "<link href='https://h.test/'/><entry xml:base='y/'><link rel='edit' href='/e'/>"
      "<link rel='alternate' href='1'/><link href='2'/><published>2020-01-01</published>"
      "<updated>2026-11-21</updated><content type='xhtml'><div><a href='/z'>z</a></div>"
      "</content></entry><entry><link href='3'/><issued>2026-11-21</issued></entry></feed>");
  EXPECT_EQ(sitemap.format, SitemapFormat::kAtom);
  ASSERT_THAT(urls_of(sitemap), ElementsAre("https://b.test/x/y/1", "https://b.test/x/3"));
  EXPECT_EQ(sitemap.links[0].modified, 1'795'219'200);
  EXPECT_EQ(sitemap.links[1].modified, 1'795'219'200);
}

// https://www.sitemaps.org/protocol.html#otherformats
TEST(SitemapTest, ReadsText) {
  const Sitemap sitemap = read(
      "\xEF\xBB\xBF  https://h.test/a\r\n\r\nHTTPS://h.test/b>c\rhttps://h.test/d\n"
      "/relative\nsee https://h.test/x\n# https://h.test/y\nhttps://h.test/last");
  EXPECT_EQ(sitemap.format, SitemapFormat::kText);
  EXPECT_THAT(urls_of(sitemap), ElementsAre("https://h.test/a", "https://h.test/b%3Ec",
                                            "https://h.test/d", "https://h.test/last"));
  EXPECT_EQ(sitemap.dropped, (SitemapDropped{3, 0, 0}));
}

TEST(SitemapTest, ReadsOtherEncodings) {
  const std::vector<std::string> expected = {"https://h.test/a"};
  const std::string xml = urlset(url("https://h.test/a"));
  const std::string text = "https://h.test/a\n";
  for (const std::string& plain : {xml, text}) {
    EXPECT_EQ(urls_in("\xFE\xFF" + utf16(plain, true)), expected);
    EXPECT_EQ(urls_in("\xFF\xFE" + utf16(plain, false)), expected);
    EXPECT_EQ(urls_in("\xEF\xBB\xBF" + plain), expected);
    EXPECT_EQ(urls_in("\xEF\xBB\xBF\n\n " + plain), expected);
  }
  EXPECT_EQ(urls_in(utf16(xml, true)), expected);
  EXPECT_EQ(urls_in(utf16(xml, false)), expected);
  const auto in = [](const char* label, const char* loc) {
    return urls_in("<?xml version='1.0' encoding='" + std::string(label) +
                   "'?><urlset><url><loc>https://h.test/" + loc + "</loc></url></urlset>");
  };
  EXPECT_THAT(in("ISO-8859-1", "caf\xE9"), ElementsAre("https://h.test/caf%C3%A9"));
  EXPECT_THAT(in("windows-1251", "\xEA"), ElementsAre("https://h.test/%D0%BA"));
  EXPECT_THAT(in("Shift_JIS", "\x83\x5C"), ElementsAre("https://h.test/%E3%82%BD"));
  EXPECT_THAT(in("GBK", "\xD6\xD0"), ElementsAre("https://h.test/%E4%B8%AD"));
  // What the declaration says cannot be, or is nothing.
  EXPECT_THAT(in("UTF-16", "caf\xC3\xA9"), ElementsAre("https://h.test/caf%C3%A9"));
  EXPECT_THAT(in("klingon", "caf\xC3\xA9"), ElementsAre("https://h.test/caf%C3%A9"));
  EXPECT_THAT(in("utf-8", "caf\xE9"), ElementsAre("https://h.test/caf%EF%BF%BD"));
}

TEST(SitemapTest, ReadsGzipByItsFirstBytes) {
  const std::string xml = urlset(url("https://h.test/a"));
  EXPECT_THAT(urls_in(gzip(xml)), ElementsAre("https://h.test/a"));
  EXPECT_THAT(urls_in(gzip("https://h.test/a\n")), ElementsAre("https://h.test/a"));
  // Members follow one another (RFC 1952 section 2.2); zeros after the last are padding.
  const std::string two = gzip(xml.substr(0, 50)) + gzip(xml.substr(50)) + std::string(512, '\0');
  EXPECT_THAT(urls_in(two), ElementsAre("https://h.test/a"));
  EXPECT_EQ(read(two).end, SitemapEnd::kComplete);
}

TEST(SitemapTest, KeepsWhatCameBeforeABreak) {
  const std::string good = url("https://h.test/a") + url("https://h.test/b");
  for (const char* bad : {"<url><loc>https://h.test/c", "<url><loc>https://h.test/c</locc></url>",
                          "</url>", "<url <loc>", "<url><loc a=1>https://h.test/c</loc></url>"}) {
    const Sitemap sitemap = read(urlset(good + bad));
    EXPECT_THAT(urls_of(sitemap), ElementsAre("https://h.test/a", "https://h.test/b")) << bad;
    EXPECT_EQ(sitemap.end, SitemapEnd::kMalformed) << bad;
  }
  // A URL that was read to its end counts even then.
  EXPECT_THAT(urls_in("<urlset><url><loc>/c</loc><lastmod>20"), ElementsAre("https://h.test/c"));
  std::string entries;
  for (int i = 0; i < 5000; ++i) entries += url("https://h.test/" + std::to_string(i * 7919));
  const std::string packed = gzip(urlset(entries));
  const Sitemap cut = read(packed.substr(0, packed.size() / 2));
  EXPECT_EQ(cut.end, SitemapEnd::kDamaged);
  EXPECT_GT(cut.links.size(), 1000U);
  std::string flipped = packed;
  flipped[flipped.size() - 8] ^= 1;  // the checksum
  EXPECT_EQ(read(flipped).end, SitemapEnd::kDamaged);
  EXPECT_EQ(read(flipped).links.size(), 5000U);
}

TEST(SitemapTest, TakesNothingFromWhatIsNoSitemap) {
  for (const std::string& document :
       {std::string(),
        std::string("<!DOCTYPE html><html><body><a href='https://h.test/a'>Not "
                    "found<p>https://h.test/b"),
        std::string("<html><url><loc>https://h.test/a</loc></url></html>"),
        std::string("Not found: https://h.test/a"), std::string("{\"loc\": \"https://h.test/a\"}"),
        std::string("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16), std::string(100'000, '\0'),
        std::string("\xFF\xFE"), std::string("\x1F\x8B"), std::string("<"),
        gzip(gzip("https://h.test/a\n")), gzip("")}) {
    const Sitemap sitemap = read(document);
    EXPECT_EQ(sitemap.format, SitemapFormat::kNone) << document.substr(0, 40);
    EXPECT_THAT(sitemap.links, IsEmpty()) << document.substr(0, 40);
    EXPECT_EQ(sitemap.dropped, SitemapDropped{}) << document.substr(0, 40);
  }
}

TEST(SitemapTest, KnowsAFormatByItsRootElement) {
  EXPECT_EQ(sitemap_format(urlset("")), SitemapFormat::kUrlset);
  EXPECT_EQ(sitemap_format("\xEF\xBB\xBF <!-- <rss> --><?a <feed>?>\n<!DOCTYPE x SYSTEM 'y'>"
                           "<s:sitemapindex xmlns:s='urn:s'>"),
            SitemapFormat::kIndex);
  EXPECT_EQ(sitemap_format("<rdf:RDF\n"), SitemapFormat::kRss);
  EXPECT_EQ(sitemap_format("<rss/>"), SitemapFormat::kRss);
  EXPECT_EQ(sitemap_format(utf16("<feed>", false)), SitemapFormat::kAtom);
  for (const char* other : {"", "<", "<rs", "<rss", "<!--", "<!-- <rss> ", "<html><rss>", "rss>",
                            "https://h.test/a\n", "<rssx>"}) {
    EXPECT_EQ(sitemap_format(other), SitemapFormat::kNone) << other;
  }
  EXPECT_EQ(sitemap_format("<!--" + std::string(5000, 'x') + "--><rss>"), SitemapFormat::kNone);
}

}  // namespace
}  // namespace placer
