#include "scraper/frontier/url.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "tests/suite.h"

namespace placer {
namespace {

std::string href(std::string_view input) {
  const auto url = Url::parse(input);
  return url ? url->href() : "(none)";
}

std::string resolved(std::string_view input, std::string_view base) {
  const auto parsed = Url::parse(base);
  const auto url = Url::parse(input, parsed ? &*parsed : nullptr);
  return url ? url->href() : "(none)";
}

// Up to `most` octets, each drawn from `octets`.
std::string random_text(std::string_view octets, std::minstd_rand& random, std::size_t most) {
  std::string text;
  for (std::size_t size = random() % (most + 1); text.size() < size;) {
    text += octets[random() % octets.size()];
  }
  return text;
}

TEST(UrlTest, NamesItsParts) {
  const auto url = Url::parse("HTTPS://User:Pass@Example.ORG:8443/a/b?q=1#top");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->href(), "https://User:Pass@example.org:8443/a/b?q=1#top");
  EXPECT_EQ(url->scheme(), "https");
  EXPECT_EQ(url->userinfo(), "User:Pass");
  EXPECT_EQ(url->host(), "example.org");
  EXPECT_EQ(url->port(), "8443");
  EXPECT_EQ(url->authority(), "example.org:8443");
  EXPECT_EQ(url->path(), "/a/b");
  EXPECT_EQ(url->query(), "q=1");
  EXPECT_EQ(url->fragment(), "top");
  EXPECT_EQ(url->path_and_query(), "/a/b?q=1");
  EXPECT_EQ(url->origin(), "https://example.org:8443");
}

TEST(UrlTest, HasEmptyPartsWhereTheInputHasNone) {
  const auto url = Url::parse("http://example.org");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->href(), "http://example.org/");
  EXPECT_EQ(url->userinfo(), "");
  EXPECT_EQ(url->port(), "");
  EXPECT_EQ(url->authority(), "example.org");
  EXPECT_EQ(url->path(), "/");
  EXPECT_EQ(url->query(), "");
  EXPECT_EQ(url->fragment(), "");
  EXPECT_EQ(Url().path(), "");
  EXPECT_EQ(Url().userinfo(), "");
}

TEST(UrlTest, ParsesNothingButHttpAndHttps) {
  const auto base = Url::parse("http://example.org/");
  for (const char* input : {"ftp://example.org/", "mailto:a@example.org", "javascript:void(0)",
                            "data:,x", "tel:+49", "httpss://example.org/", "about:blank"}) {
    EXPECT_FALSE(Url::parse(input)) << input;
    EXPECT_FALSE(Url::parse(input, &*base)) << input;
  }
}

TEST(UrlTest, ResolvesReferencesAgainstTheBase) {
  const std::string base = "http://example.org/a/b/c?q=1#f";
  EXPECT_EQ(resolved("d", base), "http://example.org/a/b/d");
  EXPECT_EQ(resolved("/d", base), "http://example.org/d");
  EXPECT_EQ(resolved("//other.org/d", base), "http://other.org/d");
  EXPECT_EQ(resolved("\\\\other.org\\d", base), "http://other.org/d");
  EXPECT_EQ(resolved("?x", base), "http://example.org/a/b/c?x");
  EXPECT_EQ(resolved("#x", base), "http://example.org/a/b/c?q=1#x");
  EXPECT_EQ(resolved("", base), "http://example.org/a/b/c?q=1");
  EXPECT_EQ(resolved("../d", base), "http://example.org/a/d");
  EXPECT_EQ(resolved("../../../../d", base), "http://example.org/d");
  EXPECT_EQ(resolved("..", base), "http://example.org/a/");
  EXPECT_EQ(resolved("./", base), "http://example.org/a/b/");
  EXPECT_EQ(resolved("http:d", base), "http://example.org/a/b/d");
  EXPECT_EQ(resolved("https:d", base), "https://d/");
  EXPECT_FALSE(Url::parse("d"));
}

TEST(UrlTest, TakesUserinfoAndPortFromTheBase) {
  EXPECT_EQ(resolved("d?e", "http://u:p@example.org:81/a"), "http://u:p@example.org:81/d?e");
}

