#include "scraper/frontier/frontier.h"

#include <algorithm>

#include "scraper/frontier/verdict.h"

namespace placer {
namespace {

constexpr std::uint32_t kMaxCrashes = 2;  // then the page is quarantined
// Refusals in a row after which a host is left alone until the next run.
constexpr std::uint32_t kMaxHostFailures = 10;
// Workers killed from outside, one after the other, before the pages get the blame.
constexpr std::uint32_t kMaxKillsInARow = 100;

std::vector<std::string> hosts_of(const std::vector<Url>& urls) {
  std::vector<std::string> hosts;
  for (const Url& url : urls) hosts.emplace_back(url.host());
  return hosts;
}

bool says_nothing_of_the_page(ErrorCode code) {
  return code == ErrorCode::kWorkerKilled || code == ErrorCode::kNoDescriptors;
}

// Nobody's trap: what the job or a rule of it names, and what an earlier pass has fetched.
bool may_be_trap(const QueuedUrl& url) {
  return url.kind == RequestKind::kPage && !url.on_record && url.found_on != 0 && url.endpoint == 0;
}

// Queued by the store because a budget allows it, not by a link that the scope has let pass.
bool is_revisit(const QueuedUrl& url) {
  return url.kind == RequestKind::kPage && url.found_on == 0 && url.depth > 0 && url.endpoint == 0;
}

}  // namespace

Frontier::Frontier(const Job& job, const std::vector<Url>& start, Storage& storage, Resumed resumed,
                   Instant now, std::uint64_t seed)
    : politeness_(job.politeness),
      retry_(job.retry),
      limits_(job.scope),
      max_redirects_(job.fetch.max_redirects),
      sitemaps_(job.sitemaps),
      pace_rules_(pace_rules(job.politeness, job.retry)),
      origin_rules_(origin_rules(job.politeness, job.retry)),
      scope_(job.scope, hosts_of(start)),
      storage_(storage),
      unleased_(resumed.queued > 0),
      addresses_(address_delay(job.politeness)),
      sieve_(storage),
      next_seq_(resumed.next_seq),
      next_host_(resumed.next_host),
      started_(now),
      unclean_(resumed.unclean),
      accepted_(resumed.accepted),
      queued_(resumed.queued),
      random_(static_cast<std::minstd_rand::result_type>(seed)) {}

Completion& Frontier::completion_at(Instant now) {
  Completion& completion = completions_.emplace_back();
  completion.at = now;
  return completion;
}

// Its state goes into the next commit.
void Frontier::touch(Host& host) {
  if (!host.touched) touched_.push_back(host.state.id);
  host.touched = true;
}

std::optional<Instant> Frontier::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

std::optional<Request> Frontier::next(Instant now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    Host& host = hosts_.at(due_.begin()->second);
    std::optional<Request> request;
    const Instant turn = addresses_.turn(host.state.address, now, host.waits_for_address);
    host.waits_for_address = turn > now;
    if (turn > now) {
      host.not_before = turn;
    } else {
      request = next_of(host, now);
    }
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

// The next request of a host whose time has come. Nothing when all its URLs at hand turn out to be
// disallowed or held.
std::optional<Request> Frontier::next_of(Host& host, Instant now) {
  while (auto url = take_url(host, now)) {
    const UrlParts parts = split_href(url->url);
    Origin& origin = origin_named(parts.origin, host, now);
    switch (origin.robots.gate(now)) {
      case RobotsGate::kHeld:
        ++origin.held_urls;  // its row stays in the queue
        touch(host);
        continue;
      case RobotsGate::kAsk:
        host.window.push_front(std::move(*url));
        return lease_robots(host, origin, now);
      case RobotsGate::kAsked:
      case RobotsGate::kWait:
        host.window.push_front(std::move(*url));
        host.not_before = std::max(now, origin.robots.asks_at());
        return std::nullopt;
      case RobotsGate::kOpen:
        break;
    }
    if (!origin.robots.check(parts.path_and_query).allowed) {
      drop(host, *url, FilterReason::kRobots, now);
    } else if (const auto reason = is_revisit(*url) ? scope_.excludes(parts) : std::nullopt) {
      drop(host, *url, *reason, now);  // the job was another one when it was fetched
    } else if (may_be_trap(*url) && has_learned_session(host, *url)) {
      find_again(host, *url, now);
    } else if (url->attempts == 0 && may_be_trap(*url) &&
               is_trap(host, parts.path_and_query, now)) {
      drop(host, *url, FilterReason::kTrap, now);
    } else {
      return lease(host, std::move(*url), now);
    }
  }
  return std::nullopt;
}

// A URL that was queued turns out not to be wanted; another one may have its place.
void Frontier::drop(Host& host, const QueuedUrl& url, FilterReason reason, Instant now) {
  --host.state.queued;
  --queued_;
  --host.state.accepted;
  --accepted_;
  touch(host);
  Completion& completion = completion_at(now);
  completion.dequeue = QueueKey{host.state.id, url.seq};
  completion.filtered.push_back({reason, url.url, url.fingerprint});
  sieve_.decided(url.fingerprint, reason);
}

Request Frontier::lease(Host& host, QueuedUrl url, Instant now) {
  Request request;
  request.id = next_request_++;
  request.url = url.url;
  request.body = url.body;
  request.kind = url.kind;
  request.depth = url.depth;
  request.attempt = url.attempts + 1;
  request.crashes = url.crashes;
  request.redirects = url.redirects;
  request.validators = url.validators;
  leases_[request.id] = Lease{host.state.id, host.state.id, now, std::move(url), {}};
  host.pace.started(now);
  touch(host);
  return request;
}

// Where robots.txt has moved to another host, that host's pace and address hold for it.
std::optional<Request> Frontier::lease_robots(Host& host, Origin& origin, Instant now) {
  Host& asked = host_named(split_href(origin.robots.next_url()).host, now);
  Instant free = asked.pace.in_flight() < politeness_.per_host
                     ? asked.pace.next_allowed()
                     : now + std::max(asked.pace.delay(), std::chrono::milliseconds(10));
  if (free <= now && asked.state.address != host.state.address) {
    free = addresses_.turn(asked.state.address, now, true);
  }
  if (free > now) {
    host.not_before = free;
    return std::nullopt;
  }
  Request request = origin.robots.ask();
  request.id = next_request_++;
  leases_[request.id] =
      Lease{host.state.id, asked.state.id, now, std::nullopt, origin.robots.state().origin};
  host.robots_in_flight = true;
  asked.pace.started(now);
  touch(asked);
  reschedule(asked);
  return request;
}

void Frontier::finish(Outcome outcome, Instant now) {
  Lease ended = std::move(leases_.extract(outcome.request.id).mapped());
  const bool killed = outcome.error && outcome.error->code == ErrorCode::kWorkerKilled;
  kills_in_a_row_ = killed ? kills_in_a_row_ + 1 : 0;
  if (killed && kills_in_a_row_ > kMaxKillsInARow) {
    outcome.error->code = ErrorCode::kWorkerCrashed;
  }
  if (const auto asked = hosts_.find(ended.asked); asked != hosts_.end()) {
    note_answer(asked->second, outcome, ended.started, now);
  }
  Host& host = hosts_.at(ended.host);
  touch(host);
  if (ended.url) {
    finish_page(host, std::move(*ended.url), std::move(outcome), now);
  } else {
    host.robots_in_flight = false;
    finish_robots(host, origins_.at(ended.origin), std::move(outcome), now);
  }
  reschedule(host);
}

// What an answer means for the pace of the host it came from.
void Frontier::note_answer(Host& host, const Outcome& outcome, Instant started, Instant now) {
  host.pace.finished(outcome, now, random_);
  if (!outcome.address.empty() && outcome.address != host.state.address) {
    host.state.address = outcome.address;
    addresses_.note(outcome.address, started);
  }
  touch(host);
  if (concerns_host(outcome)) host.last_error = describe_failure(outcome);
  hold_if_hopeless(host, now);
  reschedule(host);
}

// This run does not wait for a host that does not answer, or asks for more time than a run has.
void Frontier::hold_if_hopeless(Host& host, Instant now) {
  // Back-off has up to a quarter of jitter. An ordinary delay is waited for, however long it is.
  const auto patience =
      std::max<std::chrono::milliseconds>(retry_.max_backoff * 5 / 4, kLeastPatience);
  const bool paused = host.pace.state().pause > host.pace.delay();
  // What failed in an earlier run is asked once more.
  const bool asked = host.pace.state().last_start >= started_;
  const bool hopeless = (asked && host.pace.failures() >= kMaxHostFailures) ||
                        (paused && host.pace.next_allowed() > now + patience);
  if (!hopeless || host.held) return;
  if (host.last_error.empty())
    host.last_error = "asked to be left alone for longer than a run waits";
  host.held = true;
  if (host.state.leased && !host.stuck) --active_;
}

void Frontier::finish_robots(Host& host, Origin& origin, Outcome outcome, Instant now) {
  const bool store = origin.robots.finish(outcome, now, random_);
  Completion& completion = completion_at(now);
  completion.outcome = std::move(outcome);
  if (!store) return;
  completion.origin = origin.robots.state();
  set_crawl_delay(host);
  collect_sitemaps(origin);
}

// True when the URL is to be fetched again; its new state is in `url`.
bool Frontier::retry(Host& host, QueuedUrl& url, const Outcome& outcome, Instant now) {
  url.not_before = now;
  if (outcome.error && says_nothing_of_the_page(outcome.error->code)) return true;
  if (outcome.error && outcome.error->code == ErrorCode::kWorkerCrashed) {
    return ++url.crashes < kMaxCrashes;
  }
  if (!is_transient(outcome)) return false;
  if (host.held) return true;  // not this page's fault; it waits for the next run
  if (++url.attempts >= retry_.attempts) return false;
  url.not_before = now + backoff(retry_.backoff, retry_.max_backoff, url.attempts, random_);
  return true;
}

void Frontier::finish_page(Host& host, QueuedUrl url, Outcome outcome, Instant now) {
  const bool again = retry(host, url, outcome, now);
  Completion& completion = completion_at(now);
  completion.found_on = url.found_on;
  completion.fingerprint = url.fingerprint;
  completion.endpoint = url.endpoint;
  if (again) {
    completion.requeue = url;
    completion.outcome = std::move(outcome);
    if (!host.held) host.retries.insert(std::move(url));
    return;
  }
  completion.dequeue = QueueKey{host.state.id, url.seq};
  const bool poisonous = url.crashes >= kMaxCrashes;
  completion.page = poisonous ? PageStatus::kQuarantined : page_status(outcome);
  --host.state.queued;
  --queued_;
  ++host.state.fetched;
  ++host.turn;
  ++pages_ended_;
  auto yield = !may_be_trap(url) ? std::nullopt : yield_of(outcome);
  outcome.unmodified ? collect_outlinks(url) : collect_links(outcome, url);
  completions_.back().outcome = std::move(outcome);
  parents_.push_back({std::move(url), std::move(yield)});
}

std::vector<HeldHost> Frontier::held() const {
  std::vector<HeldHost> held;
  for (const auto& [name, origin] : origins_) {
    if (origin.held_urls > 0) {
      held.push_back({name, origin.held_urls, origin.robots.held_because()});
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
