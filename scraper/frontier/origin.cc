#include "scraper/frontier/origin.h"

#include <algorithm>
#include <utility>

#include "scraper/frontier/pace.h"
#include "scraper/frontier/verdict.h"

namespace placer {
namespace {

constexpr std::uint32_t kMostRedirects = 5;           // section 2.3.1.2
constexpr std::chrono::hours kLifetime{24};           // section 2.4
constexpr std::chrono::hours kCopyLifetime{30 * 24};  // section 2.3.1.4
constexpr std::chrono::hours kNextAttempt{1};         // after the last attempt

enum class Answer : std::uint8_t { kRules, kUnavailable, kUnreachable, kNone };

Answer answer_of(const Outcome& outcome, bool redirected) {
  const bool is_3xx = outcome.status >= 300 && outcome.status < 400;
  if (outcome.error) {
    switch (outcome.error->code) {
      case ErrorCode::kWorkerKilled:
      case ErrorCode::kCancelled:
      case ErrorCode::kNoDescriptors:
        return Answer::kNone;
      case ErrorCode::kAddressRefused:
        return redirected ? Answer::kUnreachable : Answer::kUnavailable;
      case ErrorCode::kInvalidUrl:  // of a Location
        return is_3xx ? Answer::kUnavailable : Answer::kUnreachable;
      default:
        return Answer::kUnreachable;
    }
  }
  if (outcome.status >= 200 && outcome.status < 300) return Answer::kRules;
  const bool is_4xx = outcome.status >= 400 && outcome.status < 500;
  const bool unavailable = (is_3xx && outcome.status != 304) || (is_4xx && outcome.status != 429);
  return unavailable ? Answer::kUnavailable : Answer::kUnreachable;
}

// REQUIRES: number > 0. Lines end as RobotsLines has them.
std::string_view line_of(std::string_view text, int number) {
  std::string_view line;
  for (int i = 0; i < number; ++i) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    line = text.substr(0, end);
    const bool crlf = text.substr(end).starts_with("\r\n");
    text.remove_prefix(std::min(text.size(), end + (crlf ? 2 : 1)));
  }
  return line;
}

}  // namespace

OriginRules origin_rules(const PolitenessOptions& politeness, const RetryOptions& retry) {
  return {politeness.robots, std::string(product_token(politeness.user_agent)), retry.attempts,
          retry.backoff, retry.max_backoff};
}

OriginVerdict explain_robots(const OriginState& origin, const OriginRules& rules,
                             std::string_view path_and_query) {
  if (rules.robots == RobotsPolicy::kIgnore)
    return {true, 0, "robots.txt is ignored, as the job says"};
  switch (origin.state) {
    case RobotsState::kUnknown:
      return {false, 0, "robots.txt was not asked for yet"};
    case RobotsState::kAllowAll:
      return {true, 0, "there is no robots.txt"};
    case RobotsState::kUnreachable:
      return {false, 0, "robots.txt is unreachable"};
    case RobotsState::kRules:
      break;
  }
  const RobotsVerdict verdict = Robots::parse(origin.robots_txt, rules.agent).check(path_and_query);
  std::string reason = "no rule matches";
  if (verdict.line > 0) {
    reason = "by line " + std::to_string(verdict.line) + ": ";
    reason += line_of(origin.robots_txt, verdict.line);
  }
  if (origin.failures > 0) reason += " (of an earlier copy; now robots.txt is unreachable)";
  return {verdict.allowed, verdict.line, std::move(reason)};
}

OriginRobots::OriginRobots(OriginState stored, const OriginRules& rules, Instant run_started,
                           Instant now)
    : rules_(&rules), state_(std::move(stored)) {
  const bool of_this_run = state_.fetched_at >= run_started && state_.fetched_at <= now;
  state_.fetched_at = std::min(state_.fetched_at, now);
  state_.expires_at = std::min<Instant>(state_.expires_at, now + kLifetime);
  if (state_.state == RobotsState::kUnreachable && !of_this_run) {
    state_.state = RobotsState::kUnknown;
    state_.failures = 0;
  }
  if (state_.state == RobotsState::kRules) {
    robots_ = Robots::parse(state_.robots_txt, rules_->agent);
  }
}

