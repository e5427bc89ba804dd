// The frontier's way in: which links become queue rows.
#include <algorithm>

#include "scraper/frontier/frontier.h"
#include "scraper/frontier/key.h"

namespace placer {
namespace {

constexpr std::size_t kMaxUrlLength = 2048;
constexpr std::size_t kMaxBody = 16 << 10;

}  // namespace

void Frontier::seed(const std::vector<Url>& start, Instant now) {
  Completion completion;
  completion.at = now;
  for (const Url& url : start) {
    const Link link = link_to(url, LinkKind::kAnchor);
    if (!seen_.contains(link.fingerprint)) accept(link, 0, 0, 0, completion);
  }
  completions_.push_back(std::move(completion));
}

std::optional<FilterReason> Frontier::rejects(const UrlParts& parts, bool bound) {
  if (bound) {
    if (const auto reason = scope_.excludes(parts)) return reason;
  }
  if (politeness_.robots == RobotsPolicy::kIgnore) return std::nullopt;
  const auto origin = origins_.find(std::string(parts.origin));
  if (origin != origins_.end() && origin->second.state.state == RobotsState::kRules &&
      !origin->second.rules.check(parts.path_and_query).allowed) {
    return FilterReason::kRobots;
  }
  return std::nullopt;
}

void Frontier::discover(const Link& link, const QueuedUrl& parent, Completion& completion) {
  const bool redirect = link.kind == LinkKind::kRedirect || link.kind == LinkKind::kMetaRefresh;
  // A redirect may lead to another spelling of the same key: from "/a?utm_source=b" to "/a".
  const bool respelled =
      redirect && link.fingerprint == parent.fingerprint && link.url != parent.url;
  if (seen_.contains(link.fingerprint) && !respelled) return;
  // What an endpoint answers belongs to the page that names it.
  const bool same_document =
      redirect || link.kind == LinkKind::kCanonical || link.kind == LinkKind::kEndpoint;
  const std::uint32_t depth = parent.depth + (same_document ? 0 : 1);
  const std::uint32_t redirects = redirect ? parent.redirects + 1 : 0;
  const auto reject_link = [&](FilterReason reason) {
    completion.filtered.push_back({reason, link.url, 0});
  };
  if (link.nofollow && politeness_.robots == RobotsPolicy::kObey) {
    return reject_link(FilterReason::kNofollow);
  }
  if (redirects > max_redirects_) return reject_link(FilterReason::kRedirects);
  if (depth > limits_.max_depth) return reject_link(FilterReason::kDepth);
  const UrlParts parts = split_href(link.url);
  // What a rule or a locator asked for lies outside the scope, and so may its redirects.
  const bool bound =
      link.kind != LinkKind::kEndpoint && !(redirect && scope_.excludes(split_href(parent.url)));
  const bool too_long = link.url.size() > kMaxUrlLength || link.body.size() > kMaxBody;
  if (const auto reason =
          too_long ? std::optional(FilterReason::kUrlLength) : rejects(parts, bound)) {
    seen_.insert(link.fingerprint);
    completion.filtered.push_back({*reason, link.url, link.fingerprint});
    return;
  }
  if (accepted_ >= limits_.max_pages) return reject_link(FilterReason::kMaxPages);
  if (host_named(parts.host).state.accepted >= limits_.max_pages_per_host) {
    return reject_link(FilterReason::kMaxPagesPerHost);
  }
  accept(link, depth, redirects, parent.fingerprint, completion);
}

void Frontier::accept(const Link& link, std::uint32_t depth, std::uint32_t redirects,
                      std::uint64_t found_on, Completion& completion) {
  seen_.insert(link.fingerprint);
  Host& host = host_named(split_href(link.url).host);
  QueuedUrl url;
  url.seq = next_seq_++;
  url.host = host.state.id;
  url.url = link.url;
  url.body = link.body;
  url.fingerprint = link.fingerprint;
  url.depth = depth;
  url.redirects = redirects;
  url.found_on = found_on;
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
