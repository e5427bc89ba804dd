#include "scraper/frontier/robots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace placer {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

bool allowed(std::string_view body, std::string_view path, std::string_view agent = "placer") {
  return Robots::parse(body, agent).check(path).allowed;
}

int deciding_line(std::string_view body, std::string_view path) {
  return Robots::parse(body, "placer").check(path).line;
}

std::optional<milliseconds> delay(std::string_view value) {
  const std::string body = "User-agent: *\nCrawl-delay: " + std::string(value);
  return Robots::parse(body, "placer").crawl_delay();
}

TEST(RobotsTest, AllowsEverythingWithoutRules) {
  EXPECT_TRUE(Robots().check("/a").allowed);
  EXPECT_TRUE(allowed("", "/a"));
  EXPECT_TRUE(allowed("<html><body>Not found</body></html>", "/a"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow:\n", "/a"));
  EXPECT_TRUE(allowed("Disallow: /\n", "/a"));  // in no group
}

// Section 2.2.1.
TEST(RobotsTest, ComparesProductTokensWithoutCase) {
  EXPECT_EQ(product_token("placer/0.1 (+https://example.org/)"), "placer");
  EXPECT_EQ(product_token("Place-R_x y"), "Place-R_x");
  EXPECT_EQ(product_token("/1"), "");
  EXPECT_FALSE(allowed("User-agent: PLACER/9\nDisallow: /", "/a"));
  EXPECT_TRUE(allowed("User-agent: placers\nDisallow: /", "/a"));
  EXPECT_TRUE(allowed("User-agent: place\nDisallow: /", "/a"));
  EXPECT_FALSE(allowed("User-agent: bot1\nDisallow: /", "/a", "bot1"));
  EXPECT_TRUE(allowed("User-agent: bot2\nDisallow: /", "/a", "bot1"));
}

// Section 2.2.1: groups of one agent are merged; "*" counts only when none names the agent.
TEST(RobotsTest, MergesTheGroupsOfAnAgent) {
  const char* body =
      "User-agent: placer\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\n"
      "User-agent: other\nUser-agent: placer\nDisallow: /c\n";
  EXPECT_FALSE(allowed(body, "/a"));
  EXPECT_TRUE(allowed(body, "/b"));
  EXPECT_FALSE(allowed(body, "/c"));
  EXPECT_FALSE(allowed(body, "/b", "third"));
  EXPECT_TRUE(allowed(body, "/a", "third"));
}

TEST(RobotsTest, PrefersAnEmptyGroupOfItsOwnToEveryones) {
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /\nUser-agent: placer\nDisallow:\n", "/a"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /\nUser-agent: placer\n", "/a"));
}

// Section 2.2.4: other records do not end a group.
TEST(RobotsTest, KeepsAGroupTogetherAcrossOtherLines) {
  const char* body =
      "User-agent: placer\nCrawl-delay: 2\nSitemap: http://h/s\nNoindex: /x\n"
      "User-agent: other\nDisallow: /a\n";
  EXPECT_FALSE(allowed(body, "/a"));
  EXPECT_EQ(Robots::parse(body, "placer").crawl_delay(), seconds(2));
  EXPECT_EQ(Robots::parse(body, "other").crawl_delay(), std::nullopt);
}

TEST(RobotsTest, ReadsARequestRateAsTheDelayOfAPage) {
  const auto delay = [](const std::string& lines) {
    return Robots::parse("User-agent: *\n" + lines, "placer").crawl_delay();
  };
  using std::chrono::milliseconds;
  EXPECT_EQ(delay("Request-rate: 1/5"), seconds(5));
  EXPECT_EQ(delay("request-rate: 3/10s"), milliseconds(3334));
  EXPECT_EQ(delay("Request-rate: 1/2m 0600-0845"), seconds(120));
  EXPECT_EQ(delay("Request-rate: 4000000000/4000000000h"), seconds(3600));
  EXPECT_EQ(delay("Request-rate: 1/4000000000h"), std::chrono::hours(24));
  EXPECT_EQ(delay("Request-rate: 1/5\nCrawl-delay: 2"), seconds(5)) << "the longer one";
  for (const char* odd : {"", "/", "1/", "1", "0/5", "x/y", "-1/5", "99999999999/1", "1 / 5"}) {
    EXPECT_EQ(delay(std::string("Request-rate: ") + odd), std::nullopt) << odd;
  }
}

