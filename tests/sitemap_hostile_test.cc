// Sitemaps that want memory, time or files of whoever reads them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/page/sitemap.h"
#include "tests/gzip.h"

namespace placer {
namespace {

using testing::IsEmpty;

Sitemap read(std::string_view bytes, const SitemapLimits& limits = {},
             std::string_view url = "https://h.test/sitemap.xml") {
  return read_sitemap(bytes, *Url::parse(url), limits);
}

std::string repeated(std::size_t times, const std::function<std::string(std::size_t)>& part) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part(i);
  return out;
}

std::string url(std::size_t number) {
  return "<url><loc>https://h.test/" + std::to_string(number) + "</loc></url>\n";
}

// The most that the process has held so far.
std::size_t peak_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) << 10;
}

constexpr std::size_t kMiB = std::size_t{1} << 20;

TEST(SitemapHostileTest, RefusesEveryDeclaration) {
  for (const char* subset :
       {"<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>",  // billion laughs
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "<!ENTITY x SYSTEM 'http://127.0.0.1/x'>",
        "<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;", "<!ATTLIST url a CDATA 'b'>",
        "<!ELEMENT urlset ANY>", "<!NOTATION n SYSTEM 'x'>", "<!-- -->", "%p;", ""}) {
    const Sitemap sitemap = read("<?xml version='1.0'?><!DOCTYPE urlset [" + std::string(subset) +
                                 "]><urlset><url><loc>https://h.test/&x;&c;</loc></url></urlset>");
    EXPECT_EQ(sitemap.end, SitemapEnd::kDeclarations) << subset;
    EXPECT_THAT(sitemap.links, IsEmpty()) << subset;
  }
}

TEST(SitemapHostileTest, OpensNoExternalSubset) {
  // Were this opened, it would be no DTD, and the document an error.
  const Sitemap sitemap = read("<!DOCTYPE urlset SYSTEM 'file:///etc/passwd'><urlset>" + url(1) +
                               "<url><loc>https://h.test/&x;</loc></url></urlset>");
  EXPECT_EQ(sitemap.end, SitemapEnd::kComplete);
  ASSERT_EQ(sitemap.links.size(), 2U);
  EXPECT_EQ(sitemap.links[1].url, "https://h.test/&x;");
}

