#include "tests/simulated_web.h"

#include <algorithm>

#include "scraper/frontier/key.h"
#include "scraper/frontier/scope.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Behaviour = SimulatedPage::Behaviour;
using Robots = SimulatedOrigin::Robots;

constexpr int kMostRedirectsOfRobots = 5;  // RFC 9309 section 2.3.1.2
constexpr std::string_view kRobotsTxt = "/robots.txt";

}  // namespace

SimulatedWeb::SimulatedWeb(std::uint64_t seed) : random_(static_cast<std::uint32_t>(seed)) {
  make_job();
  make_origins();
  make_pages();
  make_links();
  make_versions();
}

void SimulatedWeb::make_job() {
  passes = chance(40) ? pick(2, kSimulatedPasses) : 1;
  slow = chance(5);
  job.politeness.delay = milliseconds(chance(10) ? 0 : pick(1, 4) * 50);
  job.politeness.adaptive = chance(70);
  job.politeness.max_delay = milliseconds(1000);
  job.politeness.max_crawl_delay = seconds(3);
  job.politeness.per_host = chance(80) ? 1 : 3;
  job.politeness.robots = chance(95) ? RobotsPolicy::kObey : RobotsPolicy::kIgnore;
  job.retry.backoff = milliseconds(50);
  job.retry.max_backoff = milliseconds(1000);
  job.scope.exclude = {"/x/**"};
  job.scope.max_depth = 1000;
  job.fetch.max_redirects = 50;
  job.scope.traps = TrapPolicy::kFollow;
  if (chance(30)) {
    ordered = true;
    job.scope.max_depth = static_cast<std::uint32_t>(pick(1, 5));
    job.fetch.max_redirects = static_cast<std::uint32_t>(pick(0, 3));
    if (chance(50)) job.scope.traps = TrapPolicy::kAvoid;
  }
  if (chance(10)) {
    limited = ordered = true;
    job.scope.max_pages = static_cast<std::uint64_t>(pick(1, 30));
    job.scope.max_pages_per_host = static_cast<std::uint64_t>(pick(1, 15));
  }
}

// Hosts with one or two origins, on fewer addresses than hosts; the last one is out of scope.
void SimulatedWeb::make_origins() {
  const int hosts = pick(1, 4);
  const int addresses = pick(1, hosts);
  for (int h = 0; h <= hosts; ++h) {
    SimulatedOrigin origin;
    origin.in_scope = h < hosts;
    origin.host = (origin.in_scope ? "h" + std::to_string(h) : std::string("away")) + ".example";
    origin.address = "192.0.2." + std::to_string(pick(1, addresses));
    if (origin.in_scope) job.scope.hosts.push_back(origin.host);
    origin.origin = "http://" + origin.host;
    origins.push_back(origin);
    if (!chance(20)) continue;
    origin.origin += ":8080";
    origins.push_back(origin);
  }
  const bool plain = chance(30);
  for (SimulatedOrigin& origin : origins) {
    const int kind = plain ? 0 : pick(0, 99);
    origin.robots = kind < 40   ? Robots::kNone
                    : kind < 82 ? Robots::kRules
                    : kind < 96 ? Robots::kRedirects
                                : Robots::kUnreachable;
    origin.disallows = chance(60);
    if (chance(20)) origin.crawl_delay = seconds(pick(1, 5));
    if (!plain && chance(25)) origin.failures = pick(1, 4);
    origin.redirects_to = static_cast<std::size_t>(pick(0, static_cast<int>(origins.size()) - 1));
  }
}

void SimulatedWeb::make_pages() {
  const int count = chance(3) ? pick(61, 250) : pick(1, chance(50) ? 15 : 60);
  for (int i = 0; i < count; ++i) {
    SimulatedPage page;
    const std::size_t last = origins.size() - 1;
    page.origin = i == 0 || !chance(60) ? static_cast<std::size_t>(pick(0, static_cast<int>(last)))
                                        : pages.back().origin;
    if (i == 0 && !origins[page.origin].in_scope) page.origin = 0;
    const int place = i == 0 ? 99 : pick(0, 99);
    page.disallowed = place < 8;
    page.excluded = place >= 8 && place < 12;
    std::string path = "/" + std::to_string(i);
    if (page.disallowed) path = "/private" + path;
    if (page.excluded) path = "/x" + path;
    if (place >= 12 && place < 20) path = "/list?page=" + std::to_string(i) + "&sort=name";
    if (place >= 20 && place < 24) path = "/calendar/20" + std::to_string(10 + i % 90) + "/01";
    page.sitemap = i > 0 && chance(5);
    if (page.sitemap) path = "/sitemap" + std::to_string(i) + ".xml";
    if (page.sitemap) page.disallowed = page.excluded = false;
    page.url = Url::parse(origins[page.origin].origin + path)->href();
    if (by_url_.contains(page.url)) continue;
    const LinkKind linked_as = page.sitemap ? LinkKind::kSitemap : LinkKind::kAnchor;
    page.fingerprint = link_to(*Url::parse(page.url), linked_as).fingerprint;
    const int kind = i == 0 || page.sitemap ? 0 : pick(0, 99);
    page.behaviour = kind < 80   ? Behaviour::kAnswers
                     : kind < 84 ? Behaviour::kMissing
                     : kind < 87 ? Behaviour::kBroken
                     : kind < 89 ? Behaviour::kCrashesWorkers
                                 : Behaviour::kRedirects;
    page.failures = chance(10) ? pick(1, 2) : 0;
    page.has_etag = chance(50);
    by_url_.emplace(page.url, pages.size());
    pages.push_back(std::move(page));
  }
  start.push_back(*Url::parse(pages.front().url));
  if (pages.size() > 1 && !pages[1].sitemap && origin_of(pages[1]).in_scope && chance(20)) {
    start.push_back(*Url::parse(pages[1].url));
  }
}