// Section 4.4: leading and trailing C0 controls and spaces, tabs and newlines anywhere.
TEST(UrlTest, PassesOverWhitespaceThatPagesPutIntoLinks) {
  EXPECT_EQ(href(" \n http://exa\tmple.org/a\r\nb \x01"), "http://example.org/ab");
  EXPECT_EQ(href("ht\ntp://example.org/"), "http://example.org/");
}

TEST(UrlTest, RemovesDotSegmentsHoweverTheyAreEncoded) {
  EXPECT_EQ(href("http://h/a/./b/../c"), "http://h/a/c");
  EXPECT_EQ(href("http://h/a/%2E/b/.%2e/c"), "http://h/a/c");
  EXPECT_EQ(href("http://h/a/%2e%2E"), "http://h/");
  EXPECT_EQ(href("http://h/.../..a/%2e%2ex"), "http://h/.../..a/%2e%2ex");
}

TEST(UrlTest, EncodesWhatAPartCannotHold) {
  EXPECT_EQ(href("http://h/a b<\"{^`"), "http://h/a%20b%3C%22%7B%5E%60");
  EXPECT_EQ(href("http://h/?a b'\"<{`"), "http://h/?a%20b%27%22%3C{`");
  EXPECT_EQ(href("http://h/#a b'<`"), "http://h/#a%20b'%3C%60");
  EXPECT_EQ(href("http://h/ü?ü#ü"), "http://h/%C3%BC?%C3%BC#%C3%BC");
  EXPECT_EQ(href("http://h/%zz%c3%2F"), "http://h/%zz%c3%2F");
}

TEST(UrlTest, ReadsIllFormedUtf8AsReplacementCharacters) {
  EXPECT_EQ(href("http://h/\xFFx\xC3"), "http://h/%EF%BF%BDx%EF%BF%BD");
  EXPECT_EQ(href("http://\xFF.org/"), "(none)");
}

TEST(UrlTest, LeavesOutTheDefaultPort) {
  EXPECT_EQ(href("http://h:80/"), "http://h/");
  EXPECT_EQ(href("https://h:443/"), "https://h/");
  EXPECT_EQ(href("https://h:80/"), "https://h:80/");
  EXPECT_EQ(href("http://h:/"), "http://h/");
  EXPECT_EQ(href("http://h:00081/"), "http://h:81/");
  EXPECT_EQ(href("http://h:65535/"), "http://h:65535/");
  EXPECT_EQ(href("http://h:65536/"), "(none)");
  EXPECT_EQ(href("http://h:8a/"), "(none)");
}

// Section 3.5, by way of UTS 46, nontransitional.
TEST(UrlTest, PutsInternationalNamesIntoAscii) {
  EXPECT_EQ(href("http://BÜCHER.example/"), "http://xn--bcher-kva.example/");
  EXPECT_EQ(href("http://b%C3%BCcher.example/"), "http://xn--bcher-kva.example/");
  EXPECT_EQ(href("http://faß.de/"), "http://xn--fa-hia.de/");
  EXPECT_EQ(href("http://日本語。ＪＰ/"), "http://xn--wgv71a119e.jp/");
  EXPECT_EQ(href("http://a\u200Bb.org/"), "http://ab.org/");          // mapped to nothing
  EXPECT_EQ(href("http://a\u06271.org/"), "(none)");                  // a bidi rule
  EXPECT_EQ(href("http://ü.xn--pokxncvks/"), "(none)");               // an invalid label
  EXPECT_EQ(href("http://XN--pokxncvks/"), "http://xn--pokxncvks/");  // ASCII: as it is
  EXPECT_EQ(href("http://_dmarc.-a-.a--b..org./"), "http://_dmarc.-a-.a--b..org./");
}

TEST(UrlTest, RefusesAnInternationalNameThatTakesQuadraticTime) {
  std::string name;
  for (int i = 0; i < 2000; ++i) name += "ü";
  EXPECT_EQ(href("http://" + name + "/"), "(none)");
}

