#include <algorithm>

#include "scraper/frontier/scope.h"
#include "tests/simulated_crawl.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kMaxSitemapDepth = 2;
constexpr milliseconds kLongestPause = std::chrono::hours(24);

bool leads_elsewhere(LinkKind kind) {
  return kind == LinkKind::kRedirect || kind == LinkKind::kMetaRefresh;
}

milliseconds delay_between_addresses(const PolitenessOptions& politeness) {
  return politeness.address_delay.value_or(std::min(milliseconds(250), politeness.delay));
}

}  // namespace

void CrawlJudge::complain(const std::string& what) {
  if (complaints.size() < 5) complaints.push_back("pass " + std::to_string(pass_) + ": " + what);
}

const SimulatedPage* CrawlJudge::page_of(std::uint64_t fingerprint) const {
  const auto page = std::ranges::find(web_.pages, fingerprint, &SimulatedPage::fingerprint);
  return page == web_.pages.end() ? nullptr : &*page;
}

void CrawlJudge::run_begins(const Resumed& resumed) {
  if (resumed.fresh) {
    if (pass_ < 0 || !fates_.empty()) ++pass_;  // one without a commit never was
    fates_.clear();
    ended_count_ = filtered_count_ = 0;
    before_ = {};
    // What no answer could be had from is carried over, unless it is on record.
    std::erase_if(queued_,
                  [this](std::uint64_t fingerprint) { return recorded_.contains(fingerprint); });
    carried_ = queued_;
    for (const std::uint64_t fingerprint : queued_) fates_[fingerprint].accepted = true;
    before_.discovered = queued_.size();
  } else {
    before_.discovered += counters_.discovered;
    before_.filtered += counters_.filtered;
    before_.pages += counters_.pages;
  }
  counters_ = {};
  if (resumed.queued != queued_.size()) complain("the run begins with another queue");
  answered_.clear();
  address_starts_.clear();
  for (auto& [name, host] : hosts_) {
    host.in_flight = 0;
    host.wait_until = host.durable_wait;
    host.address = host.durable_address;
    host.crawl_delay = milliseconds{0};
    for (const auto& [origin, delay] : host.durable_delays) {
      host.crawl_delay = std::max(host.crawl_delay, delay);
    }
  }
}

// Retry-After is kept by the wall clock, of which nothing can be known then.
void CrawlJudge::clock_was_set(milliseconds forward) {
  for (auto& [name, host] : hosts_) host.durable_wait -= std::max(forward, milliseconds{0});
}

void CrawlJudge::check_manners(const std::string& name, const Request& request) {
  const PolitenessOptions& politeness = web_.job.politeness;
  const Instant now = clock_.steady;
  HostManners& host = hosts_[name];
  if (host.last_start) {
    const milliseconds gap = now - *host.last_start;
    // Asked for another host's robots.txt, one that is not crawled is paced without its own rules.
    const bool moved = request.kind == RequestKind::kRobots && request.redirects > 0;
    const milliseconds delay =
        moved ? politeness.delay : std::max(politeness.delay, host.crawl_delay);
    if (gap < delay) {
      complain(request.url + " came after " + std::to_string(gap.count()) + " ms, not " +
               std::to_string(delay.count()));
    }
  }
  if (now < host.wait_until) {
    complain(request.url + " came " + std::to_string((host.wait_until - now).count()) +
             " ms before the time that the host asked for");
  }
  if (++host.in_flight > politeness.per_host) complain(request.url + " is one too many at a time");
  host.last_start = now;
  if (host.address.empty()) return;
  const auto last = address_starts_.find(host.address);
  if (last != address_starts_.end() && now - last->second < delay_between_addresses(politeness)) {
    complain(request.url + " came too early for its address, after " +
             std::to_string((now - last->second).count()) + " ms");
  }
  address_starts_[host.address] = now;
}

