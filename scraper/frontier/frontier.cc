#include "scraper/frontier/frontier.h"

#include <algorithm>

#include "scraper/frontier/verdict.h"

namespace placer {
namespace {

constexpr std::size_t kLowWater = 32;             // refilled below
constexpr std::uint32_t kMaxRobotsRedirects = 5;  // RFC 9309 section 2.3.1.2
constexpr std::uint32_t kMaxCrashes = 2;          // then the page is quarantined
// Transient failures in a row after which a host is left alone until the next run.
constexpr std::uint32_t kMaxHostFailures = 10;
// Workers killed from outside, one after the other, before the pages get the blame.
constexpr std::uint32_t kMaxKillsInARow = 100;
constexpr std::chrono::hours kRobotsLifetime{24};  // RFC 9309 section 2.4

std::vector<std::string> hosts_of(const std::vector<Url>& urls) {
  std::vector<std::string> hosts;
  for (const Url& url : urls) hosts.emplace_back(url.host());
  return hosts;
}

}  // namespace

Frontier::Frontier(const Job& job, const std::vector<Url>& start, Storage& storage, Resumed resumed,
                   Instant now, std::uint64_t seed)
    : politeness_(job.politeness),
      retry_(job.retry),
      limits_(job.scope),
      max_redirects_(job.fetch.max_redirects),
      scope_(job.scope, hosts_of(start)),
      storage_(storage),
      seen_(resumed.seen.begin(), resumed.seen.end()),
      passed_over_(resumed.passed_over.begin(), resumed.passed_over.end()),
      next_seq_(resumed.next_seq),
      accepted_(resumed.accepted),
      random_(static_cast<std::minstd_rand::result_type>(seed)) {
  for (HostState& state : resumed.hosts) {
    Host& host = hosts_[state.id];
    host.delay = politeness_.delay;
    host.stored = state.queued;
    host.state = std::move(state);
    // After a kill, requests that were under way left no trace: wait as if one had just begun.
    if (resumed.unclean) {
      host.state.next_allowed = std::max(host.state.next_allowed, now + host.delay);
    }
    host.state.failures = 0;
    host_ids_[host.state.host] = host.state.id;
    next_host_ = std::max(next_host_, host.state.id + 1);
    queued_ += host.state.queued;
    if (host.stored > 0) starving_.insert(host.state.id);
  }
  for (OriginState& state : resumed.origins) {
    if (state.state == RobotsState::kUnreachable) continue;  // asked again
    Host& host = hosts_[state.host];
    Origin& origin = origins_[state.origin];
    origin.rules = Robots::parse(state.robots_txt, product_token(politeness_.user_agent));
    host.delay = std::max(host.delay, std::min(origin.rules.crawl_delay().value_or(host.delay),
                                               politeness_.max_crawl_delay));
    origin.state = std::move(state);
  }
}

Frontier::Host& Frontier::host_named(std::string_view name) {
  const auto [it, is_new] = host_ids_.try_emplace(std::string(name), next_host_);
  Host& host = hosts_[it->second];
  if (is_new) {
    host.state.id = next_host_++;
    host.state.host = name;
    host.delay = politeness_.delay;
  }
  return host;
}

Frontier::Origin& Frontier::origin_named(std::string_view name, HostId host) {
  const auto [it, is_new] = origins_.try_emplace(std::string(name));
  if (is_new) {
    it->second.state.origin = name;
    it->second.state.host = host;
  }
  return it->second;
}

Completion& Frontier::completion_for(Host& host, Instant now) {
  Completion& completion = completions_.emplace_back();
  completion.hosts.push_back(host.state);
  completion.at = now;
  return completion;
}

void Frontier::reschedule(Host& host) {
  std::optional<Instant> due;
  const bool may_start =
      !host.held && !host.robots_in_flight && host.in_flight < politeness_.per_host;
  if (may_start && !host.window.empty()) {
    due = host.state.next_allowed;
  } else if (may_start && !host.retries.empty()) {
    due = std::max(host.state.next_allowed, host.retries.begin()->not_before);
  }
  if (due != host.due) {
    if (host.due) due_.erase({*host.due, host.state.id});
    if (due) due_.insert({*due, host.state.id});
    host.due = due;
  }
  if (host.held) {
    starving_.erase(host.state.id);
  } else if (host.stored > 0 && host.window.size() < kLowWater) {
    starving_.insert(host.state.id);
  }
}

std::optional<Instant> Frontier::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

std::optional<Request> Frontier::next(Instant now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    Host& host = hosts_.at(due_.begin()->second);
    auto request = next_of(host, now);
    reschedule(host);
    if (request) return request;
  }
  return std::nullopt;
}

std::optional<QueuedUrl> Frontier::take_url(Host& host, Instant now) {
  if (!host.retries.empty() && host.retries.begin()->not_before <= now) {
    return std::move(host.retries.extract(host.retries.begin()).value());
  }
  if (host.window.empty()) return std::nullopt;
  QueuedUrl url = std::move(host.window.front());
  host.window.pop_front();
  return url;
}

