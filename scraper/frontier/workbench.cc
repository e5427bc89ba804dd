// The frontier's hosts: which are on the workbench, and what of their queues is in memory.
#include <algorithm>
#include <iterator>

#include "scraper/frontier/frontier.h"

namespace placer {
namespace {

constexpr std::size_t kMostWindow = 256;  // URLs of one host in memory
constexpr std::size_t kLeastWindow = 16;
constexpr std::size_t kMostInMemory = 200'000;  // URLs of all hosts in memory, about
constexpr std::size_t kHostsPerLease = 500;
// A host that has had so many pages gives way to others that wait for a place on the workbench.
constexpr std::uint32_t kTurn = 100;
// One that may not be asked for so long does too.
constexpr std::chrono::minutes kDistant{1};

}  // namespace

// On the workbench or not: a host's counts are needed wherever a link leads.
Frontier::Host& Frontier::host_named(std::string_view name, Instant now) {
  const auto known = host_ids_.find(name);
  if (known != host_ids_.end()) return hosts_.at(known->second);
  HostState state;
  auto stored = storage_.host(name);
  if (!stored) {
    failure_ = std::move(stored.error());
  } else if (*stored) {
    state = std::move(**stored);
  }
  if (state.id == 0) {
    state.id = next_host_++;
    state.host = name;
  }
  host_ids_.emplace(name, state.id);
  const HostId id = state.id;
  Pace pace(pace_rules_, state.pace, now);
  // Requests that were under way when the last run was killed left no trace, and its clock may
  // have been another one: wait as if one had just begun.
  // Until its origins are known, the delay that held last stands for their Crawl-delay.
  pace.set_crawl_delay(state.pace.delay);
  const bool asked_before = state.pace.last_start != Instant{} || unclean_;
  if (asked_before && state.pace.last_start < started_) pace.assume_started(started_);
  HostPatterns patterns = HostPatterns::decode(state.patterns);
  if (state.pace.record.requests == 0) patterns.begin_pass();
  state.patterns.clear();
  return hosts_.emplace(id, Host{std::move(state), pace, std::move(patterns)}).first->second;
}

Frontier::Origin& Frontier::origin_named(std::string_view name, Host& host, Instant now) {
  const auto known = origins_.find(name);
  if (known != origins_.end()) return known->second;
  OriginState state;
  state.origin = name;
  state.host = host.state.id;
  host.origins.emplace_back(name);
  Origin origin{OriginRobots(std::move(state), origin_rules_, started_, now)};
  return origins_.emplace(name, std::move(origin)).first->second;
}

void Frontier::set_crawl_delay(Host& host) {
  std::chrono::milliseconds longest{0};
  for (const std::string& name : host.origins) {
    longest = std::max(longest, origins_.at(name).robots.crawl_delay());
  }
  host.pace.set_crawl_delay(longest);
}

void Frontier::activate(LeasedHost leased, Instant now) {
  Host& host = host_named(leased.state.host, now);
  host.state.leased = true;
  host.stored = host.state.queued;
  host.window_end = 0;
  host.turn = 0;
  ++active_;
  for (OriginState& state : leased.origins) {
    const std::string name = state.origin;
    Origin origin{OriginRobots(std::move(state), origin_rules_, started_, now)};
    host.origins.push_back(name);
    collect_sitemaps(origins_.insert_or_assign(name, std::move(origin)).first->second);
  }
  set_crawl_delay(host);
  hold_if_hopeless(host, now);
  reschedule(host);
}

// Gives the host back to storage, where all its URLs are.
void Frontier::retire(Host& host) {
  if (!host.held && !host.stuck) --active_;
  host.state.leased = false;
  unleased_ = unleased_ || host.state.queued > 0;
  host.window.clear();
  host.retries.clear();
  host.stored = 0;
  for (const std::string& origin : host.origins) origins_.erase(origin);
  host.origins.clear();
  touch(host);
  reschedule(host);
}

void Frontier::reschedule(Host& host) {
  std::optional<Instant> due;
  const bool may_start =
      !host.held && !host.robots_in_flight && host.pace.in_flight() < politeness_.per_host;
  const Instant free = std::max(host.pace.next_allowed(), host.not_before);
  if (may_start && !host.window.empty()) {
    due = free;
  } else if (may_start && !host.retries.empty()) {
    due = std::max(free, host.retries.begin()->not_before);
  }
  if (due != host.due) {
    if (host.due) due_.erase({*host.due, host.state.id});
    if (due) due_.insert({*due, host.state.id});
    host.due = due;
  }
  if (host.stored > 0 && !host.held && host.window.size() < kLeastWindow) {
    starving_.insert(host.state.id);
  } else {
    starving_.erase(host.state.id);
  }
}

bool Frontier::idle(Instant now) const {
  const bool ready = !due_.empty() && due_.begin()->first <= now;
  return !ready && (wants_refill() || !sieve_.empty());
}

// Hosts whose turn is over, or that have nothing left, make room; the states of all that changed go
// into the last completion. What is not on the workbench is forgotten: storage has it.
void Frontier::settle_hosts(Instant now) {
  const bool crowded = unleased_ && !has_room();
  for (const HostId id : touched_) {
    Host& host = hosts_.at(id);
    const bool busy = host.pace.in_flight() > 0 || host.robots_in_flight;
    if (!host.state.leased || busy || host.held) continue;
    if (host.state.queued == 0 || (crowded && host.turn >= kTurn)) {
      retire(host);
    } else if (!host.stuck && host.stored == 0 && host.window.empty() && host.retries.empty()) {
      host.stuck = true;  // all its URLs wait for a robots.txt that cannot be had
      --active_;
    }
  }
  if (touched_.empty()) return;
  Completion& completion = completion_at(now);
  for (const HostId id : std::exchange(touched_, {})) {
    const auto it = hosts_.find(id);
    Host& host = it->second;
    HostState& state = completion.hosts.emplace_back(host.state);
    state.pace = host.pace.state();
    state.patterns = host.patterns.encode();
    host.touched = false;
    // Another host's robots.txt may be under way from it: its answer says when to come again.
    if (host.state.leased || host.pace.in_flight() > 0) continue;
    host_ids_.erase(host.state.host);
    hosts_.erase(it);
  }
}

// Where all places are taken by hosts that must wait for long, others take theirs.
void Frontier::retire_distant(Instant now) {
  std::vector<HostId> distant;
  for (auto it = due_.rbegin();
       it != due_.rend() && it->first > now + kDistant && distant.size() < kHostsPerLease; ++it) {
    distant.push_back(it->second);
  }
  for (const HostId id : distant) {
    Host& host = hosts_.at(id);
    if (host.pace.in_flight() == 0) retire(host);
  }
}

Result<void> Frontier::refill(Instant now) {
  if (unleased_ && !has_room()) retire_distant(now);
  if (unleased_ && has_room()) {
    const std::size_t wanted = std::min(kMostActive - active_, kHostsPerLease);
    auto hosts = storage_.lease_hosts(wanted);
    if (!hosts) return tl::unexpected(std::move(hosts.error()));
    unleased_ = hosts->size() == wanted || !touched_.empty();
    for (LeasedHost& host : *hosts) activate(std::move(host), now);
  }
  const std::size_t window =
      std::clamp(kMostInMemory / std::max<std::size_t>(active_, 1), kLeastWindow, kMostWindow);
  for (const HostId id : std::exchange(starving_, {})) {
    Host& host = hosts_.at(id);
    auto urls = storage_.queued(id, host.window_end, window);
    if (!urls) return tl::unexpected(std::move(urls.error()));
    host.stored = urls->size() < window ? 0 : host.stored - std::min(host.stored, urls->size());
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
  if (failure_) return tl::unexpected(*std::exchange(failure_, std::nullopt));
  return {};
}

}  // namespace placer