void SimulatedWeb::connect(std::size_t parent, std::size_t target, int version) {
  SimulatedPage& page = pages[parent];
  SimulatedLink link;
  link.target = target;
  link.nofollow = chance(6);
  if (page.behaviour == Behaviour::kRedirects) {
    link.kind = LinkKind::kRedirect;
    link.nofollow = false;
    page.links[version].clear();  // it leads to one
  } else if (pages[target].sitemap) {
    link.kind = LinkKind::kSitemap;
    link.nofollow = false;
  } else if (!page.sitemap && chance(4)) {
    link.kind = chance(50) ? LinkKind::kCanonical : LinkKind::kMetaRefresh;
  }
  page.links[version].push_back(link);
}

// Every page but sitemaps has a link from an earlier one. Sitemaps are named by robots.txt, or by
// other sitemaps.
void SimulatedWeb::make_links() {
  const auto count = static_cast<int>(pages.size());
  std::vector<int> parents{0};
  std::vector<int> sitemaps;
  for (int i = 1; i < count; ++i) {
    SimulatedPage& page = pages[static_cast<std::size_t>(i)];
    const auto target = static_cast<std::size_t>(i);
    if (page.sitemap) {
      if (!sitemaps.empty() && chance(40)) {
        connect(static_cast<std::size_t>(sitemaps.back()), target, 0);
      } else {
        const auto named_by =
            static_cast<std::size_t>(pick(0, static_cast<int>(origins.size()) - 1));
        origins[chance(80) ? page.origin : named_by].sitemaps.push_back(target);
      }
      sitemaps.push_back(i);
    } else {
      const int from =
          parents[static_cast<std::size_t>(pick(0, static_cast<int>(parents.size()) - 1))];
      connect(static_cast<std::size_t>(from), target, 0);
      if (page.behaviour == Behaviour::kRedirects || page.behaviour == Behaviour::kAnswers) {
        parents.push_back(i);
      }
      if (!sitemaps.empty() && chance(20)) {
        connect(static_cast<std::size_t>(sitemaps.back()), target, 0);
      }
    }
  }
  for (int i = 0; i < count; ++i) {
    SimulatedPage& page = pages[static_cast<std::size_t>(i)];
    const bool leads = page.behaviour == Behaviour::kRedirects;
    const int extra = leads ? (page.links[0].empty() ? 1 : 0) : page.sitemap ? 0 : pick(0, 4);
    for (int n = 0; n < extra; ++n) {
      const auto target = static_cast<std::size_t>(pick(0, count - 1));
      if (!pages[target].sitemap) connect(static_cast<std::size_t>(i), target, 0);
    }
  }
}

// What later passes find: most pages as they were, some with other links.
void SimulatedWeb::make_versions() {
  const auto count = static_cast<int>(pages.size());
  for (std::size_t i = 0; i < pages.size(); ++i) {
    SimulatedPage& page = pages[i];
    for (int pass = 1; pass < kSimulatedPasses; ++pass) {
      page.version[pass] = page.version[pass - 1];
      if (!chance(20) || page.behaviour != Behaviour::kAnswers || page.sitemap) continue;
      page.version[pass] = pass;
      page.links[pass] = page.links[page.version[pass - 1]];
      if (!page.links[pass].empty() && chance(50)) page.links[pass].pop_back();
      const auto target = static_cast<std::size_t>(pick(0, count - 1));
      if (!pages[target].sitemap) connect(i, target, pass);
    }
  }
}

const SimulatedPage* SimulatedWeb::page_at(const std::string& url) const {
  const auto found = by_url_.find(url);
  return found == by_url_.end() ? nullptr : &pages[found->second];
}

const SimulatedOrigin* SimulatedWeb::origin_at(std::string_view origin) const {
  const auto found = std::ranges::find(origins, origin, &SimulatedOrigin::origin);
  return found == origins.end() ? nullptr : &*found;
}

const SimulatedOrigin* SimulatedWeb::robots_of(const SimulatedOrigin& origin) const {
  const SimulatedOrigin* at = &origin;
  for (int hop = 0; at->robots == Robots::kRedirects; ++hop) {
    if (hop == kMostRedirectsOfRobots) return nullptr;
    at = &origins[at->redirects_to];
  }
  return at->robots == Robots::kRules ? at : nullptr;
}