TEST(SitemapHostileTest, TakesTheFirstFiftyThousandAndCountsTheRest) {
  const std::string document = "<urlset>" + repeated(50'123, url) + "</urlset>";
  const Sitemap sitemap = read(document);
  ASSERT_EQ(sitemap.links.size(), 50'000U);
  EXPECT_EQ(sitemap.links.back().url, "https://h.test/49999");
  EXPECT_EQ(sitemap.dropped, (SitemapDropped{0, 0, 123}));
  EXPECT_EQ(sitemap.end, SitemapEnd::kComplete);
}

TEST(SitemapHostileTest, EndsAtTheLimitOfBytesWithWhatCameBefore) {
  SitemapLimits limits;
  limits.bytes = 10'000;
  const std::string document = "<urlset>" + repeated(1000, url) + "</urlset>";
  for (const std::string& bytes : {document, gzip(document)}) {
    const Sitemap sitemap = read(bytes, limits);
    EXPECT_EQ(sitemap.end, SitemapEnd::kTooLarge);
    EXPECT_GT(sitemap.links.size(), 200U);
    EXPECT_LT(sitemap.links.size(), 250U);
  }
  const std::string text =
      repeated(1000, [](auto i) { return "https://h.test/" + std::to_string(i) + "\n"; });
  EXPECT_EQ(read(text, limits).end, SitemapEnd::kTooLarge);
  EXPECT_GT(read(text, limits).links.size(), 400U);
}

TEST(SitemapHostileTest, EndsWhatIsPackedTooTightly) {
  // A thousandfold; in members, so that no more than a MiB of it was ever in memory.
  const auto bomb = [](char c) {
    const std::string member = gzip(std::string(kMiB, c));
    return repeated(64, [&](auto) { return member; });
  };
  const std::string document = gzip("<urlset>" + url(1)) + bomb(' ');
  const std::string zeros = bomb('0');
  [[maybe_unused]] const std::size_t before = peak_bytes();
  const Sitemap sitemap = read(document);
  EXPECT_EQ(sitemap.end, SitemapEnd::kTooLarge);
  EXPECT_EQ(sitemap.links.size(), 1U);
  EXPECT_EQ(read(zeros).end, SitemapEnd::kTooLarge);
  // Without that limit the other one holds, and it is no matter of memory either.
  SitemapLimits limits;
  limits.ratio = 1'000'000;
  limits.bytes = 20 * kMiB;
  EXPECT_EQ(read(document, limits).end, SitemapEnd::kTooLarge);
  EXPECT_EQ(read(zeros, limits).end, SitemapEnd::kTooLarge);
#ifndef __SANITIZE_ADDRESS__  // which does not give back what is freed
  EXPECT_LE(peak_bytes() - before, 8 * kMiB);
#endif
  // As tightly as a real one may be.
  const std::string real = "<urlset>" + repeated(30'000, url) + "</urlset>";
  EXPECT_EQ(read(gzip(real)).end, SitemapEnd::kComplete);
}

TEST(SitemapHostileTest, EndsWhereElementsNestTooDeep) {
  const auto nested = [](std::size_t levels) {
    return "<urlset>" + url(1) + repeated(levels, [](auto) { return "<a>"; }) +
           repeated(levels, [](auto) { return "</a>"; }) + url(2) + "</urlset>";
  };
  EXPECT_EQ(read(nested(63)).links.size(), 2U);
  const Sitemap sitemap = read(nested(64));
  EXPECT_EQ(sitemap.end, SitemapEnd::kTooDeep);
  EXPECT_EQ(sitemap.links.size(), 1U);
  EXPECT_EQ(read(nested(3'000'000)).end, SitemapEnd::kTooDeep);
}

TEST(SitemapHostileTest, EndsWhereNamesHaveNoEnd) {
  const auto named = [](const std::function<std::string(std::size_t)>& element) {
    return "<urlset>" + url(1) + repeated(400'000, element) + "</urlset>";
  };
  const std::string elements = named([](auto i) { return "<a" + std::to_string(i) + "/>"; });
  const std::string attributes = named([](auto i) { return "<a b" + std::to_string(i) + "=''/>"; });
  const std::size_t before = peak_bytes();
  for (const std::string* document : {&elements, &attributes}) {
    EXPECT_EQ(read(*document).end, SitemapEnd::kTooManyNames);
    EXPECT_EQ(read(*document).links.size(), 1U);
  }
  EXPECT_LE(peak_bytes() - before, 8 * kMiB);
}

// expat begins a tag again with every piece of it.
TEST(SitemapHostileTest, EndsWhereATagHasNoEnd) {
  const std::string filler(8 * kMiB, 'x');
  for (const char* begin : {"<url a='", "<!--", "<?", "<", "<url ", "</", "<url a"}) {
    const auto start = std::chrono::steady_clock::now();
    const std::string document = "<urlset>" + url(1) + begin + filler;
    const Sitemap sitemap = read(document);
    EXPECT_EQ(sitemap.end, SitemapEnd::kMalformed) << begin;
    EXPECT_EQ(sitemap.links.size(), 1U) << begin;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << begin;
  }
  EXPECT_EQ(read("<!DOCTYPE urlset SYSTEM '" + filler).end, SitemapEnd::kMalformed);
}

TEST(SitemapHostileTest, DropsUrlsBeyondTheirLimit) {
  const auto loc = [](const std::string& text) {
    return "<urlset><url><loc>" + text + "</loc></url></urlset>";
  };
  const std::string start = "https://h.test/";
  const std::string fits = start + std::string(8192 - start.size(), 'x');
  EXPECT_EQ(read(loc(fits)).links.size(), 1U);
  EXPECT_EQ(read(loc(std::string(20'000, ' ') + fits)).links.size(), 1U);
  EXPECT_EQ(read(fits + "\n").links.size(), 1U);
  for (const std::string& longer :
       {loc(fits + "y"), loc(start + std::string(4 * kMiB, 'x')),
        loc(start + std::string(4096, '"')),  // "%22" each
        "<rss><channel><item><guid>" + fits + "y</guid></item></channel></rss>",
        "<feed><entry><link href='" + fits + "y'/></entry></feed>",
        "<sitemapindex><sitemap>" + fits + "y</sitemap></sitemapindex>"}) {
    EXPECT_EQ(read(longer).dropped, (SitemapDropped{0, 1, 0}));
    EXPECT_THAT(read(longer).links, IsEmpty());
  }
  const Sitemap text =
      read("https://h.test/1\n" + fits + "y" + std::string(kMiB, 'z') + "\nhttps://h.test/2\n");
  EXPECT_EQ(text.links.size(), 2U);
  EXPECT_EQ(text.dropped, (SitemapDropped{0, 1, 0}));
}

TEST(SitemapHostileTest, DoesNotMultiplyALongBase) {
  const std::string base = "https://h.test/" + std::string(8000, 'd') + "/";
  SitemapLimits limits;
  limits.bytes = 4 * kMiB;
  const auto relative = [](auto) { return "<url><loc>x</loc></url>"; };
  const Sitemap sitemap = read("<urlset>" + repeated(40'000, relative) + "</urlset>", limits, base);
  EXPECT_EQ(sitemap.links.size(), 4 * kMiB / (base.size() + 1));
  EXPECT_EQ(sitemap.dropped.beyond, 40'000 - sitemap.links.size());
  const auto entry = [](auto) { return "<entry xml:base='e/'><link href='x'/></entry>"; };
  const Sitemap feed =
      read("<feed xml:base='" + base + "'>" + repeated(40'000, entry) + "</feed>", limits);
  EXPECT_LT(feed.links.size(), 600U);
}

TEST(SitemapHostileTest, TakesTimeLinearInTheDocument) {
  // Each was quadratic somewhere once: in other readers, or in this one while it was written.
  for (const auto& part : std::vector<std::function<std::string(std::size_t)>>{
           [](auto) { return "&"; }, [](auto) { return "&#"; }, [](auto) { return "]]"; },
           [](auto) { return "<![CDATA["; }, [](auto) { return "<![CDATA[]]>"; },
           [](auto) { return "<a>"; }, [](auto) { return "<url/>"; }, [](auto) { return "\r"; },
           [](auto) { return "\xFF"; }, [](auto) { return "<url a='>'/>"; }}) {
    std::string document = "<urlset>";
    while (document.size() < kMiB) document += part(0);
    for (const std::string& bytes : {document, document.substr(8)}) {
      const auto start = std::chrono::steady_clock::now();
      read(bytes);
      EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2)) << part(0);
    }
  }
}

// Every prefix, and a bit flipped at every place.
TEST(SitemapHostileTest, SurvivesDamageAnywhere) {
  const std::string document = "<?xml version='1.0' encoding='UTF-8'?><urlset>" + url(1) +
                               "<url><loc><![CDATA[/a&b]]></loc><lastmod>2026</lastmod></url>" +
                               url(2) + "</urlset>";
  for (const std::string& whole : {document, gzip(document)}) {
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_LE(read(whole.substr(0, i)).links.size(), 3U);
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
        EXPECT_LE(read(damaged).links.size(), 4U);
      }
    }
  }
}

}  // namespace
}  // namespace placer
