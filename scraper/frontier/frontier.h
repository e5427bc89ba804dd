// What to fetch next, and when.
//
// The workbench in memory: a FIFO window of URLs per host, and the hosts ordered by the time their
// next request is allowed. The tails of long queues stay in storage and are refilled. An origin's
// robots.txt is the first thing fetched from it and holds back its other URLs.
//
// Pure bookkeeping: no I/O but refill(), no clock (time is an argument), no lock. Confined to the
// engine's thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/config.h"
#include "scraper/frontier/robots.h"
#include "scraper/frontier/scope.h"
#include "scraper/frontier/url.h"
#include "scraper/message.h"
#include "scraper/storage.h"

namespace placer {

// An origin or host that this run gave up on; its URLs stay in the queue for the next run.
struct HeldHost {
  std::string origin;
  std::uint64_t urls = 0;
  std::string reason;
};

class Frontier {
 public:
  // `start` gives the scope its hosts when the job names none; seed() puts them into the queue.
  // `storage` must outlive the frontier. `seed` drives the jitter of back-off.
  Frontier(const Job& job, const std::vector<Url>& start, Storage& storage, Resumed resumed,
           Instant now, std::uint64_t seed);

  // Queues the start URLs that are not known yet, whatever include and exclude say.
  void seed(const std::vector<Url>& start, Instant now);

  // Leases one request that may start at `now`; nothing when none may.
  std::optional<Request> next(Instant now);

  // When next() may have something again, as far as time alone decides.
  std::optional<Instant> next_due() const;

  // Ends a lease. REQUIRES: `outcome` answers a request from next().
  void finish(Outcome outcome, Instant now);

  // What has changed since the last call, to be committed in this order.
  std::vector<Completion> take_completions() { return std::exchange(completions_, {}); }

  // True when a host has run short in memory of URLs that storage has.
  bool starving() const { return !starving_.empty(); }
  // Reads them. REQUIRES: everything from take_completions() has been committed.
  Result<void> refill(Instant now);

  // True when this run can lease nothing any more and nothing is leased.
  bool finished() const { return leases_.empty() && due_.empty() && starving_.empty(); }

  std::uint64_t queued() const { return queued_; }  // rows in the queue, leased ones included
  std::size_t waiting_hosts() const { return due_.size(); }
  std::vector<HeldHost> held() const;

 private:
  static constexpr std::size_t kWindow = 256;  // URLs of one host in memory

  struct Origin {
    OriginState state;
    Robots rules;
    std::string robots_url;  // to ask next: /robots.txt, or where it redirected to
    std::uint32_t redirects = 0;
    bool in_flight = false;
    std::string last_error;
    std::uint64_t held_urls = 0;  // left in storage for the next run
  };
  struct RetryLater {
    bool operator()(const QueuedUrl& a, const QueuedUrl& b) const {
      return a.not_before != b.not_before ? a.not_before < b.not_before : a.seq < b.seq;
    }
  };
  struct Host {
    HostState state;
    std::deque<QueuedUrl> window;             // in order of seq
    std::set<QueuedUrl, RetryLater> retries;  // in order of time
    std::uint64_t stored = 0;                 // rows with seq > window_end
    std::uint64_t window_end = 0;
    std::chrono::milliseconds delay{0};
    std::uint32_t in_flight = 0;
    bool robots_in_flight = false;  // nothing else may be leased before it is known
    bool held = false;
    std::string last_error;
    std::optional<Instant> due;  // its entry in due_
  };
  struct Lease {
    HostId host = 0;
    std::optional<QueuedUrl> url;  // none: robots.txt
    std::string origin;
  };

  Host& host_named(std::string_view name);
  Origin& origin_named(std::string_view name, HostId host);
  Completion& completion_for(Host& host, Instant now);
  void reschedule(Host& host);
  std::optional<Request> next_of(Host& host, Instant now);
  std::optional<QueuedUrl> take_url(Host& host, Instant now);
  Request lease(Host& host, QueuedUrl url, Instant now);
  Request lease_robots(Host& host, Origin& origin, Instant now);
  void put_back(Host& host, QueuedUrl url);

  void finish_robots(Host& host, Origin& origin, Outcome outcome, Instant now);
  void finish_page(Host& host, QueuedUrl url, Outcome outcome, Instant now);
  bool retry(Host& host, QueuedUrl& url, const Outcome& outcome, Instant now);
  void hold_back(Host& host, const Outcome& outcome, Instant now);
  std::chrono::milliseconds backoff(std::uint32_t failures);

  void discover(const Link& link, const QueuedUrl& parent, Completion& completion);
  void filter(const Link& link, FilterReason reason, Completion& completion);
  void accept(QueuedUrl url, Completion& completion);
  std::optional<FilterReason> rejects(const Link& link, bool bound);

  PolitenessOptions politeness_;
  RetryOptions retry_;
  ScopeOptions limits_;
  std::uint32_t max_redirects_;
  Scope scope_;
  Storage& storage_;

  std::unordered_map<HostId, Host> hosts_;
  std::unordered_map<std::string, HostId> host_ids_;
  std::unordered_map<std::string, Origin> origins_;
  std::set<std::pair<Instant, HostId>> due_;
  std::set<HostId> starving_;
  std::unordered_map<std::uint64_t, Lease> leases_;
  absl::flat_hash_set<std::uint64_t> seen_;  // queued or fetched, or filtered for good
  absl::flat_hash_map<std::uint64_t, FilterReason> passed_over_;
  std::vector<Completion> completions_;

  std::uint64_t next_seq_;
  std::uint64_t next_request_ = 1;
  HostId next_host_ = 1;
  std::uint64_t accepted_;
  std::uint64_t queued_ = 0;
  std::uint32_t kills_in_a_row_ = 0;
  std::minstd_rand random_;
};

}  // namespace placer
