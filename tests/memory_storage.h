// The Storage seam as a model in memory: the reference that tests of the frontier and the engine
// run against, and that a kill can be played on (everything committed survives, nothing else).
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "scraper/storage.h"

namespace placer {

class MemoryStorage : public Storage {
 public:
  Result<Resumed> begin_run(const std::string& /*job*/, const std::string& /*backend*/,
                            Instant /*now*/) override {
    Resumed resumed;
    resumed.run = ++run_;
    resumed.fresh = queue.empty();
    resumed.unclean = running_;
    running_ = true;
    if (resumed.fresh) start_pass();
    resumed.next_seq = next_seq_;
    for (auto& [id, host] : hosts) {
      resumed.accepted += host.accepted;
      resumed.hosts.push_back(host);
    }
    for (auto& [name, origin] : origins) resumed.origins.push_back(origin);
    resumed.seen.assign(seen.begin(), seen.end());
    for (const FilteredUrl& url : filtered) {
      if (!may_be_reconsidered(url.reason)) continue;
      std::erase(resumed.seen, url.fingerprint);
      resumed.passed_over.emplace_back(url.fingerprint, url.reason);
    }
    return resumed;
  }

  Result<std::vector<QueuedUrl>> queued(HostId host, std::uint64_t after,
                                        std::size_t limit) override {
    std::vector<QueuedUrl> urls;
    for (auto it = queue.upper_bound({host, after});
         it != queue.end() && it->first.first == host && urls.size() < limit; ++it) {
      urls.push_back(it->second);
    }
    return urls;
  }

  Result<void> commit(const std::vector<Completion>& batch, const RunCounters& counters) override {
    if (fail_commits) return fail(ErrorCode::kStorage, "commit: the disk is full");
    for (const Completion& completion : batch) apply(completion);
    last_counters = counters;
    ++commits;
    return {};
  }

  Result<RunVerdict> end_run(RunOutcome outcome, const RunCounters& counters,
                             Instant /*now*/) override {
    running_ = false;
    last_outcome = outcome;
    last_counters = counters;
    return RunVerdict{};
  }

  std::uint64_t place_count() const override { return 0; }

  // Fetched pages, queued URLs and remembered filtered ones: what "discovered" must add up to.
  std::uint64_t accounted() const { return fetched.size() + queue.size() + filtered.size(); }

  std::map<std::pair<HostId, std::uint64_t>, QueuedUrl> queue;
  std::set<std::uint64_t> seen;
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
  void start_pass() {
    seen.clear();
    filtered.clear();
    passed_over.clear();
    fetched.clear();
    for (auto& [id, host] : hosts) host.queued = host.fetched = host.accepted = 0;
  }

  void apply(const Completion& completion) {
    if (completion.dequeue) queue.erase({completion.dequeue->host, completion.dequeue->seq});
    for (const QueuedUrl& url : completion.discovered) put(url);
    if (completion.requeue) put(*completion.requeue);
    for (const FilteredUrl& url : completion.filtered) {
      if (url.fingerprint != 0) seen.insert(url.fingerprint);
      (url.fingerprint != 0 ? filtered : passed_over).push_back(url);
    }
    for (const std::uint64_t fingerprint : completion.reconsidered) {
      std::erase_if(filtered,
                    [&](const FilteredUrl& url) { return url.fingerprint == fingerprint; });
    }
    if (completion.page) fetched.emplace(completion.outcome.request.url, *completion.page);
    for (const HostState& host : completion.hosts) hosts[host.id] = host;
    if (completion.origin) origins[completion.origin->origin] = *completion.origin;
  }

  void put(const QueuedUrl& url) {
    queue[{url.host, url.seq}] = url;
    seen.insert(url.fingerprint);
    next_seq_ = std::max(next_seq_, url.seq + 1);
  }

  std::uint64_t run_ = 0;
  std::uint64_t next_seq_ = 1;
  bool running_ = false;
};

}  // namespace placer