void CrawlJudge::check_wanted(const Request& request) {
  const SimulatedPage* page = web_.page_at(request.url);
  if (page == nullptr) return complain(request.url + " is no page");
  const SimulatedOrigin& origin = web_.origin_of(*page);
  const bool start =
      web_.start.front().href() == page->url || web_.start.back().href() == page->url;
  if (!web_.allowed(*page)) complain(page->url + " is disallowed by robots.txt");
  if (!web_.reachable(origin))
    complain(page->url + " lies behind a robots.txt that is unreachable");
  const bool obeys = web_.job.politeness.robots == RobotsPolicy::kObey;
  if (obeys && !robots_known_.contains(origin.origin)) {
    complain(page->url + " came before the origin's robots.txt");
  }
  if (!origin.in_scope && !page->sitemap) complain(page->url + " is out of scope");
  if (page->excluded && !start) complain(page->url + " is excluded");
  if (answered_.contains(page->url)) complain(page->url + " had been answered in this run");
  const auto fate = fates_.find(page->fingerprint);
  if (fate != fates_.end() && fate->second.ended) complain(page->url + " was fetched twice");
}

void CrawlJudge::submitted(const Request& request) {
  ++requests;
  check_manners(std::string(split_href(request.url).host), request);
  if (request.kind != RequestKind::kRobots) return check_wanted(request);
  if (web_.job.politeness.robots == RobotsPolicy::kIgnore) complain(request.url + " is not wanted");
}

void CrawlJudge::answered(const Outcome& outcome, Instant started) {
  const UrlParts parts = split_href(outcome.request.url);
  HostManners& host = hosts_[std::string(parts.host)];
  --host.in_flight;
  if (outcome.retry_after) {
    const milliseconds pause = std::min<milliseconds>(*outcome.retry_after, kLongestPause);
    host.wait_until = std::max(host.wait_until, clock_.steady + pause);
  }
  if (!outcome.address.empty()) {
    host.address = outcome.address;
    Instant& last = address_starts_[host.address];
    last = std::max(last, started);
  }
  const bool good = !outcome.error && outcome.status < 400;
  if (outcome.request.kind != RequestKind::kRobots) {
    if (good) answered_[outcome.request.url] = true;
    return;
  }
  // Behind a redirect it is the answer for all origins that lead there.
  for (const SimulatedOrigin& origin : web_.origins) {
    const SimulatedOrigin* rules = web_.robots_of(origin);
    const bool direct = outcome.request.redirects == 0 && origin.origin == parts.origin;
    const bool redirected =
        outcome.request.redirects > 0 && origin.robots == SimulatedOrigin::Robots::kRedirects;
    if (outcome.error || outcome.status == 429 || outcome.status >= 500) continue;
    if (direct || redirected) robots_known_.insert(origin.origin);
    if (direct && outcome.status == 200 && rules != nullptr) {
      const milliseconds delay = rules->crawl_delay;
      host.crawl_delay =
          std::max(host.crawl_delay, std::min(delay, web_.job.politeness.max_crawl_delay));
    }
  }
}

void CrawlJudge::commit_origin(const OriginState& state) {
  const SimulatedOrigin* origin = web_.origin_at(state.origin);
  if (origin == nullptr) return complain(state.origin + " is no origin");
  const SimulatedOrigin* rules = web_.robots_of(*origin);
  milliseconds delay{0};
  if (state.state == RobotsState::kRules && rules != nullptr) delay = rules->crawl_delay;
  delay = std::min(delay, web_.job.politeness.max_crawl_delay);
  HostManners& host = hosts_[origin->host];
  host.durable_delays[state.origin] = delay;
  host.crawl_delay = std::max(host.crawl_delay, delay);
}

void CrawlJudge::commit_page(const Completion& completion) {
  const Outcome& outcome = completion.outcome;
  if (queued_.erase(completion.fingerprint) == 0) {
    return complain(outcome.request.url + " ends without having been queued");
  }
  Fate& fate = fates_[completion.fingerprint];
  if (fate.ended) complain(outcome.request.url + " ended twice");
  fate.ended = completion.page;
  fate.unmodified = outcome.unmodified;
  fate.reading = {outcome.request.depth, outcome.request.redirects, pass_};
  ++ended_count_;
  recorded_.insert(completion.fingerprint);
}

