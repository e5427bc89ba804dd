// What to fetch next, and when.
//
// The workbench in memory: the hosts leased from storage, a FIFO window of URLs for each, and those
// hosts ordered by the time their next request is allowed: taking a URL costs O(log hosts). All
// else is on disk: the tails of queues, the other hosts, the set of URLs seen. So memory does not
// grow with the crawl. Links found wait in memory until the next commit, when all are looked up
// together, in order of their fingerprints.
//
// An origin's robots.txt is the first thing fetched from it and holds back its other URLs.
//
// Pure bookkeeping: no I/O but through Storage, no clock (time is an argument), no lock. Confined
// to the engine's thread.
#pragma once

#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/config.h"
#include "scraper/frontier/origin.h"
#include "scraper/frontier/pace.h"
#include "scraper/frontier/scope.h"
#include "scraper/frontier/sieve.h"
#include "scraper/frontier/text_hash.h"
#include "scraper/frontier/traps.h"
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

  // What has changed since the last call, to be committed in this order. Looks up what was found.
  Result<std::vector<Completion>> take_completions(Instant now);
  // Pages whose story ended since then.
  std::uint64_t pages_ended() const { return pages_ended_; }
  bool has_completions() const { return !completions_.empty(); }

  // Reads from storage what memory has run short of. REQUIRES: everything from take_completions()
  // has been committed.
  Result<void> refill(Instant now);

  // True when nothing may start at `now`, but a commit and refill() may change that.
  bool idle(Instant now) const;

  // True when this run can lease nothing any more and nothing is leased.
  bool finished() const {
    return leases_.empty() && due_.empty() && sieve_.empty() && !wants_refill();
  }

  std::uint64_t queued() const { return queued_; }  // rows in the queue, leased ones included
  std::size_t waiting_hosts() const { return due_.size(); }
  std::vector<HeldHost> held() const;

 private:
  struct Origin {
    OriginRobots robots;
    std::uint64_t held_urls = 0;  // left in storage for the next run
  };
  struct RetryLater {
    bool operator()(const QueuedUrl& a, const QueuedUrl& b) const {
      return a.not_before != b.not_before ? a.not_before < b.not_before : a.seq < b.seq;
    }
  };
  struct Host {
    HostState state;  // but for its pace and its patterns, which are in:
    Pace pace;
    HostPatterns patterns;
    std::deque<QueuedUrl> window{};             // in order of seq
    std::set<QueuedUrl, RetryLater> retries{};  // in order of time
    std::uint64_t stored = 0;                   // rows with seq > window_end
    std::uint64_t window_end = 0;
    Instant not_before{};  // apart from its pace: for its address, for robots.txt
    bool waits_for_address = false;
    bool robots_in_flight = false;  // nothing else may be leased before it is known
    bool held = false;
    bool stuck = false;  // nothing of its queue may be fetched in this run
    std::string last_error{};
    std::optional<Instant> due{};        // its entry in due_
    std::uint32_t turn = 0;              // pages since it was leased
    std::vector<std::string> origins{};  // its entries in origins_
    bool touched = false;                // its state has changed since the last commit
  };
  // A page whose links wait in the sieve.
  struct Parent {
    QueuedUrl url{};                   // without a fingerprint: start URLs, or robots.txt
    std::optional<PageYield> yield{};  // for its pattern, when all its links are judged
  };
  struct Lease {
    HostId host = 0;
    HostId asked = 0;  // the host of the request's URL; another one where robots.txt has moved
    Instant started{};
    std::optional<QueuedUrl> url;  // none: robots.txt
    std::string origin;
  };

  Host& host_named(std::string_view name, Instant now);
  void activate(LeasedHost leased, Instant now);
  void retire(Host& host);
  void retire_distant(Instant now);
  bool wants_refill() const { return !starving_.empty() || (unleased_ && has_room()); }
  bool has_room() const { return active_ < kMostActive; }
  Origin& origin_named(std::string_view name, Host& host, Instant now);
  void set_crawl_delay(Host& host);
  Completion& completion_at(Instant now);
  void touch(Host& host);
  void reschedule(Host& host);
  std::optional<Request> next_of(Host& host, Instant now);
  std::optional<QueuedUrl> take_url(Host& host, Instant now);
  Request lease(Host& host, QueuedUrl url, Instant now);
  std::optional<Request> lease_robots(Host& host, Origin& origin, Instant now);
  bool has_learned_session(const Host& host, const QueuedUrl& url) const;
  void find_again(Host& host, const QueuedUrl& url, Instant now);
  void drop(Host& host, const QueuedUrl& url, FilterReason reason, Instant now);

  void finish_robots(Host& host, Origin& origin, Outcome outcome, Instant now);
  void finish_page(Host& host, QueuedUrl url, Outcome outcome, Instant now);
  bool retry(Host& host, QueuedUrl& url, const Outcome& outcome, Instant now);
  void note_answer(Host& host, const Outcome& outcome, Instant started, Instant now);
  void hold_if_hopeless(Host& host, Instant now);

  void found(Link link, bool on_record = false);
  void collect_links(Outcome& outcome, const QueuedUrl& parent);
  std::uint64_t fingerprint_without_sessions(const Host& host, const std::string& href,
                                             std::uint64_t as_it_stands) const;
  void forget_sessions(Link& link, const QueuedUrl& parent) const;
  void collect_outlinks(const QueuedUrl& parent);
  void collect_sitemaps(const Origin& origin);
  void judge(Sieve::Found& found, Known& known);
  void consider(Sieve::Found& found, Known& known);
  std::optional<FilterReason> rejects(const Sieve::Found& found, const UrlParts& parts,
                                      const QueuedUrl& url, const Known& known);
  std::optional<FilterReason> rejects_new(const Link& link, const UrlParts& parts,
                                          const QueuedUrl& url, const QueuedUrl& parent,
                                          const Known& known);
  void filter(const Link& link, FilterReason reason, Known& known, Completion& completion);
  void accept(QueuedUrl url, Host& host, Known& known, Completion& completion);
  void learn_patterns();
  bool is_trap(const Host& host, std::string_view path_and_query, Instant now) const;
  void settle_hosts(Instant now);

  static constexpr std::size_t kMostActive = 10'000;  // hosts on the workbench
  static constexpr std::chrono::minutes kLeastPatience{1};

  PolitenessOptions politeness_;
  RetryOptions retry_;
  ScopeOptions limits_;
  std::uint32_t max_redirects_;
  SitemapOptions sitemaps_;
  PaceRules pace_rules_;
  OriginRules origin_rules_;
  Scope scope_;
  Storage& storage_;

  std::unordered_map<HostId, Host> hosts_;
  TextMap<HostId> host_ids_;
  TextMap<Origin> origins_;
  std::set<std::pair<Instant, HostId>> due_;
  std::set<HostId> starving_;
  bool unleased_ = false;   // storage may have hosts with work that are not on the workbench
  std::size_t active_ = 0;  // hosts on it that are neither held nor stuck
  AddressPace addresses_;
  std::unordered_map<std::uint64_t, Lease> leases_;

  std::vector<Completion> completions_;
  std::vector<HostId> touched_;
  std::uint64_t pages_ended_ = 0;
  std::vector<Parent> parents_;
  Sieve sieve_;
  std::optional<Error> failure_;  // of storage, until it can be returned

  std::uint64_t next_seq_;
  std::uint64_t next_request_ = 1;
  HostId next_host_;
  Instant started_;
  Instant now_{};  // of the sieving that goes on
  bool unclean_;
  std::uint64_t accepted_;
  std::uint64_t queued_;
  std::uint32_t kills_in_a_row_ = 0;
  std::minstd_rand random_;
};

}  // namespace placer