bool SimulatedWeb::reachable(const SimulatedOrigin& origin) const {
  if (job.politeness.robots == RobotsPolicy::kIgnore) return true;
  const SimulatedOrigin* at = &origin;
  for (int hop = 0; at->robots == Robots::kRedirects && hop < kMostRedirectsOfRobots; ++hop) {
    at = &origins[at->redirects_to];
  }
  return at->robots != Robots::kUnreachable;
}

bool SimulatedWeb::allowed(const SimulatedPage& page) const {
  if (job.politeness.robots == RobotsPolicy::kIgnore) return true;
  const SimulatedOrigin* rules = robots_of(origin_of(page));
  return rules == nullptr || !rules->disallows || !page.disallowed;
}

bool SimulatedWeb::may_be_left(const SimulatedPage& page) const {
  if (!reachable(origin_of(page))) return true;
  return job.politeness.robots == RobotsPolicy::kObey &&
         std::ranges::any_of(origins, [&](const SimulatedOrigin& origin) {
           return origin.host == origin_of(page).host && origin.robots == Robots::kUnreachable;
         });
}

void SimulatedWeb::fail(Outcome& outcome) {
  switch (pick(0, 5)) {
    case 0:
      outcome.error = Error{ErrorCode::kTimeout, "timed out"};
      return;
    case 1:
      outcome.error = Error{ErrorCode::kConnect, "no connection"};
      return;
    case 2:
      outcome.error = Error{ErrorCode::kWorkerKilled, "killed"};
      return;
    case 3:
      outcome.status = 500;
      return;
    default:
      outcome.status = chance(50) ? 429 : 503;
      if (chance(70)) outcome.retry_after = seconds(slow ? pick(1, 200'000) : pick(1, 5));
  }
}

Outcome SimulatedWeb::answer(const Request& request, int pass) {
  Outcome outcome;
  outcome.request = request;
  const UrlParts parts = split_href(request.url);
  if (const SimulatedOrigin* origin = origin_at(parts.origin)) outcome.address = origin->address;
  if (parts.path_and_query == kRobotsTxt) {
    answer_robots(outcome);
  } else {
    answer_page(pages[by_url_.at(request.url)], pass, outcome);
  }
  if (outcome.error) outcome.address.clear();
  return outcome;
}

void SimulatedWeb::answer_robots(Outcome& outcome) {
  const std::string_view name = split_href(outcome.request.url).origin;
  SimulatedOrigin& origin = *std::ranges::find(origins, name, &SimulatedOrigin::origin);
  if (origin.robots == Robots::kUnreachable || origin.failures > 0) {
    if (origin.failures > 0) --origin.failures;
    do {
      outcome.error.reset();
      outcome.status = 0;
      fail(outcome);
    } while (outcome.error && outcome.error->code == ErrorCode::kWorkerKilled);
    return;
  }
  switch (origin.robots) {
    case Robots::kNone:
      outcome.status = 404;
      return;
    case Robots::kRedirects: {
      outcome.status = 302;
      const std::string to = origins[origin.redirects_to].origin + std::string(kRobotsTxt);
      outcome.links.push_back(link_to(*Url::parse(to), LinkKind::kRedirect));
      return;
    }
    default:
      break;
  }
  outcome.status = 200;
  outcome.robots_txt = "User-agent: *\nAllow: /\n";
  if (origin.disallows) outcome.robots_txt += "Disallow: /private/\n";
  if (origin.crawl_delay > seconds{0}) {
    outcome.robots_txt += "Crawl-delay: " + std::to_string(origin.crawl_delay.count()) + "\n";
  }
  for (const std::size_t sitemap : origin.sitemaps) {
    outcome.robots_txt += "Sitemap: " + pages[sitemap].url + "\n";
  }
}

void SimulatedWeb::answer_page(SimulatedPage& page, int pass, Outcome& outcome) {
  if (page.failures > 0) {
    --page.failures;
    return fail(outcome);
  }
  switch (page.behaviour) {
    case Behaviour::kMissing:
      outcome.status = 404;
      return;
    case Behaviour::kBroken:
      outcome.status = 500;
      return;
    case Behaviour::kCrashesWorkers:
      outcome.error = Error{ErrorCode::kWorkerCrashed, "the worker crashed"};
      return;
    case Behaviour::kRedirects:
      outcome.status = 302;
      break;
    case Behaviour::kAnswers:
      outcome.status = 200;
      outcome.content_hash = page.fingerprint + static_cast<unsigned>(page.version[pass]) + 1;
      if (page.has_etag) outcome.validators.etag = std::to_string(outcome.content_hash);
      const Validators& known = outcome.request.validators;
      outcome.unmodified = page.has_etag ? known.etag == outcome.validators.etag
                                         : known.content_hash == outcome.content_hash;
      if (!outcome.unmodified) break;
      if (page.has_etag) outcome.status = 304;
      return;
  }
  for (const SimulatedLink& link : links_of(page, pass)) {
    Link& found = outcome.links.emplace_back();
    found.url = pages[link.target].url;
    found.fingerprint = pages[link.target].fingerprint;
    found.kind = link.kind;
    found.nofollow = link.nofollow;
  }
}

}  // namespace placer
