// The Storage seam as a model in memory: the reference that tests of the frontier and the engine
// run against, and that a kill can be played on (everything committed survives, nothing else). It
// has no places, and knows no budget of revisits.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scraper/storage.h"

namespace placer {

class MemoryStorage : public Storage {
 public:
  using Storage::begin_run;
  Result<Resumed> begin_run(const std::string& job, const std::string& /*backend*/, Instant /*now*/,
                            const RunPlan& plan) override {
    if (job_.value_or(job) != job) return fail(ErrorCode::kInvalidArgument, "holds another job");
    job_ = job;
    recipe_ = plan.recipe;
    fenced_ = false;
    follow_clock(plan);
    Resumed resumed;
    resumed.run = ++run_;
    resumed.fresh = queue.empty() || (!running_ && last_outcome == RunOutcome::kDone);
    resumed.unclean = running_;
    running_ = true;
    if (resumed.fresh) start_pass();
    resumed.next_seq = next_seq_;
    for (auto& [id, host] : hosts) {
      host.leased = false;
      resumed.accepted += host.accepted;
      resumed.queued += host.queued;
      resumed.next_host = std::max(resumed.next_host, id + 1);
    }
    return resumed;
  }

  // Somebody takes the run for dead and begins another one on the same database.
  void another_run_begins() { fenced_ = true; }

  Result<std::vector<LeasedHost>> lease_hosts(std::size_t limit) override {
    if (fenced_) return fenced();
    std::vector<HostState*> due;
    for (auto& [id, host] : hosts) {
      if (host.queued > 0 && !host.leased) due.push_back(&host);
    }
    std::ranges::stable_sort(due, {}, [](const HostState* h) { return h->pace.next_allowed; });
    if (due.size() > limit) due.resize(limit);
    std::vector<LeasedHost> leased;
    for (HostState* host : due) {
      host->leased = true;
      auto& row = leased.emplace_back(LeasedHost{*host, {}});
      for (const auto& [name, origin] : origins) {
        if (origin.host == host->id) row.origins.push_back(origin);
      }
    }
    return leased;
  }

  Result<std::optional<HostState>> host(std::string_view name) override {
    for (const auto& [id, host] : hosts) {
      if (host.host == name) return std::optional(host);
    }
    return std::optional<HostState>();
  }

  Result<std::vector<Known>> known(std::span<const std::uint64_t> fingerprints) override {
    std::vector<Known> known;
    for (const std::uint64_t fingerprint : fingerprints) {
      Known& k = known.emplace_back();
      const auto it = seen.find(fingerprint);
      k.found = it != seen.end();
      if (k.found) k.filtered_as = it->second;
    }
    return known;
  }

  Result<std::vector<std::uint64_t>> outlinks(std::uint64_t fingerprint) override {
    const auto page = records.find(fingerprint);
    if (page == records.end()) return std::vector<std::uint64_t>();
    return page->second.outlinks.value_or(std::vector<std::uint64_t>());
  }

  Result<std::vector<std::optional<StoredPage>>> pages(
      std::span<const std::uint64_t> fingerprints) override {
    std::vector<std::optional<StoredPage>> pages;
    for (const std::uint64_t fingerprint : fingerprints) {
      const auto page = records.find(fingerprint);
      auto& stored = pages.emplace_back();
      if (page != records.end()) stored = page->second.page;
    }
    return pages;
  }

  Result<std::vector<QueuedUrl>> queued(HostId host, std::uint64_t after,
                                        std::size_t limit) override {
    std::vector<QueuedUrl> urls;
    for (auto it = queue.upper_bound({host, after});
         it != queue.end() && it->first.first == host && urls.size() < limit; ++it) {
      urls.push_back(it->second);
      const auto page = records.find(it->second.fingerprint);
      if (page == records.end()) continue;
      const Record& record = page->second;
      urls.back().on_record = true;
      const bool holds =
          record.status == PageStatus::kOk && record.outlinks && record.recipe == recipe_;
      if (holds) urls.back().validators = record.validators;
    }
    return urls;
  }

  Result<void> commit(const std::vector<Completion>& batch, const RunCounters& counters) override {
    if (fenced_) return fenced();
    if (fail_commits) return fail(ErrorCode::kStorage, "commit: the disk is full");
    for (const Completion& completion : batch) {
      for (const QueuedUrl& url : completion.discovered) insert(url);
    }
    for (const Completion& completion : batch) apply(completion);
    last_counters = counters;
    ++commits;
    return {};
  }

  Result<RunVerdict> end_run(RunOutcome outcome, const RunCounters& counters,
                             Instant /*now*/) override {
    if (fenced_) return fenced();
    running_ = false;
    last_outcome = outcome;
    last_counters = counters;
    return RunVerdict{};
  }

  std::uint64_t place_count() const override { return 0; }

  // Fetched pages, queued URLs and remembered filtered ones: what "discovered" must add up to.
  std::uint64_t accounted() const { return fetched.size() + queue.size() + filtered.size(); }

