#include "scraper/cli/inspect/links.h"

#include <fmt/core.h>

#include <algorithm>

#include "scraper/crawl_state.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/trap_forms.h"

namespace placer::cli {
namespace {

constexpr std::size_t kLongestUrl = 2048;

std::vector<std::string> start_hosts(const Job& job) {
  std::vector<std::string> hosts;
  for (const StartUrl& start : job.start) {
    if (const auto url = Url::parse(start.url)) hosts.emplace_back(url->host());
  }
  return hosts;
}

std::uint64_t fingerprint_of(const Url& url) { return fingerprint(dedupe_key(url)); }

std::uint32_t depth_of(const Job& job, const Url& page) {
  const bool is_start = std::ranges::any_of(job.start, [&](const StartUrl& start) {
    const auto url = Url::parse(start.url);
    return url && fingerprint_of(*url) == fingerprint_of(page);
  });
  return is_start ? 0 : 1;
}

LinkVerdict refused(FilterReason reason, std::string detail = {}) {
  return {false, std::string(filter_reason_name(reason)), std::move(detail)};
}

// A redirect and its like lead to the same document.
bool goes_deeper(LinkKind kind) {
  return kind == LinkKind::kAnchor || kind == LinkKind::kRelation || kind == LinkKind::kFrame;
}

}  // namespace

LinkJudge::LinkJudge(const Job& job, const Url& page, const RobotsAnswer* robots)
    : job_(job),
      page_(page),
      robots_(robots),
      scope_(job.scope, start_hosts(job)),
      depth_(depth_of(job, page)),
      today_(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())) {
  known_.insert(fingerprint_of(page));
}

LinkVerdict LinkJudge::judge(const Link& link) {
  const UrlParts parts = split_href(link.url);
  LinkVerdict verdict{true, "",
                      link.kind == LinkKind::kEndpoint ? "the scope does not bind it" : ""};
  if (auto refusal = judge_place(link, parts)) {
    verdict = *std::move(refusal);
  } else if (auto disallowed = judge_robots(link, parts)) {
    verdict = *std::move(disallowed);
  }
  if (verdict.followed && !known_.insert(link.fingerprint).second) {
    return {false, "same-page", "found above, or this page itself"};
  }
  return verdict;
}

std::optional<LinkVerdict> LinkJudge::judge_place(const Link& link, const UrlParts& parts) const {
  const bool obeys = job_.politeness.robots == RobotsPolicy::kObey;
  if (link.nofollow && obeys) return refused(FilterReason::kNofollow);
  const std::uint32_t depth = depth_ + (goes_deeper(link.kind) ? 1 : 0);
  if (depth > job_.scope.max_depth) {
    return refused(FilterReason::kDepth, fmt::format("max_depth is {}", job_.scope.max_depth));
  }
  if (link.url.size() > kLongestUrl) return refused(FilterReason::kUrlLength);
  if (link.kind == LinkKind::kEndpoint) return std::nullopt;
  if (const auto reason = scope_.excludes(parts)) return refused(*reason);
  if (job_.scope.traps == TrapPolicy::kFollow) return std::nullopt;
  if (const auto trap = trap_form(UrlShape(parts.path_and_query), today_)) {
    return refused(FilterReason::kTrap, std::string(trap_reason_name(*trap)));
  }
  return std::nullopt;
}

std::optional<LinkVerdict> LinkJudge::judge_robots(const Link& link, const UrlParts& parts) const {
  if (job_.politeness.robots != RobotsPolicy::kObey || robots_ == nullptr) return std::nullopt;
  if (parts.origin != page_.origin()) {
    return LinkVerdict{true, "", "if its host's robots.txt allows it"};
  }
  const auto url = Url::parse(link.url);
  if (!url) return std::nullopt;
  const auto verdict = robots_->check(*url);
  if (verdict.allowed) return std::nullopt;
  return refused(FilterReason::kRobots, verdict.text);
}

}  // namespace placer::cli