void Frontier::put_back(Host& host, QueuedUrl url) { host.window.push_front(std::move(url)); }

// The next request of a host whose time has come. Nothing when all its URLs at hand turn out to be
// disallowed or held.
std::optional<Request> Frontier::next_of(Host& host, Instant now) {
  while (auto url = take_url(host, now)) {
    const UrlParts parts = split_href(url->url);
    Origin& origin = origin_named(parts.origin, host.state.id);
    const bool expired =
        origin.state.state != RobotsState::kUnknown && origin.state.expires_at <= now;
    if (politeness_.robots == RobotsPolicy::kIgnore) return lease(host, std::move(*url), now);
    if (origin.state.state == RobotsState::kUnreachable && !expired) {
      ++origin.held_urls;  // its row stays in the queue
      continue;
    }
    if (origin.state.state == RobotsState::kUnknown || expired) {
      put_back(host, std::move(*url));
      return lease_robots(host, origin, now);
    }
    if (origin.state.state == RobotsState::kRules &&
        !origin.rules.check(parts.path_and_query).allowed) {
      --host.state.queued;
      --queued_;
      Completion& completion = completion_for(host, now);
      completion.dequeue = QueueKey{host.state.id, url->seq};
      completion.filtered.push_back({FilterReason::kRobots, url->url, url->fingerprint});
      continue;
    }
    return lease(host, std::move(*url), now);
  }
  return std::nullopt;
}

Request Frontier::lease(Host& host, QueuedUrl url, Instant now) {
  Request request;
  request.id = next_request_++;
  request.url = url.url;
  request.body = url.body;
  request.depth = url.depth;
  request.attempt = url.attempts + 1;
  request.crashes = url.crashes;
  request.redirects = url.redirects;
  leases_[request.id] = Lease{host.state.id, std::move(url), {}};
  ++host.in_flight;
  host.state.next_allowed = now + host.delay;
  return request;
}

Request Frontier::lease_robots(Host& host, Origin& origin, Instant now) {
  Request request;
  request.id = next_request_++;
  request.kind = RequestKind::kRobots;
  if (origin.robots_url.empty()) origin.robots_url = origin.state.origin + "/robots.txt";
  request.url = origin.robots_url;
  request.attempt = origin.state.failures + 1;
  request.redirects = origin.redirects;
  leases_[request.id] = Lease{host.state.id, std::nullopt, origin.state.origin};
  host.robots_in_flight = true;
  ++host.in_flight;
  host.state.next_allowed = now + host.delay;
  return request;
}

void Frontier::finish(Outcome outcome, Instant now) {
  Lease ended = std::move(leases_.extract(outcome.request.id).mapped());
  Host& host = hosts_.at(ended.host);
  --host.in_flight;
  const bool killed = outcome.error && outcome.error->code == ErrorCode::kWorkerKilled;
  kills_in_a_row_ = killed ? kills_in_a_row_ + 1 : 0;
  if (killed && kills_in_a_row_ > kMaxKillsInARow) {
    outcome.error->code = ErrorCode::kWorkerCrashed;
  }
  if (ended.url) {
    finish_page(host, std::move(*ended.url), std::move(outcome), now);
  } else {
    host.robots_in_flight = false;
    finish_robots(host, origins_.at(ended.origin), std::move(outcome), now);
  }
  reschedule(host);
}

std::chrono::milliseconds Frontier::backoff(std::uint32_t failures) {
  const auto doubled = retry_.backoff * (1LL << std::min(failures - 1, 20U));
  const auto pause = std::min<std::chrono::milliseconds>(doubled, retry_.max_backoff);
  // Up to a quarter more, so that retries of many URLs do not come in step.
  std::uniform_int_distribution<std::int64_t> jitter(0, pause.count() / 4);
  return pause + std::chrono::milliseconds(jitter(random_));
}

// Lengthens a host's pause by what the server asked for or by back-off.
void Frontier::hold_back(Host& host, const Outcome& outcome, Instant now) {
  if (!concerns_host(outcome)) {
    if (!outcome.error) host.state.failures = 0;
    return;
  }
  ++host.state.failures;
  auto pause = backoff(host.state.failures);
  if (outcome.retry_after) {
    pause = std::max(pause,
                     std::min<std::chrono::milliseconds>(*outcome.retry_after, retry_.max_backoff));
  }
  host.state.next_allowed = std::max(host.state.next_allowed, now + pause);
  host.last_error = describe_failure(outcome);
  host.held = host.state.failures >= kMaxHostFailures;
}

