// Whole sites with a trap of a million URLs, crawled in memory: all places are found, little is
// spent on the trap, and the crawl comes to its end.
#include <gtest/gtest.h>

#include <deque>
#include <iostream>
#include <set>
#include <string>
#include <unordered_set>

#include "scraper/frontier/key.h"
#include "scraper/frontier/traps.h"
#include "scraper/page/simhash.h"
#include "tests/web/traps.h"

namespace placer {
namespace {

// Pages of a crawl, and of one into five traps at once.
constexpr std::size_t kBudget = 2000;
constexpr std::size_t kBudgetForAll = 4000;
constexpr std::chrono::sys_days kToday = std::chrono::sys_days(std::chrono::days(20778));

struct Tally {
  std::size_t fetched = 0;
  std::size_t places = 0;  // different ones
  std::size_t wasted = 0;  // pages that are neither the start nor the first of a place
  bool ended = false;      // before the budget did
};

// What stands between `begin` and `end`, one after the other.
template <class Each>
void for_each_between(std::string_view text, std::string_view begin, std::string_view end,
                      Each each) {
  std::size_t at = text.find(begin);
  while (at != text.npos) {
    at += begin.size();
    const std::size_t stop = std::min(text.find(end, at), text.size());
    each(text.substr(at, stop - at));
    at = text.find(begin, stop);
  }
}

std::string visible_text_of(std::string_view html) {
  std::string text;
  html.remove_prefix(std::min(html.find("<body"), html.size()));
  bool tag = false;
  for (const char c : html) {
    if (c == '<') tag = true;
    if (!tag) text += c;
    if (c == '>') tag = false, text += ' ';
  }
  return text;
}

// The frontier's part in it, for one host, in order of discovery.
class Crawl {
 public:
  Crawl(web::Handler site, std::size_t budget, std::size_t commit)
      : site_(std::move(site)), budget_(budget), commit_(commit) {
    queue_.push_back({"/", "http://h/"});
  }

  Tally run() {
    while (tally_.fetched < budget_) {
      if (queue_.empty() || fetched_.size() >= commit_) judge();
      if (queue_.empty()) break;
      const Row row = queue_.front();
      queue_.pop_front();
      if (row.url != "/" && patterns_.refuses(row.url, kToday)) continue;
      if (key_of(row.url) != row.key) {
        found(row.url);
        continue;
      }
      fetch(row.url);
    }
    tally_.places = places_.size();
    tally_.ended = queue_.empty();
    return tally_;
  }

 private:
  struct Row {
    std::string url;
    std::string key;
  };
  struct Fetched {
    std::string url;
    PageYield yield;
    std::vector<std::string> links;
  };

  std::string key_of(const std::string& url) const {
    return dedupe_key(*Url::parse("http://h" + patterns_.without_sessions(url).value_or(url)));
  }

  Lead found(const std::string& url) {
    std::string key = key_of(url);
    if (seen_.contains(key) || patterns_.refuses(url, kToday)) return {};
    seen_.insert(key);
    queue_.push_back({url, std::move(key)});
    return patterns_.queued(url);
  }

  void fetch(const std::string& url) {
    web::WebRequest request;
    request.target = url;
    const web::Reply reply = site_(request);
    ++tally_.fetched;
    fetched_.push_back({url, {}, {}});
    PageYield yield;
    if (reply.status != 200) yield.kind = PageYield::Kind::kMissing;
    yield.body = simhash(visible_text_of(reply.body));
    bool states_new = false;
    for_each_between(reply.body, "application/ld+json\">", "</script", [&](std::string_view json) {
      yield.places.push_back(web::text_hash(json));
      states_new = places_.insert(yield.places.back()).second || states_new;
    });
    if (!states_new && url != "/") ++tally_.wasted;
    for_each_between(reply.body, "<a href=\"", "\"", [&](std::string_view href) {
      std::string link(href);
      for (std::size_t at = link.find("&amp;"); at != link.npos; at = link.find("&amp;", at + 1)) {
        link.replace(at, 5, "&");
      }
      fetched_.back().links.push_back(std::move(link));
    });
    fetched_.back().yield = std::move(yield);
  }

  // What the frontier does at each commit.
  void judge() {
    for (Fetched& page : fetched_) {
      for (const std::string& link : page.links) page.yield.leads.add(found(link));
      patterns_.fetched(page.url, page.yield);
    }
    fetched_.clear();
    patterns_ = HostPatterns::decode(patterns_.encode());
  }

  web::Handler site_;
  std::size_t budget_;
  std::size_t commit_;  // after so many pages
  std::vector<Fetched> fetched_;
  HostPatterns patterns_;
  std::deque<Row> queue_;
  std::unordered_set<std::string> seen_ = {"http://h/"};
  std::set<std::uint64_t> places_;
  Tally tally_;
};

class TrapSiteTest : public testing::TestWithParam<std::string> {};

TEST_P(TrapSiteTest, AllPlacesAreFoundAndTheTrapTakesAFifthOfTheBudgetAtMost) {
  const std::size_t budget = GetParam().starts_with("all") ? kBudgetForAll : kBudget;
  // The second crawl learns what pages yield only at each commit.
  for (const std::size_t commit : {1, 50}) {
    std::cout << GetParam() << ": pages for nothing";
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const Tally tally = Crawl(web::Site::traps(GetParam(), seed).handler(), budget, commit).run();
      std::cout << " " << tally.wasted;
      EXPECT_EQ(tally.places, web::kPlacesBehindTraps) << seed;
      EXPECT_LE(tally.wasted, budget / 5) << seed;
      EXPECT_TRUE(tally.ended) << seed;
    }
    std::cout << " of " << budget << "\n";
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, TrapSiteTest, testing::ValuesIn(web::trap_kinds()),
                         [](const auto& kind) {
                           std::string name = kind.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace placer
