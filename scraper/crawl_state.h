// What a crawl knows that survives it: the rows of queue, host, origin and seen set, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/frontier/pace_state.h"
#include "scraper/instant.h"
#include "scraper/message.h"

namespace placer {

using HostId = std::uint32_t;  // row id in `host`; > 0

// Names one row of `queue`, which is clustered by host.
struct QueueKey {
  HostId host = 0;
  std::uint64_t seq = 0;
};

// A URL waiting to be fetched: one row of `queue`.
struct QueuedUrl {
  std::uint64_t seq = 0;  // order of discovery; the row's id, unique over all hosts
  HostId host = 0;
  std::string url;
  std::uint64_t fingerprint = 0;
  std::uint32_t depth = 0;
  std::uint32_t attempts = 0;  // fetches that failed so far
  std::uint32_t crashes = 0;   // workers that died of it
  std::uint32_t redirects = 0;
  Instant not_before{};        // a retry's earliest time
  std::uint64_t found_on = 0;  // fingerprint of the page that linked here; 0: a start URL
  std::string body;            // as Request::body
  // Origins on the way here since a rule or a store locator left the job's scope; 0: within it.
  std::uint32_t endpoint = 0;
  RequestKind kind = RequestKind::kPage;  // or kSitemap
  // Not a part of the row: what queued() knows of the page from earlier passes.
  bool on_record = false;
  Validators validators{};
};

// Politeness towards one host name: one row of `host`.
struct HostState {
  HostId id = 0;
  std::string host{};  // as in Url::host
  PaceState pace{};
  std::string address{};   // IP, of the last answer; empty: none yet
  std::string patterns{};  // of its URLs (frontier/traps.h), encoded
  std::uint64_t queued = 0;
  std::uint64_t fetched = 0;   // pages in this pass, errors included
  std::uint64_t accepted = 0;  // URLs put in the queue in this pass
  bool leased = false;         // by the run that goes on
};

enum class RobotsState : std::uint8_t {
  kUnknown,      // to be fetched
  kRules,        // 2xx: the body's rules hold
  kAllowAll,     // 4xx (RFC 9309 section 2.3.1.3), or robots: ignore
  kUnreachable,  // 5xx, 429, network errors: nothing may be fetched (section 2.3.1.4)
};

// What is known of one origin's robots.txt: one row of `origin`.
struct OriginState {
  std::string origin;
  HostId host = 0;
  RobotsState state = RobotsState::kUnknown;
  std::string robots_txt;
  std::uint32_t failures = 0;
  Instant fetched_at{};
  Instant expires_at{};  // when it is to be asked for again
};

// How a URL's story ended; the text is in page.status.
enum class PageStatus : std::uint8_t {
  kOk,
  kRedirect,
  kHttpError,
  kFetchError,
  kParseError,
  kQuarantined
};
std::string_view page_status_name(PageStatus status);

// Why a discovered URL was not queued; the names are in `filtered`.
enum class FilterReason : std::uint8_t {
  kHost,
  kInclude,
  kExclude,
  kDepth,
  kMaxPages,
  kMaxPagesPerHost,
  kRobots,
  kNofollow,
  kRedirects,
  kUrlLength,
  kTrap,
  kNotDue,
};
std::string_view filter_reason_name(FilterReason reason);
std::optional<FilterReason> filter_reason_of(std::string_view name);

// True when the same URL may be accepted from elsewhere: by a shorter way, without nofollow, or as
// an endpoint, which the scope does not bind.
bool may_be_reconsidered(FilterReason reason);

// What a pass knows of a URL.
struct Known {
  bool found = false;                       // in this pass
  std::optional<FilterReason> filtered_as;  // nothing: it was accepted
  // When the page was last fetched, of one that this pass is to leave alone (RunPlan::budget).
  std::optional<Instant> fetched_at;
};

struct FilteredUrl {
  FilterReason reason;
  std::string url;
  std::uint64_t fingerprint = 0;  // 0 for limits on the number of pages, which are not remembered
};

// What one outcome changes, all of it in one transaction.
struct Completion {
  std::optional<QueueKey> dequeue;   // the row that ends; none for robots.txt and start URLs
  std::optional<QueuedUrl> requeue;  // a row that stays: attempts, crashes and not_before are new
  std::optional<PageStatus> page;    // set: `outcome` becomes a row of `page`
  std::uint64_t fingerprint = 0;     // of the page
  // As in QueuedUrl. Of a row that ends without a page: the page whose outlinks hold no more, since
  // the URL was found again under another key.
  std::uint64_t found_on = 0;
  std::uint32_t endpoint = 0;         // of the row that ends
  Outcome outcome;                    // page facts and observations; its links have been taken
  std::vector<QueuedUrl> discovered;  // accepted links
  std::vector<FilteredUrl> filtered;  // discovered and not accepted
  // Fingerprints filtered before, and why, that are accepted after all.
  std::vector<std::pair<std::uint64_t, FilterReason>> reconsidered;
  // The pages that this one links to and the job wants, also those found before. Nothing: they
  // must be read from the page itself the next time.
  std::optional<std::vector<std::uint64_t>> outlinks;
  std::optional<OriginState> origin;
  std::vector<HostState> hosts;  // new or changed
  Instant at{};
};

struct RunCounters {
  std::uint64_t pages = 0;     // pages fetched, whatever the outcome
  std::uint64_t requests = 0;  // robots.txt and retries included
  std::uint64_t errors = 0;
  std::uint64_t retries = 0;
  std::uint64_t observations = 0;
  std::uint64_t bytes = 0;  // decompressed
  std::uint64_t discovered = 0;
  std::uint64_t filtered = 0;
  std::uint64_t worker_deaths = 0;
};

}  // namespace placer
