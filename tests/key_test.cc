#include "scraper/frontier/key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace placer {
namespace {

std::string key(std::string_view input) {
  const auto url = Url::parse(input);
  return url ? dedupe_key(*url) : "(none)";
}

TEST(DedupeKeyTest, DropsFragmentAndUserinfo) {
  EXPECT_EQ(key("http://u:p@h/a#f"), "http://h/a");
  EXPECT_EQ(key("http://h/a?#f"), "http://h/a");
}

TEST(DedupeKeyTest, KeepsApartWhatMayBeAnotherPage) {
  const std::vector<std::string> urls = {
      "http://h/a",       "https://h/a",      "http://www.h/a",         "http://h:81/a",
      "http://h/A",       "http://h/a/",      "http://h/a?x",           "http://h/a?x=",
      "http://h/a?x=1",   "http://h/a?X=1",   "http://h/a?x=2",         "http://h/a;x=1",
      "http://h/a%2Fb",   "http://h/a/b",     "http://h/a?x=1+2",       "http://h/a?x=1%2B2",
      "http://h/a?sid=7", "http://h/a?sid=8", "http://h/a?s=utm_source"};
  for (std::size_t i = 0; i < urls.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(key(urls[i]), key(urls[j])) << urls[i] << " " << urls[j];
    }
  }
}

TEST(DedupeKeyTest, DropsTrackingParametersInAnyCase) {
  for (const char* name :
       {"utm_source", "UTM_Campaign", "utm_anything", "gclid", "gbraid",  "wbraid",
        "fbclid",     "msclkid",      "dclid",        "yclid", "_hsenc",  "_hsmi",
        "mc_cid",     "mc_eid",       "igshid",       "_ga",   "ref_src", "hsa_acc",
        "mtm_source", "pk_kwd",       "%75tm_source"}) {
    const std::string parameter = std::string(name) + "=AbC";
    EXPECT_EQ(key("http://h/?" + parameter), "http://h/") << name;
    EXPECT_EQ(key("http://h/?a=1&" + parameter + "&b=2"), "http://h/?a=1&b=2") << name;
    EXPECT_EQ(key("http://h/?" + std::string(name)), "http://h/") << name;
  }
  EXPECT_EQ(key("http://h/?xutm_source=1&gclids=2&ref=3"),
            "http://h/?gclids=2&ref=3&xutm_source=1");
}

TEST(DedupeKeyTest, DropsSessionIdsFromTheQuery) {
  EXPECT_EQ(key("http://h/?PHPSESSID=1&a=2"), "http://h/?a=2");
  EXPECT_EQ(key("http://h/?jsessionid=1&CFID=2&CFTOKEN=3&ASPSESSIONIDABCD=4"), "http://h/");
  EXPECT_EQ(key("http://h/?sid=0123456789abcdef0123456789abcdef"), "http://h/");
}

TEST(DedupeKeyTest, KeepsSidWhenItsValueIsNoSession) {
  EXPECT_EQ(key("http://h/?sid=4711"), "http://h/?sid=4711");
  EXPECT_EQ(key("http://h/?sid=central-station-north"), "http://h/?sid=central-station-north");
  EXPECT_EQ(key("http://h/?session=keynote"), "http://h/?session=keynote");
  EXPECT_EQ(key("http://h/?sid=20240607123000555"), "http://h/?sid=20240607123000555");
}

TEST(DedupeKeyTest, DropsSessionIdsFromThePath) {
  EXPECT_EQ(key("http://h/a;jsessionid=0A1B?x=1"), "http://h/a?x=1");
  EXPECT_EQ(key("http://h/a;JSESSIONID=0A1B.node1/b"), "http://h/a/b");
  EXPECT_EQ(key("http://h/a;v=1;jsessionid=2;w=3"), "http://h/a;v=1;w=3");
  EXPECT_EQ(key("http://h/(S(3gyz5u2lmpyo2x55))/a.aspx"), "http://h/a.aspx");
  EXPECT_EQ(key("http://h/(S(3gyz5u2lmpyo2x55));jsessionid=1/a"), "http://h/a");
}