  std::map<std::pair<HostId, std::uint64_t>, QueuedUrl> queue;
  struct Record {
    StoredPage page;
    PageStatus status = PageStatus::kOk;
    std::uint64_t recipe = 0;
    std::optional<std::vector<std::uint64_t>> outlinks;
    Validators validators;
  };
  std::map<std::uint64_t, std::optional<FilterReason>> seen;  // of this pass
  std::map<std::uint64_t, Record> records;                    // of all passes
  std::map<HostId, HostState> hosts;
  std::map<std::string, OriginState> origins;
  std::multimap<std::string, PageStatus> fetched;  // by URL
  std::vector<FilteredUrl> filtered;               // those with a fingerprint
  std::vector<FilteredUrl> passed_over;            // those without
  RunCounters last_counters;
  RunOutcome last_outcome = RunOutcome::kFailed;
  int commits = 0;
  bool fail_commits = false;

 private:
  static tl::unexpected<Error> fenced() {
    return fail(ErrorCode::kStorage, "another run goes on with the crawl");
  }

  void start_pass() {
    seen.clear();
    filtered.clear();
    passed_over.clear();
    fetched.clear();
    for (auto& [id, host] : hosts) {
      host.queued = host.fetched = host.accepted = 0;
      host.pace.record = {};
    }
    for (auto& [fingerprint, record] : records) {
      const bool sitemap = record.page.kind == RequestKind::kSitemap;
      if (sitemap && !queue.empty()) record.outlinks.reset();
    }
    std::erase_if(queue,
                  [this](const auto& row) { return records.contains(row.second.fingerprint); });
    for (const auto& [key, url] : queue) {
      seen[url.fingerprint] = std::nullopt;
      ++hosts[url.host].queued;
      ++hosts[url.host].accepted;
    }
  }

  // A wall clock that was set takes the stored times along.
  void follow_clock(const RunPlan& plan) {
    if (plan.boot_id.empty()) return;
    const auto moved =
        plan.boot_id == boot_id_ ? plan.clock_offset - clock_offset_ : std::chrono::milliseconds(0);
    boot_id_ = plan.boot_id;
    clock_offset_ = plan.clock_offset;
    if (std::chrono::abs(moved) <= std::chrono::seconds(1)) return;
    for (auto& [id, host] : hosts) {
      host.pace.next_allowed += moved;
      if (host.pace.last_start != Instant{}) host.pace.last_start += moved;
    }
    for (auto& [name, origin] : origins) {
      origin.fetched_at += moved;
      origin.expires_at += moved;
    }
    for (auto& [key, url] : queue) {
      if (url.not_before != Instant{}) url.not_before += moved;
    }
  }

  void insert(const QueuedUrl& url) {
    queue.try_emplace({url.host, url.seq}, url);
    next_seq_ = std::max(next_seq_, url.seq + 1);
  }

  void apply(const Completion& completion) {
    for (const FilteredUrl& url : completion.filtered) {
      if (url.fingerprint != 0) seen[url.fingerprint] = url.reason;
      (url.fingerprint != 0 ? filtered : passed_over).push_back(url);
    }
    for (const QueuedUrl& url : completion.discovered) seen[url.fingerprint] = std::nullopt;
    for (const auto& [fingerprint, reason] : completion.reconsidered) {
      std::erase_if(filtered,
                    [&](const FilteredUrl& url) { return url.fingerprint == fingerprint; });
    }
    if (completion.requeue) rewrite(*completion.requeue);
    if (completion.dequeue) queue.erase({completion.dequeue->host, completion.dequeue->seq});
    if (completion.page) record(completion);
    const bool is_renamed = completion.dequeue && !completion.page && completion.found_on != 0;
    const auto parent = records.find(completion.found_on);
    if (is_renamed && parent != records.end()) parent->second.outlinks.reset();
    for (const HostState& host : completion.hosts) hosts[host.id] = host;
    if (completion.origin) origins[completion.origin->origin] = *completion.origin;
  }

  void rewrite(const QueuedUrl& url) {
    const auto row = queue.find({url.host, url.seq});
    if (row == queue.end()) return;
    row->second.attempts = url.attempts;
    row->second.crashes = url.crashes;
    row->second.not_before = url.not_before;
  }

  // Of an unmodified page what is not stated anew stays.
  void record(const Completion& completion) {
    const Outcome& outcome = completion.outcome;
    fetched.emplace(outcome.request.url, *completion.page);
    const auto [row, is_new] = records.try_emplace(completion.fingerprint);
    Record& record = row->second;
    record.page = {outcome.request.url, outcome.request.depth, outcome.request.kind};
    record.status = *completion.page;
    const bool stays = outcome.unmodified && !is_new;
    if (!stays || !outcome.validators.etag.empty()) {
      record.validators.etag = outcome.validators.etag;
    }
    if (!stays || !outcome.validators.last_modified.empty()) {
      record.validators.last_modified = outcome.validators.last_modified;
    }
    if (stays) return;
    record.recipe = recipe_;
    record.validators.content_hash = outcome.content_hash;
    record.outlinks = completion.outlinks;
    if (!record.outlinks) return;
    std::ranges::sort(*record.outlinks);
    const auto repeats = std::ranges::unique(*record.outlinks);
    record.outlinks->erase(repeats.begin(), repeats.end());
  }

  std::optional<std::string> job_;
  std::string boot_id_;
  std::chrono::milliseconds clock_offset_{0};
  std::uint64_t recipe_ = 0;
  std::uint64_t run_ = 0;
  std::uint64_t next_seq_ = 1;
  bool running_ = false;
  bool fenced_ = false;
};

}  // namespace placer
