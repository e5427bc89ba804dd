// The seam to the durable side: frontier, results and politeness as one atomic unit.
//
// Hosts with work are leased by the row, their URLs read window by window, so that memory holds
// what is fetched next and nothing that grows with the crawl. A URL's queue row stays where it is
// while the URL is leased; leases live in the frontier's memory. When an outcome is known, one
// commit removes the queue row, upserts page and places, appends the links found and updates the
// host. So a kill at any moment means that some pages are fetched again, never that one is lost or
// doubled.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scraper/crawl_state.h"
#include "scraper/result.h"

namespace placer {

enum class RunOutcome : std::uint8_t { kDone, kLimit, kInterrupted, kFailed };
std::string_view run_outcome_name(RunOutcome outcome);

// How a pass ended, when it did.
enum class PassEnd : std::uint8_t {
  kOpen,      // not yet: URLs are left in the queue, or the run was stopped
  kComplete,  // nothing is left
  kSpoiled,   // nothing is left, but too many pages failed to tell which places are gone
  kPartial,   // nothing is left of what its budget allowed, or what hosts that cannot be reached
              // have; pages that it did not come across may be linked still
};
std::string_view pass_end_name(PassEnd end);

// What fell by more than half between two complete passes: a broken template, most often.
struct Alarm {
  std::string host;
  std::string format;
  std::string field;  // of a place; "observations": their number itself
  double before = 0;  // share of the observations that stated the field, 0 to 1; of
  double after = 0;   // "observations" how many there were
};

// "shop.example json-ld opening_hours 92 % -> 0 %"
std::string alarm_text(const Alarm& alarm);

// What storage concluded at the end of a run.
struct RunVerdict {
  PassEnd pass = PassEnd::kOpen;
  std::vector<Alarm> alarms;  // in order of host, format, field
};

// What a run is to do.
struct RunPlan {
  // Of everything that decides what is read from a page. What was stored under another recipe is
  // fetched anew, without validators.
  std::uint64_t recipe = 0;
  // Revisits at most so many pages, the most valuable ones (storage/revisit.h); the rest of what
  // earlier passes fetched is left alone. Only a run that begins a pass looks at it.
  std::optional<std::uint64_t> budget;
  // And of each host no more than this.
  std::optional<std::uint64_t> budget_per_host;
  // Wall time less the time since the machine was started, and which start that was: when the same
  // start has another offset now, the wall clock was set, and stored times move with it.
  std::string boot_id;
  std::chrono::milliseconds clock_offset{0};
};

// What the durable side knew when the run began.
struct Resumed {
  std::uint64_t run = 0;       // id of the run that begins now: the fencing token of all it does
  bool fresh = true;           // a new pass; false: goes on with an unfinished one
  bool unclean = false;        // the run before was killed
  std::uint64_t next_seq = 1;  // for new queue rows
  HostId next_host = 1;        // for new hosts
  std::uint64_t accepted = 0;  // URLs put in the queue in this pass so far
  std::uint64_t queued = 0;    // rows in the queue
};

struct LeasedHost {
  HostState state;
  std::vector<OriginState> origins;
};

// A page of an earlier pass, as the target of a link.
struct StoredPage {
  std::string url;
  std::uint32_t depth = 0;
  RequestKind kind = RequestKind::kPage;
};

// Owns the database for one run. Thread safety: confined to the engine's thread. Once another
// run has begun, whatever would write fails and changes nothing: leases, commits, the run's end.
class Storage {
 public:
  virtual ~Storage() = default;

  // Opens a run of `job`. A pass whose queue is not empty goes on; otherwise a new pass begins,
  // with an empty seen set over the kept pages and places. No host is leased any more.
  virtual Result<Resumed> begin_run(const std::string& job, const std::string& backend, Instant now,
                                    const RunPlan& plan) = 0;
  Result<Resumed> begin_run(const std::string& job, const std::string& backend, Instant now) {
    return begin_run(job, backend, now, {});
  }

  // Leases up to `limit` hosts that are not leased and have URLs in the queue: those first whose
  // next request is allowed first. A lease ends with a commit that says so, or with the run.
  virtual Result<std::vector<LeasedHost>> lease_hosts(std::size_t limit) = 0;

  // A host by its name, leased or not; nothing when it is new.
  virtual Result<std::optional<HostState>> host(std::string_view name) = 0;

  // Up to `limit` queue rows of `host` with seq > `after`, in order of seq, with the validators of
  // pages that hold under the run's recipe. Sees all earlier commits.
  virtual Result<std::vector<QueuedUrl>> queued(HostId host, std::uint64_t after,
                                                std::size_t limit) = 0;

  // What this pass knows of each fingerprint. REQUIRES: they are sorted.
  virtual Result<std::vector<Known>> known(std::span<const std::uint64_t> fingerprints) = 0;

  // Completion::outlinks of a page, as last committed; nothing when there are none on record.
  virtual Result<std::vector<std::uint64_t>> outlinks(std::uint64_t fingerprint) = 0;

  // The pages on record with these fingerprints; nothing where there is none.
  virtual Result<std::vector<std::optional<StoredPage>>> pages(
      std::span<const std::uint64_t> fingerprints) = 0;

  // Makes `batch` durable in one transaction, places and their identity included.
  virtual Result<void> commit(const std::vector<Completion>& batch,
                              const RunCounters& counters) = 0;

  // At the end of a pass also decides which places are gone, and looks for what broke.
  virtual Result<RunVerdict> end_run(RunOutcome outcome, const RunCounters& counters,
                                     Instant now) = 0;

  virtual std::uint64_t place_count() const = 0;
};

}  // namespace placer
