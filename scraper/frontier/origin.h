// The robots.txt of one origin: when to ask for it, what its answer means, what it allows
// (RFC 9309; the origin is scheme, host and port: section 2.3).
//
// Pure: time and randomness are arguments. What each answer means:
//
//   2xx                     its rules hold, for 24 hours (2.4); 500 KiB are read (2.5)
//   3xx                     followed, five times, to any authority; its rules then hold for the
//                           origin first asked (2.3.1.2). A sixth, or one that leads nowhere: as
//                           4xx
//   4xx but 429             "unavailable": everything is allowed (2.3.1.3)
//   5xx, 429, 1xx, network  "unreachable": nothing is allowed (2.3.1.4), except that the last good
//   errors                  copy goes on to hold until it is 30 days old (2.4). It is asked for
//                           again, `attempts` times with back-off, then hourly
//
// A worker killed from outside says nothing about the origin: it is asked again. An address that
// the job refuses is as good as 4xx, since every page of the origin will be refused as well; but
// behind a redirect it is "unreachable".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "scraper/frontier/robots.h"
#include "scraper/message.h"
#include "scraper/storage.h"

namespace placer {

// The options of a job that robots.txt is read with.
struct OriginRules {
  RobotsPolicy robots = RobotsPolicy::kObey;
  std::string agent;  // product token
  std::uint32_t attempts = 1;
  std::chrono::milliseconds backoff{0};
  std::chrono::milliseconds max_backoff{0};
};
OriginRules origin_rules(const PolitenessOptions& politeness, const RetryOptions& retry);

enum class RobotsGate : std::uint8_t {
  kOpen,   // check() decides
  kAsk,    // ask() first; the origin's pages wait
  kAsked,  // the answer is under way
  kWait,   // to be asked again at asks_at()
  kHeld,   // unreachable for too long: the origin's pages are for the next run
};

// What robots.txt says of one path, and why, in words: "by line 3: Disallow: /cart". The words hold
// text of the web, unescaped.
struct OriginVerdict {
  bool allowed = false;
  int line = 0;  // 1-based, of the deciding rule; 0: none
  std::string reason;
};

// From what is stored. Of an unreachable origin it says that, also when a later run will ask again.
OriginVerdict explain_robots(const OriginState& origin, const OriginRules& rules,
                             std::string_view path_and_query);

// A value; `rules` must outlive it.
class OriginRobots {
 public:
  // Goes on from what is stored; for an origin not met before, from its name and host. What an
  // earlier run could not reach is asked for anew. Times ahead of `now` are another clock's.
  OriginRobots(OriginState stored, const OriginRules& rules, Instant run_started, Instant now);

  RobotsGate gate(Instant now) const;
  Instant asks_at() const { return state_.expires_at; }

  // Where ask() will ask: /robots.txt, or where that redirected to.
  std::string next_url() const { return url_.empty() ? state_.origin + "/robots.txt" : url_; }

  // The request to make; its id is the caller's. It may lead to another host, whose pace then
  // holds. REQUIRES: gate() is kAsk.
  Request ask();

  // Takes the answer. True when state() is to be stored. REQUIRES: gate() is kAsked.
  bool finish(const Outcome& outcome, Instant now, std::minstd_rand& random);

  // REQUIRES: gate() is kOpen; what nothing is known of is not allowed.
  RobotsVerdict check(std::string_view path_and_query) const;

  std::chrono::milliseconds crawl_delay() const;  // as stated, not capped; 0: none
  const std::vector<std::string>& sitemaps() const { return robots_.sitemaps(); }
  const OriginState& state() const { return state_; }

  // Why the gate is closed: "robots.txt unreachable: GET ...: HTTP status 503".
  std::string held_because() const { return "robots.txt unreachable: " + last_error_; }

 private:
  bool has_copy(Instant now) const;
  void answer_with(RobotsState state, std::string robots_txt, Instant now);
  void fail(const Outcome& outcome, Instant now, std::minstd_rand& random);

  const OriginRules* rules_;
  OriginState state_;
  Robots robots_;
  std::string url_;  // to ask next: /robots.txt, or where it redirected to
  std::uint32_t redirects_ = 0;
  bool asked_ = false;
  std::string last_error_;
};

}  // namespace placer