void CrawlJudge::commit_one(const Completion& completion) {
  const Outcome& outcome = completion.outcome;
  if (completion.page) {
    commit_page(completion);
  } else if (completion.dequeue) {  // dropped: it is filtered now
    const std::uint64_t fingerprint = completion.filtered.at(0).fingerprint;
    if (queued_.erase(fingerprint) == 0) complain("dropped without having been queued");
    fates_[fingerprint] = {};
  }
  for (const FilteredUrl& url : completion.filtered) {
    if (url.fingerprint == 0) continue;
    Fate& fate = fates_[url.fingerprint];
    if (fate.accepted || fate.filtered) complain(url.url + " is filtered, and known before");
    fate.filtered = url.reason;
    ++filtered_count_;
  }
  for (const auto& [fingerprint, reason] : completion.reconsidered) {
    Fate& fate = fates_[fingerprint];
    if (fate.filtered != reason) complain("reconsidered, and filtered for another reason");
    fate.filtered.reset();
    --filtered_count_;
  }
  for (const QueuedUrl& url : completion.discovered) {
    Fate& fate = fates_[url.fingerprint];
    if (fate.accepted || fate.filtered) complain(url.url + " is discovered, and known before");
    fate.accepted = true;
    queued_.insert(url.fingerprint);
  }
  if (completion.requeue && !queued_.contains(completion.requeue->fingerprint)) {
    complain(completion.requeue->url + " is to be fetched again, and is not queued");
  }
  if (completion.origin) commit_origin(*completion.origin);
  if (outcome.request.id == 0) return;
  HostManners& host = hosts_[std::string(split_href(outcome.request.url).host)];
  host.durable_wait =
      std::max(host.durable_wait, outcome.retry_after ? host.wait_until : Instant{});
  if (!outcome.address.empty()) host.durable_address = outcome.address;
}

// discovered = fetched + queued + filtered(reason), by what was committed and by the counters.
void CrawlJudge::committed(const std::vector<Completion>& batch, const RunCounters& counters) {
  for (const Completion& completion : batch) commit_one(completion);
  counters_ = counters;
  if (fates_.size() != ended_count_ + queued_.size() + filtered_count_) {
    complain("the account does not hold: " + std::to_string(fates_.size()) + " discovered, " +
             std::to_string(ended_count_) + " fetched, " + std::to_string(queued_.size()) +
             " queued, " + std::to_string(filtered_count_) + " filtered");
  }
  const std::uint64_t discovered = before_.discovered + counters.discovered;
  const std::uint64_t gone = before_.filtered + counters.filtered + before_.pages + counters.pages;
  if (discovered != gone + queued_.size()) {
    complain("the counters do not add up: " + std::to_string(discovered) + " discovered, " +
             std::to_string(gone) + " fetched or filtered, " + std::to_string(queued_.size()) +
             " queued");
  }
}

// Why a link of a page, as it was read, is not to be followed; traps and limits apart.
std::optional<FilterReason> CrawlJudge::rejects(const SimulatedPage& page, const Reading& reading,
                                                const SimulatedLink& link) const {
  const SimulatedPage& target = web_.pages[link.target];
  const bool obeys = web_.job.politeness.robots == RobotsPolicy::kObey;
  if (link.nofollow && obeys) return FilterReason::kNofollow;
  const bool elsewhere = leads_elsewhere(link.kind);
  if (elsewhere && reading.redirects + 1 > web_.job.fetch.max_redirects) {
    return FilterReason::kRedirects;
  }
  std::uint32_t depth = reading.depth + 1;
  if (elsewhere || link.kind == LinkKind::kCanonical) {
    depth = reading.depth;
  } else if (page.sitemap && !target.sitemap) {
    depth = 1;
  }
  const bool sitemap = target.sitemap || (elsewhere && page.sitemap);
  if (depth > (sitemap ? kMaxSitemapDepth : web_.job.scope.max_depth)) return FilterReason::kDepth;
  const bool same_origin = page.origin == target.origin;
  if (!web_.origin_of(target).in_scope && !(sitemap && same_origin)) return FilterReason::kHost;
  if (!sitemap && target.excluded) return FilterReason::kExclude;
  if (!web_.allowed(target)) return FilterReason::kRobots;
  return std::nullopt;
}