// Section 2.2.2: the most octets decide, and Allow when equal.
TEST(RobotsTest, LetsTheLongestMatchDecide) {
  const char* body =
      "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /d\nDisallow: /d\n";
  EXPECT_TRUE(allowed(body, "/"));
  EXPECT_FALSE(allowed(body, "/a/x"));
  EXPECT_TRUE(allowed(body, "/a/b/x"));
  EXPECT_FALSE(allowed(body, "/a/b/c"));
  EXPECT_TRUE(allowed(body, "/d"));
}

TEST(RobotsTest, NamesTheLineThatDecided) {
  const char* body = "# hello\r\nUser-agent: *\r\rDisallow: /a\nAllow: /a/b\nDisallow: /a\n";
  EXPECT_EQ(deciding_line(body, "/a"), 4);
  EXPECT_EQ(deciding_line(body, "/a/b"), 5);
  EXPECT_EQ(deciding_line(body, "/c"), 0);
}

// Section 2.2.3.
TEST(RobotsTest, MatchesWildcardsAndTheEndOfThePath) {
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /*.php$", "/a/b.php"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /*.php$", "/a/b.php?x"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /*.php$", "/a.php/b.php"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a**b*c", "/axbyyc/d"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /a*b*c", "/acb"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: *private", "/x/private"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /$", "/"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /$", "/a"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a*$", "/abc"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /ab*bc$", "/abc"));  // the 'b' counts once
}

// Section 2.2.3: "%2A" and "%24" are the characters themselves.
TEST(RobotsTest, TakesEncodedSpecialCharactersLiterally) {
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a-%2a.html", "/a-*.html"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a-%2A.html", "/a-%2A.html"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /a-%2A.html", "/a-b.html"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a-%24", "/a-$b"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a$b", "/a$b"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a*b", "/a*b"));
}

// Section 2.2.2.
TEST(RobotsTest, EvensOutPercentEncodingOnBothSides) {
  for (const char* pattern : {"/~joe", "/%7Ejoe", "/%7ejoe"}) {
    for (const char* path : {"/~joe/", "/%7Ejoe/", "/%7ejoe/"}) {
      const std::string forbidding = std::string("User-agent: *\nDisallow: ") + pattern;
      const std::string permitting = std::string("User-agent: *\nDisallow: /\nAllow: ") + pattern;
      EXPECT_FALSE(allowed(forbidding, path)) << pattern << path;
      EXPECT_TRUE(allowed(permitting, path)) << pattern << path;
    }
  }
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /caf\u00E9", "/caf%c3%a9"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /%62%61%7A", "/baz"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /baz", "/%62%61%7A"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a b{c}", "/a%20b%7Bc%7D"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /a%2Fb", "/a/b"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a%2fb", "/a%2Fb"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /a%3", "/a%3"));
}

TEST(RobotsTest, PermitsEncodedLettersOnlyAsTheyAreWritten) {
  const char* body = "User-agent: *\nDisallow: /\nAllow: /%62%61%7a";
  EXPECT_TRUE(allowed(body, "/%62%61%7A"));
  EXPECT_FALSE(allowed(body, "/baz"));
}

TEST(RobotsTest, AlwaysAllowsRobotsTxtItself) {
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /", "/robots.txt"));
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /", "/robots.txt?x"));
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /", "/robots.txt2"));
}

TEST(RobotsTest, ReadsTheUsualMisspellings) {
  for (const char* name :
       {"disalow", "Dissallow", "dissalow", "diasllow", "disallaw", "DISALLOW "}) {
    EXPECT_FALSE(allowed("useragent: *\n" + std::string(name) + ": /", "/a")) << name;
  }
  EXPECT_FALSE(allowed("user agent: *\n  disallow  /  # all\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: *\ndisallow / or not\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: *\ndesallow: /\n", "/a"));
}

TEST(RobotsTest, LeavesOutTheLineThatTheSizeLimitCuts) {
  std::string body = "User-agent: *\nDisallow: /a\n";
  body.append(500 * 1024 - body.size() - 11, '#');
  body += "\nDisallow: /b\nDisallow: /c\n";
  EXPECT_FALSE(allowed(body, "/a"));
  EXPECT_TRUE(allowed(body, "/b"));
  EXPECT_TRUE(allowed(body, "/"));
}

TEST(RobotsTest, ReadsCrawlDelaysInSeconds) {
  EXPECT_EQ(delay("5"), seconds(5));
  EXPECT_EQ(delay("0.25"), milliseconds(250));
  EXPECT_EQ(delay(".5"), milliseconds(500));
  EXPECT_EQ(delay("0"), milliseconds(0));
  EXPECT_EQ(delay("2 # slowly"), seconds(2));
  EXPECT_EQ(delay("1.23456789"), milliseconds(1234));
  EXPECT_EQ(delay("99999999999999999999999.9"), hours(24));
  EXPECT_EQ(delay("-1"), std::nullopt);
  EXPECT_EQ(delay("soon"), std::nullopt);
  EXPECT_EQ(delay(""), std::nullopt);
}

TEST(RobotsTest, TakesTheLongestDelayOfItsOwnGroups) {
  const char* body =
      "User-agent: *\nCrawl-delay: 60\nUser-agent: placer\nCrawl-delay: 3\n"
      "Disallow: /x\nUser-agent: placer\nCrawl-delay: 2\n";
  EXPECT_EQ(Robots::parse(body, "placer").crawl_delay(), seconds(3));
  EXPECT_EQ(Robots::parse(body, "other").crawl_delay(), seconds(60));
}

TEST(RobotsTest, ListsTheSitemapsOfAllGroupsOnce) {
  const char* body =
      "Sitemap: http://h/1.xml\nUser-agent: other\nsite-map: http://h/2.xml # old\n"
      "Disallow: /\nSITEMAP: http://h/1.xml\nSitemap:\n";
  EXPECT_THAT(Robots::parse(body, "placer").sitemaps(),
              ElementsAre("http://h/1.xml", "http://h/2.xml"));
}

// A pattern made to send a backtracking matcher into exponential time. Here it is one pass.
TEST(RobotsTest, MatchesHostilePatternsInLinearTime) {
  std::string pattern = "/";
  for (int i = 0; i < 4000; ++i) pattern += "*a";
  const Robots robots = Robots::parse("User-agent: *\nDisallow: " + pattern + "b$\n", "placer");
  const std::string path = "/" + std::string(1'000'000, 'a');
  EXPECT_TRUE(robots.check(path).allowed);
  EXPECT_FALSE(robots.check(path + "b").allowed);
}

TEST(RobotsTest, TakesAnyOctetsWithoutFailing) {
  std::uint32_t state = 99;
  const auto next = [&state] {
    state = state * 1664525 + 1013904223;
    return state >> 16;
  };
  const std::string_view octets = "user-agent: *\n\r#$%/aDisallow:A\xFF\xEF\xBB\xBF ";
  for (int round = 0; round < 3000; ++round) {
    std::string body = "User-agent: *\nDisallow: ";
    for (std::uint32_t i = 0, size = next() % 60; i < size; ++i) {
      body += next() % 20 == 0 ? static_cast<char>(next()) : octets[next() % octets.size()];
    }
    const Robots robots = Robots::parse(body.substr(next() % 24), "placer");
    for (const std::string path : {"", "/", "/%", "/a%4", "/\xFF"}) {
      EXPECT_GE(robots.check(path).line, 0);
    }
  }
}

}  // namespace
}  // namespace placer
