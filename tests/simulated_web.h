// A web made up from a seed: what every host, robots.txt and page answers in each pass of a crawl.
// It is the truth that a simulated crawl is judged by.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/config.h"
#include "scraper/frontier/url.h"
#include "scraper/message.h"

namespace placer {

inline constexpr int kSimulatedPasses = 3;

struct SimulatedLink {
  std::size_t target = 0;  // index of a page
  LinkKind kind = LinkKind::kAnchor;
  bool nofollow = false;
};

struct SimulatedPage {
  enum class Behaviour : std::uint8_t { kAnswers, kMissing, kBroken, kCrashesWorkers, kRedirects };
  std::string url;
  std::uint64_t fingerprint = 0;
  std::size_t origin = 0;
  Behaviour behaviour = Behaviour::kAnswers;
  bool sitemap = false;
  bool disallowed = false;  // where the origin's robots.txt has rules
  bool excluded = false;    // by the job
  bool has_etag = false;    // else its body tells that it is unmodified
  int failures = 0;         // before it answers
  int version[kSimulatedPasses] = {};
  std::vector<SimulatedLink> links[kSimulatedPasses];  // of each version
};

struct SimulatedOrigin {
  enum class Robots : std::uint8_t { kNone, kRules, kRedirects, kUnreachable };
  std::string origin;
  std::string host;
  std::string address;
  bool in_scope = true;
  Robots robots = Robots::kNone;
  bool disallows = false;
  std::chrono::seconds crawl_delay{0};
  int failures = 0;                   // before its robots.txt answers
  std::size_t redirects_to = 0;       // index of an origin
  std::vector<std::size_t> sitemaps;  // indexes of pages
};

class SimulatedWeb {
 public:
  explicit SimulatedWeb(std::uint64_t seed);

  // The answer to one exchange. Consumes failures: not a function of the request alone.
  Outcome answer(const Request& request, int pass);

  // Whose rules hold for an origin, after redirects; nothing: none, everything is allowed.
  const SimulatedOrigin* robots_of(const SimulatedOrigin& origin) const;
  bool reachable(const SimulatedOrigin& origin) const;  // its robots.txt can be had
  bool allowed(const SimulatedPage& page) const;        // by robots.txt
  // Refusals of one origin's robots.txt count for its host, which is given up then.
  bool may_be_left(const SimulatedPage& page) const;

  const SimulatedPage* page_at(const std::string& url) const;
  const SimulatedOrigin* origin_at(std::string_view origin) const;
  const SimulatedOrigin& origin_of(const SimulatedPage& page) const { return origins[page.origin]; }
  const std::vector<SimulatedLink>& links_of(const SimulatedPage& page, int pass) const {
    return page.links[page.version[pass]];
  }

  Job job;
  std::vector<Url> start;
  std::vector<SimulatedOrigin> origins;
  std::vector<SimulatedPage> pages;
  bool limited = false;  // by numbers of pages: what is fetched depends on the order
  bool ordered = false;  // by depth, hops or patterns, which depend on the order too
  bool slow = false;     // hosts ask for long pauses
  int passes = 1;

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int percent) { return pick(0, 99) < percent; }
  void make_job();
  void make_origins();
  void make_pages();
  void make_links();
  void make_versions();
  void connect(std::size_t parent, std::size_t target, int version);
  void fail(Outcome& outcome);
  void answer_robots(Outcome& outcome);
  void answer_page(SimulatedPage& page, int pass, Outcome& outcome);

  std::mt19937 random_;
  std::unordered_map<std::string, std::size_t> by_url_;
};

}  // namespace placer