TEST(UrlTest, NormalizesIpv4Forms) {
  for (const char* host : {"127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7F000001",
                           "127.0.0.1.", "１２７.０.０.１", "%31%32%37.1"}) {
    EXPECT_EQ(href(std::string("http://") + host + "/"), "http://127.0.0.1/") << host;
  }
  for (const char* host : {"256.0.0.1", "1.2.3.4.5", "1.2.3.08", "4294967296", "a.1", "1.2.3.256",
                           "0x1ffffffff", "1..2", "a.0x"}) {
    EXPECT_EQ(href(std::string("http://") + host + "/"), "(none)") << host;
  }
  EXPECT_EQ(href("http://0x/"), "http://0.0.0.0/");
  EXPECT_EQ(href("http://1.2.3.4a/"), "http://1.2.3.4a/");
  EXPECT_EQ(href("http://1.2.3.0xg/"), "http://1.2.3.0xg/");
}

TEST(UrlTest, NormalizesIpv6) {
  EXPECT_EQ(href("http://[0:0:0:0:0:0:0:1]/"), "http://[::1]/");
  EXPECT_EQ(href("http://[2001:DB8:0:0:1:0:0:1]:81/"), "http://[2001:db8::1:0:0:1]:81/");
  EXPECT_EQ(href("http://[1:0:2:3:4:5:6:7]/"), "http://[1:0:2:3:4:5:6:7]/");
  EXPECT_EQ(href("http://[1:2:3:4:5:6:7::]/"), "http://[1:2:3:4:5:6:7:0]/");
  EXPECT_EQ(href("http://[1:2:3:4:5:6::]/"), "http://[1:2:3:4:5:6::]/");
  EXPECT_EQ(href("http://[::ffff:1.2.3.4]/"), "http://[::ffff:102:304]/");
  EXPECT_EQ(href("http://[::]/"), "http://[::]/");
  for (const char* host : {"[1:2:3:4:5:6:7::8]", "[1:2:3:4:5:6:7]", "[1::2::3]", "[:1:2]", "[1:]",
                           "[12345::]", "[g::]", "[::1.2.3]", "[::01.2.3.4]", "[::1.2.3.256]",
                           "[1:2:3:4:5:6:7:1.2.3.4]", "[::1%25eth0]", "[::1", "[::1]x", "[]"}) {
    EXPECT_EQ(href(std::string("http://") + host + "/"), "(none)") << host;
  }
}

TEST(UrlTest, RefusesHostsThatAreNone) {
  for (const char* input : {"http://", "http:///", "http://?q", "http://@/", "http://u@/x",
                            "http://:80/", "http://a b/", "http://a%00b/", "http://a%2Fb/",
                            "http://a<b/", "http://a|b/", "http://%25/", "http://\u00AD/"}) {
    EXPECT_FALSE(Url::parse(input)) << input;
  }
}

TEST(UrlTest, KeepsUserinfoUpToTheLastAtSign) {
  EXPECT_EQ(href("http://a@b:c@d@h/"), "http://a%40b:c%40d@h/");
  EXPECT_EQ(href("http://:p@h/"), "http://:p@h/");
  EXPECT_EQ(href("http://u:@h/"), "http://u@h/");
  EXPECT_EQ(href("http://:@h/"), "http://h/");
}

TEST(UrlTest, DropsFragmentAndUserinfoForTheWire) {
  const auto url = Url::parse("https://u:p@h:81/a?q#f");
  ASSERT_TRUE(url);
  const Url bare = url->without_fragment_and_userinfo();
  EXPECT_EQ(bare.href(), "https://h:81/a?q");
  EXPECT_EQ(bare.userinfo(), "");
  EXPECT_EQ(bare.host(), "h");
  EXPECT_EQ(bare.port(), "81");
  EXPECT_EQ(bare.path(), "/a");
  EXPECT_EQ(bare.query(), "q");
  EXPECT_EQ(bare.fragment(), "");
  EXPECT_EQ(bare, *Url::parse("https://h:81/a?q"));
}

TEST(UrlTest, RefusesInputsOverTheLimit) {
  const std::string prefix = "http://h/";
  EXPECT_TRUE(Url::parse(prefix + std::string(Url::kMaxInput - prefix.size(), 'a')));
  EXPECT_FALSE(Url::parse(prefix + std::string(Url::kMaxInput - prefix.size() + 1, 'a')));
}

