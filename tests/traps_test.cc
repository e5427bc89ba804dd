// What patterns of URLs yield: traps close, and no ordinary site does.
#include "scraper/frontier/traps.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <functional>
#include <iostream>
#include <random>
#include <string>

namespace placer {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_days kToday = std::chrono::sys_days(2026y / 11 / 21);

// A host as the frontier meets it.
class Host {
 public:
  bool refuses(const std::string& url) const { return patterns.refuses(url, kToday).has_value(); }

  // Of `count` URLs, those that are refused; the others are fetched.
  int refused(int count, const std::function<std::string(int)>& url,
              const std::function<PageYield(int)>& yield) {
    int refused = 0;
    for (int i = 0; i < count; ++i) {
      if (refuses(url(i))) {
        ++refused;
      } else {
        patterns.fetched(url(i), yield(i));
      }
    }
    return refused;
  }

  HostPatterns patterns;
};

std::uint64_t random_of(std::uint64_t seed) { return std::mt19937_64(seed)(); }

PageYield place(int number) {
  PageYield yield;
  yield.body = 0x1234;  // the template is all there is to read
  yield.places = {random_of(static_cast<std::uint64_t>(number))};
  return yield;
}
PageYield text(int number) {
  PageYield yield;
  yield.body = random_of(1'000'000 + static_cast<std::uint64_t>(number));
  return yield;
}
PageYield same(int /*number*/) {
  PageYield yield;
  yield.body = 0x1234;
  return yield;
}

std::string slug(int number) {
  std::string slug;
  for (std::uint64_t n = random_of(static_cast<std::uint64_t>(number)) >> 20; n > 0; n /= 26) {
    slug += static_cast<char>('a' + n % 26);
  }
  return slug;
}
std::string number(int n) { return std::to_string(n); }

TEST(HostPatternsTest, FetchesEachOfAHundredThousandStores) {
  const std::vector<std::function<std::string(int)>> names = {
      [](int i) { return "/store/" + number(i); },
      [](int i) { return "/stores/" + slug(i) + ".html"; },
      [](int i) { return "/in/" + slug(i % 300) + "/" + slug(i) + "/"; },
      [](int i) { return "/" + slug(i) + "/contact/index.html"; },
      [](int i) { return "/detail?id=" + number(i) + "&lang=de"; },
      [](int i) {
        return "/de/de/" + slug(i % 16) + "/" + slug(i % 777 + 1000) + "/" + slug(i + 10'000);
      },
  };
  for (const auto& name : names) {
    Host host;
    EXPECT_EQ(host.refused(100'000 / 5, name, place), 0) << name(17);
  }
}

// Branches that have closed, moved, or are on record elsewhere.
TEST(HostPatternsTest, LivesWithManyMissingStores) {
  Host host;
  const auto mixed = [](int i) {
    PageYield yield = same(i);
    if (i % 3 == 0) yield.kind = PageYield::Kind::kMissing;
    return i % 3 == 1 ? place(i) : yield;
  };
  EXPECT_EQ(host.refused(
                20'000, [](int i) { return "/store/" + number(i); }, mixed),
            0);
}

TEST(HostPatternsTest, FetchesListsBeforeAnyOfTheirStoresIsKnown) {
  Host pages;
  Host towns;
  const auto leading = [](HostPatterns& patterns) {
    return [&patterns](int i) {
      PageYield yield = text(i);
      for (int k = 0; k < 20; ++k) {
        yield.leads.add(patterns.queued("/store/" + slug(20 * i + k)));
      }
      return yield;
    };
  };
  const auto page = [](int i) { return "/stores?page=" + number(i); };
  EXPECT_EQ(pages.refused(5000, page, leading(pages.patterns)), 0);
  // Each of a hundred towns with each of fifty trades.
  const auto list = [](int i) { return "/" + slug(i / 50) + "/" + slug(1000 + i % 50); };
  EXPECT_EQ(towns.refused(5000, list, leading(towns.patterns)), 0);
}

TEST(HostPatternsTest, FetchesABlogOfTwentyYears) {
  Host host;
  const auto day = [](int i) {
    const auto date = std::chrono::year_month_day(kToday - std::chrono::days(7300 - i));
    const auto two = [](unsigned n) { return (n < 10 ? "/0" : "/") + std::to_string(n); };
    return "/" + number(static_cast<int>(date.year())) + two(static_cast<unsigned>(date.month())) +
           two(static_cast<unsigned>(date.day()));
  };
  const auto post = [&](int i) { return day(i) + "/" + slug(i); };
  int refused = 0;
  for (int i = 0; i < 7300; ++i) {
    const auto leading = [&](int) {
      PageYield yield = text(3 * i);
      yield.leads.add(host.patterns.queued(post(i)));
      return yield;
    };
    const std::string month = day(i).substr(0, 8);
    if (day(i).ends_with("01"))
      refused += host.refused(
          1, [&](int) { return month; }, leading);
    refused += host.refused(
        1, [&](int) { return day(i); }, leading);
    PageYield yield = text(3 * i + 1);
    yield.places = {42};  // in the footer of each page
    refused += host.refused(
        1, [&](int) { return post(i); }, [&](int) { return yield; });
  }
  EXPECT_EQ(refused, 0);
}

TEST(HostPatternsTest, FetchesAForum) {
  Host host;
  const auto topic = [](int i) {
    return "/viewtopic.php?f=" + number(i % 20) + "&t=" + number(1000 + i);
  };
  EXPECT_EQ(host.refused(20'000, topic, text), 0);
}

TEST(HostPatternsTest, FetchesAFacetedShopWhoseChoicesStatePlaces) {
  Host host;
  const auto choice = [](int i) {
    return "/find?town=" + number(i % 40) + "&kind=" + number(i / 40 % 10) +
           "&open=" + number(i / 400);
  };
  EXPECT_EQ(host.refused(2000, choice, place), 0);
}

TEST(HostPatternsTest, FetchesDeepDirectories) {
  Host host;
  const auto path = [](int i) {
    std::string url;
    for (int level = 0; level < 12; ++level) url += "/" + slug(5000 * level + (i >> (11 - level)));
    return url;
  };
  EXPECT_EQ(host.refused(4096, path, place), 0);
}

TEST(HostPatternsTest, ClosesAPatternOfEqualPages) {
  Host host;
  const auto node = [](int i) { return "/node/" + number(i); };
  EXPECT_EQ(host.refused(1000, node, same), 1000 - 17);
  EXPECT_EQ(host.patterns.refuses("/node/5000", kToday), TrapReason::kBarrenPattern);
  EXPECT_FALSE(host.refuses("/node/list"));
  EXPECT_FALSE(host.refuses("/nodes/5000"));
}

TEST(HostPatternsTest, ClosesAPatternOfMissingPages) {
  Host host;
  const auto missing = [](int) {
    PageYield yield;
    yield.kind = PageYield::Kind::kMissing;
    return yield;
  };
  EXPECT_EQ(host.refused(
                1000, [](int i) { return "/old/" + number(i); }, missing),
            1000 - 16);
}

// Each page reads differently, but each URL is made of what others had.
TEST(HostPatternsTest, ClosesCombinationsThatLeadNowhere) {
  Host host;
  const auto choice = [](int i) {
    return "/shop?color=" + number(i % 7) + "&size=" + number(i / 7 % 7) +
           "&brand=" + number(i / 49 % 7);
  };
  EXPECT_GT(host.refused(343, choice, text), 300);
}

TEST(HostPatternsTest, StaysOpenWhereAFewPagesLeadToPlaces) {
  Host host;
  for (int i = 0; i < 20; ++i) host.patterns.fetched("/store/" + number(i), place(i));
  const auto leading = [&](int i) {
    PageYield yield = same(i);
    if (i % 3 == 0) yield.leads.add(host.patterns.queued("/store/" + number(1000 + i)));
    return yield;
  };
  EXPECT_EQ(host.refused(
                5000, [](int i) { return "/list?p=" + number(i); }, leading),
            0);
}

TEST(HostPatternsTest, GivesAClosedPatternASecondChanceInTheNextPass) {
  Host host;
  const auto node = [](int i) { return "/node/" + number(i); };
  host.refused(100, node, same);
  host.patterns.begin_pass();
  EXPECT_LE(100 - host.refused(100, node, same), 6);
  host.patterns.begin_pass();
  EXPECT_EQ(host.refused(100, node, place), 0);
}

TEST(HostPatternsTest, FetchesTheSameSiteAgainInTheNextPass) {
  Host host;
  const auto store = [](int i) { return "/store/" + number(i); };
  for (int pass = 0; pass < 5; ++pass) {
    EXPECT_EQ(host.refused(200, store, place), 0) << pass;
    host.patterns.begin_pass();
  }
}

TEST(HostPatternsTest, TakesAProvenPatternAtItsWordAboutDates) {
  Host host;
  EXPECT_EQ(host.patterns.refuses("/shop/2040/11", kToday), TrapReason::kDistantDate);
  for (int i = 0; i < 20; ++i) {
    host.patterns.fetched("/shop/" + number(1000 + i) + "/" + number(10 + i), place(i));
  }
  EXPECT_FALSE(host.refuses("/shop/2040/11"));
}

TEST(HostPatternsTest, LearnsSessionIds) {
  for (const bool in_path : {false, true}) {
    Host host;
    const auto url = [&](const std::string& page, int id) {
      std::string hex(16, '\0');
      for (char& c : hex)
        c = "0123456789abcdef"[random_of(static_cast<std::uint64_t>(id * 16 + (&c - hex.data()))) %
                               16];
      return in_path ? "/v/" + hex + page : page + "?visit=" + hex;
    };
    const auto fetch = [&](int from, int to) {
      for (int i = from; i < to; ++i) {
        host.patterns.fetched(url("/page" + slug(i % 4), i), text(i % 4));
      }
    };
    fetch(0, 6);
    EXPECT_EQ(host.patterns.without_sessions(url("/a", 99)), std::nullopt);
    fetch(6, 8);
    EXPECT_EQ(host.patterns.without_sessions(url("/a", 99)), in_path ? "/v/a" : "/a");
    EXPECT_EQ(host.patterns.without_sessions("/other?visit=yes"), std::nullopt);
  }
}

TEST(HostPatternsTest, TakesNoIdentifierOfAPageForASession) {
  Host host;
  const auto id = [](int i) { return number(1'000'000 + 7 * i); };
  host.refused(
      300, [&](int i) { return "/p?id=" + id(i); }, place);
  // Not there, with the same words whatever was asked for.
  for (const char* script : {"/a", "/b", "/c", "/d", "/e"}) {
    host.refused(
        20, [&](int i) { return script + ("?key=" + id(i)); }, same);
  }
  EXPECT_EQ(host.patterns.without_sessions("/p?id=1234567"), std::nullopt);
  EXPECT_EQ(host.patterns.without_sessions("/a?key=1234567"), std::nullopt);
}

// Whatever a host sends.
std::string any_url(std::mt19937& random) {
  std::string url = "/";
  for (auto i = random() % 80; i > 0; --i) url += "/?&=ab0%-."[random() % 10];
  return url;
}

TEST(HostPatternsTest, SurvivesTheStore) {
  std::mt19937 random(5);
  Host host;
  EXPECT_EQ(host.patterns.encode(), "");
  for (int i = 0; i < 3000; ++i) {
    host.patterns.fetched(any_url(random), random() % 2 == 0 ? place(i) : same(i));
    if (i % 100 != 0) continue;
    const std::string octets = host.patterns.encode();
    ASSERT_LE(octets.size(), 2600U);
    const HostPatterns again = HostPatterns::decode(octets);
    ASSERT_EQ(again.encode(), octets);
    for (int k = 0; k < 50; ++k) {
      const std::string url = any_url(random);
      ASSERT_EQ(again.refuses(url, kToday), host.patterns.refuses(url, kToday)) << url;
      ASSERT_EQ(again.without_sessions(url), host.patterns.without_sessions(url)) << url;
    }
  }
}

TEST(HostPatternsTest, ReadsGarbageAsNothingKnown) {
  std::mt19937 random(6);
  Host host;
  host.refused(
      200, [](int i) { return "/a/" + slug(i) + "?x=" + number(i); }, place);
  const std::string octets = host.patterns.encode();
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_EQ(HostPatterns::decode(octets.substr(0, size)).encode(), "") << size;
  }
  for (int i = 0; i < 5000; ++i) {
    std::string bad = octets;
    for (int k = 0; k < 5; ++k) bad[random() % bad.size()] = static_cast<char>(random());
    HostPatterns read = HostPatterns::decode(bad);
    for (int k = 0; k < 5; ++k) {
      const std::string url = any_url(random);
      read.refuses(url, kToday);
      read.fetched(url, text(i));
    }
    ASSERT_LE(read.encode().size(), 2600U);
  }
}

TEST(YieldTest, SaysNothingOfFaultsThatPass) {
  Outcome outcome;
  for (const int status : {0, 100, 408, 429, 500, 503}) {
    outcome.status = static_cast<std::uint16_t>(status);
    EXPECT_FALSE(yield_of(outcome)) << status;
  }
  outcome.status = 200;
  outcome.unmodified = true;
  EXPECT_FALSE(yield_of(outcome));
  outcome.unmodified = false;
  EXPECT_EQ(yield_of(outcome)->kind, PageYield::Kind::kRead);
  outcome.status = 301;
  EXPECT_EQ(yield_of(outcome)->kind, PageYield::Kind::kRedirect);
  outcome.status = 404;
  EXPECT_EQ(yield_of(outcome)->kind, PageYield::Kind::kMissing);
}

TEST(YieldTest, KnowsAPlaceAgainByNameAndAddress) {
  Outcome outcome;
  outcome.status = 200;
  outcome.places.resize(3);
  for (Observation& o : outcome.places) o.place.name = "Anna", o.place.addr_city = "Ulm";
  outcome.places[1].place.rating = 4.5;
  outcome.places[2].place.addr_city = "Bonn";
  const auto places = yield_of(outcome)->places;
  EXPECT_EQ(places[0], places[1]);
  EXPECT_NE(places[0], places[2]);
}

// The footer's address, under the headings of a calendar's pages.
TEST(YieldTest, BelievesNoNameInPlainText) {
  Outcome outcome;
  outcome.status = 200;
  outcome.places.resize(2);
  for (Observation& o : outcome.places) o.format = "text", o.place.addr_street = "Ringweg";
  outcome.places[0].place.name = "May";
  outcome.places[1].place.name = "June";
  const auto places = yield_of(outcome)->places;
  EXPECT_EQ(places[0], places[1]);
}

TEST(HostPatternsTest, AnswersInSomeHundredNanoseconds) {
  Host host;
  host.refused(
      20'000, [](int i) { return "/in/" + slug(i % 300) + "/" + slug(i); }, place);
  constexpr int kCalls = 100'000;
  const std::string urls[] = {"/in/koeln/cafe-zum-alten-brunnen-4711", "/stores?page=17&sort=name",
                              "/2024/05/17/a-longer-title-of-a-post-as-blogs-have-them/"};
  int refused = 0;
  const std::clock_t begin = std::clock();  // of the processor
  for (int i = 0; i < kCalls; ++i) refused += host.refuses(urls[i % 3]) ? 1 : 0;
  const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::cout << "refuses: " << took * 1e9 / kCalls << " ns\n";
  EXPECT_EQ(refused, 0);
  EXPECT_LT(took, 0.5);
}

}  // namespace
}  // namespace placer