RobotsGate OriginRobots::gate(Instant now) const {
  if (rules_->robots == RobotsPolicy::kIgnore) return RobotsGate::kOpen;
  if (asked_) return RobotsGate::kAsked;
  if (state_.state == RobotsState::kUnknown || state_.expires_at <= now) return RobotsGate::kAsk;
  if (state_.state != RobotsState::kUnreachable) return RobotsGate::kOpen;
  return state_.failures < rules_->attempts ? RobotsGate::kWait : RobotsGate::kHeld;
}

Request OriginRobots::ask() {
  asked_ = true;
  Request request;
  request.kind = RequestKind::kRobots;
  request.url = next_url();
  request.attempt = state_.failures + 1;
  request.redirects = redirects_;
  return request;
}

bool OriginRobots::finish(const Outcome& outcome, Instant now, std::minstd_rand& random) {
  asked_ = false;
  if (is_redirect(outcome) && redirects_ < kMostRedirects) {
    ++redirects_;
    url_ = outcome.links.front().url;
    return false;
  }
  const bool not_modified =
      !outcome.error && outcome.status == 304 && state_.state == RobotsState::kRules;
  switch (answer_of(outcome, redirects_ > 0)) {
    case Answer::kNone:
      return false;
    case Answer::kRules:
      answer_with(RobotsState::kRules, outcome.robots_txt, now);
      break;
    case Answer::kUnavailable:
      answer_with(RobotsState::kAllowAll, {}, now);
      break;
    case Answer::kUnreachable:
      if (not_modified) {
        answer_with(RobotsState::kRules, std::move(state_.robots_txt), now);
      } else {
        fail(outcome, now, random);
      }
      break;
  }
  redirects_ = 0;
  url_.clear();
  return true;
}

void OriginRobots::answer_with(RobotsState state, std::string robots_txt, Instant now) {
  state_.state = state;
  state_.robots_txt = std::move(robots_txt);
  state_.failures = 0;
  state_.fetched_at = now;
  state_.expires_at = now + kLifetime;
  robots_ = Robots::parse(state_.robots_txt, rules_->agent);
}

bool OriginRobots::has_copy(Instant now) const {
  return state_.state == RobotsState::kRules && now - state_.fetched_at < kCopyLifetime;
}

void OriginRobots::fail(const Outcome& outcome, Instant now, std::minstd_rand& random) {
  last_error_ = describe_failure(outcome);
  ++state_.failures;
  std::chrono::milliseconds pause = kNextAttempt;
  if (state_.failures < rules_->attempts) {
    pause = placer::backoff(rules_->backoff, rules_->max_backoff, state_.failures, random);
  }
  if (outcome.retry_after) {
    pause = std::max(
        pause, std::min<std::chrono::milliseconds>(*outcome.retry_after, Pace::kLongestPause));
  }
  state_.expires_at = now + pause;
  if (has_copy(now)) {
    const Instant copy_ends = state_.fetched_at + kCopyLifetime;
    state_.expires_at = std::min(state_.expires_at, copy_ends);
    return;
  }
  state_.state = RobotsState::kUnreachable;
  state_.robots_txt.clear();
  state_.fetched_at = now;
  robots_ = {};
}

RobotsVerdict OriginRobots::check(std::string_view path_and_query) const {
  if (rules_->robots == RobotsPolicy::kIgnore) return {};
  switch (state_.state) {
    case RobotsState::kAllowAll:
      return {};
    case RobotsState::kRules:
      return robots_.check(path_and_query);
    default:
      return {false, 0};
  }
}

std::chrono::milliseconds OriginRobots::crawl_delay() const {
  return robots_.crawl_delay().value_or(std::chrono::milliseconds{0});
}

}  // namespace placer