// What the parser writes, it reads back unchanged, with the same parts.
TEST(UrlTest, ReadsItsOwnOutputBack) {
  std::uint32_t state = 20240607;
  const auto next = [&state](std::size_t bound) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % bound;
  };
  const std::vector<std::string> pieces = {
      "http:", "https:", "/",  "\\", "?",  "#",    "@", ":",    "[", "]",     "::1", ".",     "..",
      "%2e",   "%",      "%4", "a",  "B",  "xn--", "ü", "\xF0", " ", "\t",    "0x",  "8",     "80",
      ";",     "&",      "=",  "'",  "\"", "{",    "|", "^",    "~", "h.org", "%41", "\u3002"};
  const auto base = Url::parse("https://u@base.org:8/x/y?z#w");
  int parsed = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string input = next(2) == 0 ? "http://h" : "";
    for (std::size_t i = 0, size = next(10); i < size; ++i) input += pieces[next(pieces.size())];
    const auto url = Url::parse(input, &*base);
    if (!url) continue;
    ++parsed;
    const auto again = Url::parse(url->href());
    ASSERT_TRUE(again) << input << " -> " << url->href();
    ASSERT_EQ(again->href(), url->href()) << input;
    ASSERT_EQ(again->authority(), url->authority()) << input;
    ASSERT_EQ(again->path(), url->path()) << input;
    ASSERT_EQ(again->query(), url->query()) << input;
    ASSERT_EQ(again->fragment(), url->fragment()) << input;
    ASSERT_EQ(again->userinfo(), url->userinfo()) << input;
  }
  EXPECT_GT(parsed, 5000);
}

// What makes a quick way possible may not change the result: here the '"' behind the path, which
// is encoded, forces the long way.
TEST(UrlTest, ReadsPathsTheSameWayWhetherOrNotSomethingIsEncoded) {
  std::minstd_rand random(7);
  const auto base = Url::parse("http://a.test/d/e?q");
  for (int i = 0; i < 20'000; ++i) {
    const std::string path =
        (i % 2 == 0 ? "/p" : "p") + random_text("/..%2eEa~;:@[|\\\xC3\xA4\t", random, 12) + "/x";
    const auto plain = Url::parse(path, &*base);
    const auto encoded = Url::parse(path + "/\"", &*base);
    ASSERT_EQ(plain.has_value(), encoded.has_value()) << path;
    if (plain) {
      ASSERT_EQ(plain->href() + "/%22", encoded->href()) << path;
    }
  }
}

TEST(UrlTest, ReadsAbsoluteUrlsTheSameWayOnTheirOwnSiteAndElsewhere) {
  std::minstd_rand random(8);
  const auto own = Url::parse("http://a.test:81/d/e?q");
  const auto users = Url::parse("http://me:secret@a.test:81/d");
  const auto other = Url::parse("http://b.test/d/e?q");
  for (int i = 0; i < 20'000; ++i) {
    const std::string url = "http://a.test:81" + random_text("/\\?#.1@:a ", random, 8);
    const auto expected = Url::parse(url);
    for (const auto* base : {&*own, &*users, &*other}) {
      const auto found = Url::parse(url, base);
      ASSERT_EQ(found.has_value(), expected.has_value()) << url;
      if (!found) continue;
      ASSERT_EQ(found->href(), expected->href()) << base->href();
      ASSERT_EQ(found->host(), expected->host()) << url;
      ASSERT_EQ(found->path(), expected->path()) << url;
      ASSERT_EQ(found->query(), expected->query()) << url;
    }
  }
}

TEST(UrlSuiteTest, AgreesWithWebPlatformTests) {
  const auto file = suite_path("url/http_https.ndjson");
  SKIP_WITHOUT(file);
  Tally accepted("url href");
  Tally refused("url rejected");
  for (const auto& test : read_ndjson(file)) {
    std::optional<Url> base;
    if (test["base"].is_string()) base = Url::parse(test["base"].get<std::string>());
    const auto url = Url::parse(test["input"].get<std::string>(), base ? &*base : nullptr);
    if (test["href"].is_null()) {
      refused.count(!url, test["id"].dump());
    } else {
      accepted.count(url && url->href() == test["href"].get<std::string>(), test["id"].dump());
    }
  }
  EXPECT_EQ(accepted.failures(), "");
  EXPECT_EQ(refused.failures(), "");
  EXPECT_GT(accepted.total(), 200U);
  EXPECT_GT(refused.total(), 150U);
}

}  // namespace
}  // namespace placer
