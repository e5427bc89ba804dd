// The frontier's way in: which links become queue rows.
#include <algorithm>

#include "scraper/frontier/frontier.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/verdict.h"

namespace placer {
namespace {

constexpr std::size_t kMaxUrlLength = 2048;
constexpr std::size_t kMaxBody = 16 << 10;
// From a page of the job to a vendor, to where the vendor's API moved, to what a rule asks of its
// answer: no further, or pages could send the crawl from host to host without an end.
constexpr std::uint32_t kMaxEndpointHops = 3;
// sitemaps.org allows an index of sitemaps; an index of indexes is tolerated.
constexpr std::uint32_t kMaxSitemapDepth = 2;
constexpr std::size_t kMaxSitemapsOfRobots = 100;

// But for its URL.
QueuedUrl row_for(const Link& link) {
  QueuedUrl url;
  url.fingerprint = link.fingerprint;
  url.body = link.body;
  url.kind = link.kind == LinkKind::kSitemap ? RequestKind::kSitemap : RequestKind::kPage;
  return url;
}

// QueuedUrl::endpoint of what `link` leads to; 0: the scope binds it.
std::uint32_t endpoint_hops(const Link& link, const QueuedUrl& parent) {
  const bool moved = link.kind == LinkKind::kRedirect && parent.endpoint > 0;
  if (link.kind != LinkKind::kEndpoint && !moved) return 0;
  const bool same_origin = split_href(link.url).origin == split_href(parent.url).origin;
  const std::uint32_t hops = same_origin ? std::max(parent.endpoint, 1U) : parent.endpoint + 1;
  return hops > kMaxEndpointHops ? 0 : hops;
}

bool leads_elsewhere(LinkKind kind) {
  return kind == LinkKind::kRedirect || kind == LinkKind::kMetaRefresh;
}

// What an endpoint answers belongs to the page that names it, like what a redirect leads to.
bool is_same_document(LinkKind kind) {
  return leads_elsewhere(kind) || kind == LinkKind::kCanonical || kind == LinkKind::kEndpoint;
}

bool is_of_scope(FilterReason reason) {
  return reason == FilterReason::kHost || reason == FilterReason::kInclude ||
         reason == FilterReason::kExclude;
}

// Of the job, though perhaps not wanted now or from here: an unmodified page still speaks of it.
bool is_wanted(const Known& known) {
  return !known.filtered_as || !is_of_scope(*known.filtered_as);
}

std::uint32_t depth_of(const Sieve::Found& found, const QueuedUrl& parent) {
  if (found.on_record) return found.depth;
  if (parent.fingerprint == 0) return 0;
  if (is_same_document(found.link.kind)) return parent.depth;
  const bool listed = parent.kind == RequestKind::kSitemap;
  return listed && found.link.kind != LinkKind::kSitemap ? 1 : parent.depth + 1;
}

// The latest moment of the change that a sitemap tells of: of a mere date the end of the day.
std::chrono::seconds changed_by(const Link& link) {
  constexpr std::chrono::seconds kDay = std::chrono::days(1);
  const std::chrono::seconds at(link.modified);
  return link.modified > 0 && at % kDay == std::chrono::seconds(0) ? at + kDay : at;
}

// A redirect may lead to another spelling of the same key: from "/a?utm_source=b" to "/a".
bool is_respelling(const Link& link, const QueuedUrl& parent) {
  return leads_elsewhere(link.kind) && link.fingerprint == parent.fingerprint &&
         link.url != parent.url;
}

}  // namespace

void Frontier::seed(const std::vector<Url>& start, Instant now) {
  completion_at(now);
  for (const Url& url : start) found(link_to(url, LinkKind::kAnchor));
  for (const StartUrl& listed : sitemaps_.urls) {
    if (const auto url = Url::parse(listed.url)) found(link_to(*url, LinkKind::kSitemap));
  }
  parents_.emplace_back();
}

// Of the page that becomes the last one in parents_ and completions_.
void Frontier::found(Link link, bool on_record) {
  sieve_.add({std::move(link), parents_.size(), completions_.size() - 1, on_record, 0});
}

// Sets aside what is to be looked up with the next commit. What is known to be accepted is only
// noted, for the day on which the page answers "not modified".
void Frontier::collect_links(Outcome& outcome, const QueuedUrl& parent) {
  bool on_record = parent.endpoint == 0 && !is_redirect(outcome);
  const bool has_sessions = hosts_.at(parent.host).patterns.knows_sessions();
  std::vector<std::uint64_t> accepted;
  accepted.reserve(outcome.links.size());
  for (Link& link : outcome.links) {
    if (has_sessions) forget_sessions(link, parent);
    on_record = on_record && link.body.empty() && link.kind != LinkKind::kEndpoint;
    const auto known = sieve_.recent(link.fingerprint);
    if (known && !known->filtered_as && !is_respelling(link, parent)) {
      accepted.push_back(link.fingerprint);
    } else {
      found(std::move(link));
    }
  }
  outcome.links.clear();
  if (on_record) completions_.back().outlinks = std::move(accepted);
}

// URLs of a host that differ only in session ids learned of it are one page.
std::uint64_t Frontier::fingerprint_without_sessions(const Host& host, const std::string& href,
                                                     std::uint64_t as_it_stands) const {
  if (limits_.traps == TrapPolicy::kFollow) return as_it_stands;
  const UrlParts parts = split_href(href);
  const auto plain = host.patterns.without_sessions(parts.path_and_query);
  if (!plain) return as_it_stands;
  const auto url = Url::parse(std::string(parts.origin) + *plain);
  return url ? fingerprint(dedupe_key(*url)) : as_it_stands;
}

void Frontier::forget_sessions(Link& link, const QueuedUrl& parent) const {
  if (!link.body.empty() || split_href(link.url).host != split_href(parent.url).host) return;
  link.fingerprint =
      fingerprint_without_sessions(hosts_.at(parent.host), link.url, link.fingerprint);
}

bool Frontier::has_learned_session(const Host& host, const QueuedUrl& url) const {
  return fingerprint_without_sessions(host, url.url, url.fingerprint) != url.fingerprint;
}

// A URL that was queued before the session id in it was known: the same page may have been found
// by another.
void Frontier::find_again(Host& host, const QueuedUrl& url, Instant now) {
  drop(host, url, FilterReason::kTrap, now);
  completions_.back().found_on = url.found_on;  // whose outlinks name it by a key that is no more
  Link link;
  link.url = url.url;
  link.fingerprint = fingerprint_without_sessions(host, url.url, url.fingerprint);
  link.kind = LinkKind::kCanonical;  // the same document
  found(std::move(link));
  Parent parent{url};
  parent.url.fingerprint = url.found_on;
  parents_.push_back(std::move(parent));
}

// The links of a page that is as it was: those on record.
void Frontier::collect_outlinks(const QueuedUrl& parent) {
  auto targets = storage_.outlinks(parent.fingerprint);
  if (!targets) {
    failure_ = std::move(targets.error());
    return;
  }
  for (const std::uint64_t target : *targets) {
    const auto known = sieve_.recent(target);
    if (known && !known->filtered_as) continue;
    Link link;
    link.fingerprint = target;
    found(std::move(link), true);
  }
}

// A site's robots.txt may name sitemaps on any host (sitemaps.org, "Cross Submits").
void Frontier::collect_sitemaps(const Origin& origin) {
  const auto& named = origin.robots.sitemaps();
  const auto base = Url::parse(origin.robots.state().origin + "/");
  if (!sitemaps_.from_robots || named.empty()) return;
  if (!base || !scope_.has_host(base->host())) return;
  std::size_t taken = 0;
  completion_at(started_);  // its own: they are no links of a page
  for (const std::string& text : named) {
    const auto url = Url::parse(text, &*base);
    if (url && ++taken <= kMaxSitemapsOfRobots) found(link_to(*url, LinkKind::kSitemap));
  }
  parents_.emplace_back();
}

Result<std::vector<Completion>> Frontier::take_completions(Instant now) {
  now_ = now;
  auto done = sieve_.run([this](Sieve::Found& found, Known& known) { judge(found, known); });
  if (done && failure_) done = tl::unexpected(*std::exchange(failure_, std::nullopt));
  if (!done) return tl::unexpected(std::move(done.error()));
  learn_patterns();
  parents_.clear();
  pages_ended_ = 0;
  settle_hosts(now);
  return std::exchange(completions_, {});
}

// What the pages fetched say of the patterns of their URLs.
void Frontier::learn_patterns() {
  for (Parent& parent : parents_) {
    const auto host = hosts_.find(parent.url.host);
    if (!parent.yield || host == hosts_.end()) continue;
    host->second.patterns.fetched(split_href(parent.url.url).path_and_query, *parent.yield);
  }
}

bool Frontier::is_trap(const Host& host, std::string_view path_and_query, Instant now) const {
  if (limits_.traps == TrapPolicy::kFollow) return false;
  const auto today = std::chrono::floor<std::chrono::days>(now);
  return host.patterns.refuses(path_and_query, today).has_value();
}

// What is known of a URL holds, unless this link is better than the ones before: by a shorter way,
// without nofollow, as an endpoint, or with news.
void Frontier::judge(Sieve::Found& found, Known& known) {
  const QueuedUrl& parent = parents_[found.parent].url;
  Completion& completion = completions_[found.completion];
  const bool better = known.filtered_as && may_be_reconsidered(*known.filtered_as);
  if (!known.found || better || is_respelling(found.link, parent)) consider(found, known);
  if (completion.outlinks && is_wanted(known)) {
    completion.outlinks->push_back(found.link.fingerprint);
  }
}

// Takes the link's URL when it goes into the queue.
void Frontier::consider(Sieve::Found& found, Known& known) {
  Link& link = found.link;
  if (link.url.empty()) return;  // its page is not on record any more
  const QueuedUrl& parent = parents_[found.parent].url;
  const UrlParts parts = split_href(link.url);
  QueuedUrl url = row_for(link);
  url.found_on = parent.fingerprint;
  url.depth = depth_of(found, parent);
  url.redirects = leads_elsewhere(link.kind) ? parent.redirects + 1 : 0;
  url.endpoint = endpoint_hops(link, parent);
  if (leads_elsewhere(link.kind)) url.kind = parent.kind;
  Completion& completion = completions_[found.completion];
  if (const auto reason = rejects(found, parts, url, known)) {
    return filter(link, *reason, known, completion);
  }
  Host& host = host_named(parts.host, now_);
  if (auto& yield = parents_[found.parent].yield) {
    yield->leads.add(host.patterns.queued(parts.path_and_query));
  }
  url.url = std::move(link.url);
  accept(std::move(url), host, known, completion);
}

// Start URLs, and what was accepted before under the same job, need no permission but that of the
// limits, which come last: they depend on how many were accepted so far.
std::optional<FilterReason> Frontier::rejects(const Sieve::Found& found, const UrlParts& parts,
                                              const QueuedUrl& url, const Known& known) {
  const QueuedUrl& parent = parents_[found.parent].url;
  const bool start = parent.fingerprint == 0;
  if (!start && !found.on_record) {
    if (const auto reason = rejects_new(found.link, parts, url, parent, known)) return reason;
  }
  // What a start URL redirects to is as good as one.
  if (!start && url.depth > 0 && url.kind == RequestKind::kPage && known.fetched_at &&
      changed_by(found.link) <= known.fetched_at->time_since_epoch()) {
    return FilterReason::kNotDue;
  }
  if (accepted_ >= limits_.max_pages) return FilterReason::kMaxPages;
  if (host_named(parts.host, now_).state.accepted >= limits_.max_pages_per_host) {
    return FilterReason::kMaxPagesPerHost;
  }
  return std::nullopt;
}

std::optional<FilterReason> Frontier::rejects_new(const Link& link, const UrlParts& parts,
                                                  const QueuedUrl& url, const QueuedUrl& parent,
                                                  const Known& known) {
  const bool obeys = politeness_.robots == RobotsPolicy::kObey;
  const bool sitemap = url.kind == RequestKind::kSitemap;
  if (known.filtered_as && url.endpoint == 0 && is_of_scope(*known.filtered_as)) {
    return known.filtered_as;
  }
  if (link.nofollow && obeys) return FilterReason::kNofollow;
  if (url.redirects > max_redirects_) return FilterReason::kRedirects;
  if (url.depth > (sitemap ? kMaxSitemapDepth : limits_.max_depth)) return FilterReason::kDepth;
  if (link.url.size() > kMaxUrlLength || link.body.size() > kMaxBody) {
    return FilterReason::kUrlLength;
  }
  if (sitemap) {
    const bool same_origin = split_href(parent.url).origin == parts.origin;
    if (!same_origin && !scope_.has_host(parts.host)) return FilterReason::kHost;
  } else if (url.endpoint == 0) {
    if (const auto reason = scope_.excludes(parts)) return reason;
    if (is_trap(host_named(parts.host, now_), parts.path_and_query, now_)) {
      // A page that an earlier pass has fetched is none.
      const auto page = storage_.pages({&link.fingerprint, 1});
      if (page && !page->front()) return FilterReason::kTrap;
    }
  }
  if (obeys) {
    const auto origin = origins_.find(parts.origin);
    if (origin != origins_.end() && origin->second.robots.state().state == RobotsState::kRules &&
        !origin->second.robots.check(parts.path_and_query).allowed) {
      return FilterReason::kRobots;
    }
  }
  return std::nullopt;
}

// Limits are counted for each link; everything else once for a URL, which is remembered.
void Frontier::filter(const Link& link, FilterReason reason, Known& known, Completion& completion) {
  if (known.found) return;  // counts as what it was filtered as first
  const bool limit = reason == FilterReason::kMaxPages || reason == FilterReason::kMaxPagesPerHost;
  completion.filtered.push_back({reason, link.url, limit ? 0 : link.fingerprint});
  if (limit) completion.outlinks.reset();  // to be found again when there is room
  if (limit) return;
  known.found = true;
  known.filtered_as = reason;
}

void Frontier::accept(QueuedUrl url, Host& host, Known& known, Completion& completion) {
  if (known.filtered_as) completion.reconsidered.emplace_back(url.fingerprint, *known.filtered_as);
  known = {true, std::nullopt, std::nullopt};
  url.seq = next_seq_++;
  url.host = host.state.id;
  ++accepted_;
  ++queued_;
  ++host.state.accepted;
  ++host.state.queued;
  completion.discovered.push_back(std::move(url));
  touch(host);
  if (host.state.leased) {
    ++host.stored;
    reschedule(host);
  } else {
    unleased_ = true;
  }
}

}  // namespace placer
