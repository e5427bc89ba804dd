// The frontier's way in: which links become queue rows.
#include <algorithm>

#include "scraper/frontier/frontier.h"
#include "scraper/frontier/key.h"

namespace placer {
namespace {

constexpr std::size_t kMaxUrlLength = 2048;
constexpr std::size_t kMaxBody = 16 << 10;
// From a page of the job to a vendor, to where the vendor's API moved, to what a rule asks of its
// answer: no further, or pages could send the crawl from host to host without an end.
constexpr std::uint32_t kMaxEndpointHops = 3;

QueuedUrl row_for(const Link& link) {
  QueuedUrl url;
  url.url = link.url;
  url.fingerprint = link.fingerprint;
  url.body = link.body;
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

bool is_of_scope(FilterReason reason) {
  return reason == FilterReason::kHost || reason == FilterReason::kInclude ||
         reason == FilterReason::kExclude;
}

}  // namespace

void Frontier::seed(const std::vector<Url>& start, Instant now) {
  Completion completion;
  completion.at = now;
  for (const Url& url : start) {
    const Link link = link_to(url, LinkKind::kAnchor);
    if (!seen_.contains(link.fingerprint)) accept(row_for(link), completion);
  }
  completions_.push_back(std::move(completion));
}

std::optional<FilterReason> Frontier::rejects(const Link& link, bool bound) {
  if (link.url.size() > kMaxUrlLength || link.body.size() > kMaxBody) {
    return FilterReason::kUrlLength;
  }
  const UrlParts parts = split_href(link.url);
  if (bound) {
    if (const auto reason = scope_.excludes(parts)) return reason;
  }
  if (politeness_.robots == RobotsPolicy::kObey) {
    const auto origin = origins_.find(std::string(parts.origin));
    if (origin != origins_.end() && origin->second.state.state == RobotsState::kRules &&
        !origin->second.rules.check(parts.path_and_query).allowed) {
      return FilterReason::kRobots;
    }
  }
  if (accepted_ >= limits_.max_pages) return FilterReason::kMaxPages;
  if (host_named(parts.host).state.accepted >= limits_.max_pages_per_host) {
    return FilterReason::kMaxPagesPerHost;
  }
  return std::nullopt;
}

// Limits are counted for each link; everything else once for a URL, which is remembered.
void Frontier::filter(const Link& link, FilterReason reason, Completion& completion) {
  const bool limit = reason == FilterReason::kMaxPages || reason == FilterReason::kMaxPagesPerHost;
  bool is_new = true;
  if (may_be_reconsidered(reason)) {
    is_new = passed_over_.emplace(link.fingerprint, reason).second;
  } else if (!limit) {
    is_new = passed_over_.erase(link.fingerprint) == 0;
    seen_.insert(link.fingerprint);
  }
  if (is_new) completion.filtered.push_back({reason, link.url, limit ? 0 : link.fingerprint});
}

void Frontier::discover(const Link& link, const QueuedUrl& parent, Completion& completion) {
  const bool redirect = link.kind == LinkKind::kRedirect || link.kind == LinkKind::kMetaRefresh;
  // A redirect may lead to another spelling of the same key: from "/a?utm_source=b" to "/a".
  const bool respelled =
      redirect && link.fingerprint == parent.fingerprint && link.url != parent.url;
  if (seen_.contains(link.fingerprint) && !respelled) return;
  QueuedUrl url = row_for(link);
  url.endpoint = endpoint_hops(link, parent);
  const auto before = passed_over_.find(link.fingerprint);
  if (before != passed_over_.end() && url.endpoint == 0 && is_of_scope(before->second)) return;
  // What an endpoint answers belongs to the page that names it.
  const bool same_document =
      redirect || link.kind == LinkKind::kCanonical || link.kind == LinkKind::kEndpoint;
  url.depth = parent.depth + (same_document ? 0 : 1);
  url.redirects = redirect ? parent.redirects + 1 : 0;
  url.found_on = parent.fingerprint;
  if (link.nofollow && politeness_.robots == RobotsPolicy::kObey) {
    return filter(link, FilterReason::kNofollow, completion);
  }
  if (url.redirects > max_redirects_) return filter(link, FilterReason::kRedirects, completion);
  if (url.depth > limits_.max_depth) return filter(link, FilterReason::kDepth, completion);
  if (const auto reason = rejects(link, url.endpoint == 0)) {
    return filter(link, *reason, completion);
  }
  accept(std::move(url), completion);
}

void Frontier::accept(QueuedUrl url, Completion& completion) {
  seen_.insert(url.fingerprint);
  if (passed_over_.erase(url.fingerprint) > 0) completion.reconsidered.push_back(url.fingerprint);
  Host& host = host_named(split_href(url.url).host);
  url.seq = next_seq_++;
  url.host = host.state.id;
  ++accepted_;
  ++queued_;
  ++host.state.accepted;
  ++host.state.queued;
  completion.discovered.push_back(url);
  const auto same = [&](const HostState& h) { return h.id == host.state.id; };
  std::erase_if(completion.hosts, same);
  completion.hosts.push_back(host.state);
  if (host.stored == 0 && host.window.size() < kWindow) {
    host.window_end = url.seq;
    host.window.push_back(std::move(url));
  } else {
    ++host.stored;
  }
  reschedule(host);
}

}  // namespace placer