void Frontier::finish_robots(Host& host, Origin& origin, Outcome outcome, Instant now) {
  OriginState& state = origin.state;
  if (outcome.error && outcome.error->code == ErrorCode::kWorkerKilled) {
    completion_for(host, now).outcome = std::move(outcome);  // says nothing about the origin
    return;
  }
  if (is_redirect(outcome) && origin.redirects < kMaxRobotsRedirects) {
    ++origin.redirects;
    origin.robots_url = outcome.links.front().url;
    completion_for(host, now).outcome = std::move(outcome);
    return;
  }
  state.fetched_at = now;
  state.expires_at = now + kRobotsLifetime;
  const bool refused = outcome.error && outcome.error->code == ErrorCode::kAddressRefused;
  const bool answered = !outcome.error && outcome.status < 500 && outcome.status != 429;
  if (answered && outcome.status >= 200 && outcome.status < 300) {
    state.state = RobotsState::kRules;
    state.robots_txt = std::move(outcome.robots_txt);
    origin.rules = Robots::parse(state.robots_txt, product_token(politeness_.user_agent));
    host.delay = std::max(host.delay, std::min(origin.rules.crawl_delay().value_or(host.delay),
                                               politeness_.max_crawl_delay));
    host.state.next_allowed = std::max(host.state.next_allowed, now + host.delay);
  } else if (answered || refused) {
    // 4xx and endless redirects mean "no rules". A refused address can never be fetched from: its
    // pages will say so themselves.
    state.state = RobotsState::kAllowAll;
  } else {
    state.state = RobotsState::kUnreachable;
    ++state.failures;
    origin.last_error = describe_failure(outcome);
    hold_back(host, outcome, now);
    if (state.failures < retry_.attempts) {
      state.expires_at = now + backoff(state.failures);
      host.state.next_allowed = std::max(host.state.next_allowed, state.expires_at);
    }
  }
  if (state.state != RobotsState::kUnreachable) {
    state.failures = 0;
    host.state.failures = 0;
  }
  origin.redirects = 0;
  origin.robots_url.clear();
  Completion& completion = completion_for(host, now);
  completion.origin = state;
  completion.outcome = std::move(outcome);
}

// True when the URL is to be fetched again; its new state is in `url`.
bool Frontier::retry(Host& host, QueuedUrl& url, const Outcome& outcome, Instant now) {
  url.not_before = now;
  if (outcome.error && outcome.error->code == ErrorCode::kWorkerKilled) return true;
  if (outcome.error && outcome.error->code == ErrorCode::kWorkerCrashed) {
    return ++url.crashes < kMaxCrashes;
  }
  if (!is_transient(outcome)) return false;
  if (host.held) return true;  // not this page's fault; it waits for the next run
  if (++url.attempts >= retry_.attempts) return false;
  url.not_before = now + backoff(url.attempts);
  return true;
}

void Frontier::finish_page(Host& host, QueuedUrl url, Outcome outcome, Instant now) {
  hold_back(host, outcome, now);
  const bool again = retry(host, url, outcome, now);
  Completion completion;
  completion.at = now;
  completion.found_on = url.found_on;
  completion.fingerprint = url.fingerprint;
  if (again) {
    completion.requeue = url;
    if (!host.held) host.retries.insert(std::move(url));
  } else {
    completion.dequeue = QueueKey{host.state.id, url.seq};
    const bool poisonous = url.crashes >= kMaxCrashes;
    completion.page = poisonous ? PageStatus::kQuarantined : page_status(outcome);
    --host.state.queued;
    --queued_;
    ++host.state.fetched;
    for (const Link& link : outcome.links) discover(link, url, completion);
    outcome.links.clear();
  }
  // Last: discovering may have changed the host's counts.
  std::erase_if(completion.hosts, [&](const HostState& h) { return h.id == host.state.id; });
  completion.hosts.push_back(host.state);
  completion.outcome = std::move(outcome);
  completions_.push_back(std::move(completion));
}

Result<void> Frontier::refill(Instant now) {
  for (const HostId id : std::exchange(starving_, {})) {
    Host& host = hosts_.at(id);
    auto urls = storage_.queued(id, host.window_end, kWindow);
    if (!urls) return tl::unexpected(std::move(urls.error()));
    host.stored = urls->size() < kWindow ? 0 : host.stored - std::min(host.stored, urls->size());
    for (QueuedUrl& url : *urls) {
      host.window_end = url.seq;
      if (url.not_before > now) {
        host.retries.insert(std::move(url));
      } else {
        host.window.push_back(std::move(url));
      }
    }
    reschedule(host);
  }
  return {};
}

std::vector<HeldHost> Frontier::held() const {
  std::vector<HeldHost> held;
  for (const auto& [name, origin] : origins_) {
    if (origin.held_urls > 0) {
      held.push_back({name, origin.held_urls, "robots.txt unreachable: " + origin.last_error});
    }
  }
  for (const auto& [id, host] : hosts_) {
    if (host.held && host.state.queued > 0) {
      held.push_back({host.state.host, host.state.queued, host.last_error});
    }
  }
  std::ranges::sort(held, {}, &HeldHost::origin);
  return held;
}

}  // namespace placer