bool CrawlJudge::may_be_missing(const Fate* fate) const {
  if (web_.limited) return true;
  if (fate == nullptr) return false;
  if (fate->ended) return true;
  // A trap keeps the reason for which it was filtered first.
  if (fate->filtered) return web_.job.scope.traps == TrapPolicy::kAvoid;
  return true;  // queued: carried over into the next pass
}

// Everything that the page leads to was dealt with. Of one that is as it was, what its links were
// when it was last read counts.
void CrawlJudge::check_links(const SimulatedPage& page, const Fate& fate) {
  if (fate.ended != PageStatus::kOk && fate.ended != PageStatus::kRedirect) return;
  if (!fate.unmodified) readings_[page.fingerprint] = fate.reading;
  const Reading& reading = readings_[page.fingerprint];
  for (const SimulatedLink& link : web_.links_of(page, pass_)) {
    const SimulatedPage& target = web_.pages[link.target];
    const auto reason = rejects(page, reading, link);
    // The links on record are to what the job wanted, found by whatever way.
    if (fate.unmodified) wanted_.insert(target.fingerprint);
    if (reason) {
      reasons_[target.fingerprint].insert(*reason);
      continue;
    }
    wanted_.insert(target.fingerprint);
    if (fate.unmodified && web_.job.scope.traps == TrapPolicy::kAvoid) continue;
    const auto found = fates_.find(target.fingerprint);
    if (!may_be_missing(found == fates_.end() ? nullptr : &found->second)) {
      complain(target.url + ", on " + page.url + ", was never fetched" +
               (fate.unmodified ? " (the page is unmodified)" : ""));
    }
  }
}

void CrawlJudge::check_reason(const SimulatedPage& page, FilterReason reason,
                              const std::set<FilterReason>& reasons) {
  if (reason == FilterReason::kTrap && web_.job.scope.traps == TrapPolicy::kAvoid) return;
  if (reason == FilterReason::kRobots && !web_.allowed(page)) return;
  if (reasons.contains(reason)) return;
  complain(page.url + " was filtered as " + std::string(filter_reason_name(reason)) +
           " for no reason");
}

void CrawlJudge::pass_ends() {
  reasons_.clear();
  wanted_.clear();
  for (const Url& url : web_.start) wanted_.insert(web_.page_at(url.href())->fingerprint);
  for (const SimulatedPage& page : web_.pages) {
    const auto fate = fates_.find(page.fingerprint);
    if (fate != fates_.end() && fate->second.ended) check_links(page, fate->second);
  }
  for (const SimulatedOrigin& origin : web_.origins) {
    const SimulatedOrigin* rules = web_.robots_of(origin);
    const bool asked = web_.job.politeness.robots == RobotsPolicy::kObey && origin.in_scope &&
                       robots_known_.contains(origin.origin);
    if (rules == nullptr || !asked) continue;
    for (const std::size_t sitemap : rules->sitemaps) {
      wanted_.insert(web_.pages[sitemap].fingerprint);
    }
  }
  for (const auto& [fingerprint, fate] : fates_) {
    const SimulatedPage* page = page_of(fingerprint);
    if (page == nullptr) {
      complain("an unknown URL was found");
    } else if (fate.filtered) {
      check_reason(*page, *fate.filtered, reasons_[fingerprint]);
    } else if (fate.ended && !wanted_.contains(fingerprint) && !carried_.contains(fingerprint)) {
      complain(page->url + " was not to be followed from anywhere");
    }
  }
}

std::vector<std::string> CrawlJudge::rows() const {
  std::vector<std::string> rows;
  for (const auto& [fingerprint, fate] : fates_) {
    const SimulatedPage* page = page_of(fingerprint);
    const std::string_view how = fate.ended      ? page_status_name(*fate.ended)
                                 : fate.filtered ? std::string_view("filtered")
                                                 : std::string_view("queued");
    rows.push_back((page == nullptr ? "?" : page->url) + ' ' + std::string(how));
  }
  std::ranges::sort(rows);
  return rows;
}

}  // namespace placer