TEST(DedupeKeyTest, KeepsOtherParametersAndParenthesesOfThePath) {
  EXPECT_EQ(key("http://h/a;v=1"), "http://h/a;v=1");
  EXPECT_EQ(key("http://h/a;;"), "http://h/a;;");
  EXPECT_EQ(key("http://h/Bar_(cafe)/b"), "http://h/Bar_(cafe)/b");
  EXPECT_EQ(key("http://h/a/(S(x))"), "http://h/a/(S(x))");
}

// Without its parameter the segment would lead to another path.
TEST(DedupeKeyTest, LeavesDotsWithASessionAlone) {
  EXPECT_EQ(key("http://h/a/..;jsessionid=1/b"), "http://h/a/..;jsessionid=1/b");
}

TEST(DedupeKeyTest, SortsParametersAndKeepsTheOrderOfRepeats) {
  EXPECT_EQ(key("http://h/?b=2&a=1"), "http://h/?a=1&b=2");
  EXPECT_EQ(key("http://h/?b=2&a=z&b=1&a=y"), "http://h/?a=z&a=y&b=2&b=1");
  EXPECT_EQ(key("http://h/?a-b=1&a=2"), "http://h/?a=2&a-b=1");
}

TEST(DedupeKeyTest, DropsEmptyParametersAndAnEmptyQuery) {
  EXPECT_EQ(key("http://h/?"), "http://h/");
  EXPECT_EQ(key("http://h/?&&"), "http://h/");
  EXPECT_EQ(key("http://h/?a=1&&b=2&"), "http://h/?a=1&b=2");
}

// RFC 3986 section 6.2.2.
TEST(DedupeKeyTest, EvensOutPercentEncoding) {
  EXPECT_EQ(key("http://h/%7ejoe/%41%2d%5f%2e?%62=%63"), "http://h/~joe/A-_.?b=c");
  EXPECT_EQ(key("http://h/%c3%bc%2f"), "http://h/%C3%BC%2F");
  EXPECT_EQ(key("http://h/ü"), key("http://h/%c3%bc"));
  EXPECT_EQ(key("http://h/%zz%4"), "http://h/%zz%4");
  EXPECT_EQ(key("http://h/%2541"), "http://h/%2541");
  EXPECT_EQ(key("http://h/%4%41%%41"), "http://h/%4%41%%41");
}

TEST(DedupeKeyTest, IsItsOwnKey) {
  std::uint32_t state = 7;
  const auto next = [&state](std::size_t bound) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % bound;
  };
  const std::vector<std::string> pieces = {"/",       "?",     "#",
                                           "&",       "=",     ";",
                                           "..",      "%2e",   "%25",
                                           "%3B",     "%26",   "%3f",
                                           "%4",      "%41",   "a",
                                           "(S(",     "))",    "b",
                                           "sid",     "utm_x", "jsessionid",
                                           "ü",       "+",     "(S(a1))",
                                           "gclid=1", ".",     "0123456789abcdef01234"};
  for (int round = 0; round < 20000; ++round) {
    std::string input = "http://h/";
    for (std::size_t i = 0, size = next(12); i < size; ++i) input += pieces[next(pieces.size())];
    const std::string once = key(input);
    ASSERT_EQ(key(once), once) << input;
  }
}

TEST(FingerprintTest, IsTheSameInEveryRun) {
  EXPECT_EQ(fingerprint("https://example.org/"), fingerprint("https://example.org/"));
  EXPECT_NE(fingerprint("https://example.org/"), fingerprint("https://example.org/a"));
  EXPECT_EQ(fingerprint(""), 0x2D06800538D394C2u);  // XXH3's value for no input
}

// Most URLs are their own keys, and no key is made for them.
TEST(KeyTest, FingerprintsLinksByTheirKey) {
  for (const char* href :
       {"http://a.test/", "http://a.test/b/c.html", "http://a.test/b?", "http://a.test/?a=1",
        "http://a.test/b?utm_source=x", "http://a.test/%62", "http://a.test/b;jsessionid=1",
        "http://a.test/(S(3gyz5u2lmpyo2x55))/b", "http://me@a.test/b", "http://a.test/b#c",
        "http://a.test/b?#c", "http://[::1]:8080/b", "http://a.test/b?z=1&a=2&&z=0"}) {
    const auto url = Url::parse(href);
    EXPECT_EQ(link_to(*url, LinkKind::kAnchor).fingerprint, fingerprint(dedupe_key(*url))) << href;
  }
}

}  // namespace
}  // namespace placer
