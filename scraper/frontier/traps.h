// Crawl traps: which of a host's URLs lead nowhere, however many there are.
//
// URLs belong to patterns (url_shape.h). Each pattern has credit: pages that state new places, or
// lead to such pages, add to it; errors, bodies seen before and pages that only combine anew what
// other URLs had use it up. Without credit a pattern is closed, but one that states a new place on
// every fourth page stays open for ever. The finest pattern that is known well decides; the coarser
// ones judge URLs whose patterns are all new. Session ids are learned (session_ids.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/frontier/recent_set.h"
#include "scraper/frontier/session_ids.h"
#include "scraper/frontier/trap_forms.h"
#include "scraper/message.h"

namespace placer {

// What a URL that was put in the queue promises the page it was found on.
struct Lead {
  enum class Promise : std::uint8_t {
    kNone,
    kUnlike,  // it has something that no URL fetched before had
    kPlaces,  // URLs like it state places
  };
  std::uint32_t pattern = 0;
  Promise promise = Promise::kNone;
};

// All leads of one page.
class Leads {
 public:
  void add(Lead lead);
  // The best promise of a URL of another pattern than `own`.
  Lead::Promise best_beside(std::uint32_t own) const;

 private:
  std::uint32_t unlike_[2] = {};
  std::uint32_t places_[2] = {};
};

// What fetching a page showed.
struct PageYield {
  enum class Kind : std::uint8_t { kRead, kRedirect, kMissing };
  Kind kind = Kind::kRead;
  std::uint64_t body = 0;  // simhash, or the content's hash when it has no words; 0: none
  std::vector<std::uint64_t> places;  // a hash of each
  Leads leads;
};

// Nothing when the exchange says nothing of the page: no answer, a fault of the server, unmodified.
std::optional<PageYield> yield_of(const Outcome& outcome);

// What is known of one host. A value of at most about 2.5 KB; no clock, no I/O.
// `path_and_query` is that of a URL as in Url::path_and_query, here and below.
class HostPatterns {
 public:
  // Asked of a URL found, and again before it is fetched: its pattern may have closed meanwhile.
  // Not to be asked of start URLs, of endpoints that a rule or a locator names, nor of pages
  // fetched in an earlier pass. Some hundred ns.
  std::optional<TrapReason> refuses(std::string_view path_and_query,
                                    std::chrono::sys_days today) const;

  // A URL that is new and was put in the queue. Changes nothing.
  Lead queued(std::string_view path_and_query) const;

  // A page's story has ended, and all its links have been judged.
  // REQUIRES: this pass had not fetched it before, and no rule or locator names it.
  void fetched(std::string_view path_and_query, const PageYield& yield);

  // The URL without the session ids learned of this host; nothing when it has none. URLs that agree
  // in it are one page: their dedupe key is that of what is returned.
  std::optional<std::string> without_sessions(std::string_view path_and_query) const {
    return sessions_.without(path_and_query);
  }

  // False: without_sessions() has nothing to say of any URL.
  bool knows_sessions() const { return sessions_.knows_any(); }

  // Everything is new once more. What was closed gets a little credit, to show that it has changed.
  void begin_pass();

  // Octets for the store. decode() gives an equal value; a host of which nothing is known when the
  // octets are not from encode().
  std::string encode() const;
  static HostPatterns decode(std::string_view octets);

 private:
  struct Pattern {
    std::uint32_t id = 0;
    std::int16_t credit = 0;    // in eighths of a page
    std::uint16_t fetched = 0;  // pages; these three count to 65,535
    std::uint16_t gains = 0;    // of them, pages that stated new places or led there
    std::uint16_t places = 0;   // of them, pages that stated new places
    PatternReach reach = PatternReach::kPage;
  };
  static constexpr std::size_t kMostPatterns = 64;
  static constexpr std::size_t kMostBodies = 24;

  const Pattern* find(std::uint32_t id) const;
  Pattern& pattern_for(std::uint32_t id, PatternReach reach, const UrlShape& url);
  static int worth(const Pattern& pattern);
  int earned(const UrlShape& url, const PageYield& yield, bool states_new, bool repeats) const;
  bool is_unlike(const UrlShape& url) const;
  bool remember_body(std::uint64_t body);

  static bool is_closed(const Pattern& pattern) { return pattern.credit <= 0; }
  static bool is_proven(const Pattern& pattern);

  std::vector<Pattern> patterns_;
  std::uint8_t next_victim_ = 0;       // where the search for a pattern to forget goes on
  std::vector<std::uint64_t> bodies_;  // recent ones, those seen again first
  RecentSet pieces_;                   // of URLs fetched
  RecentSet places_;
  SessionIds sessions_;
};

}  // namespace placer
