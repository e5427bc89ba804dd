// Two storages that are told and asked the same, and must answer the same.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scraper/storage.h"

namespace placer {

// What a caller can see of each answer, as text.
std::string text_of(const HostState& host);
std::string text_of(const OriginState& origin);
std::string text_of(const LeasedHost& leased);
std::string text_of(const QueuedUrl& url);
std::string text_of(const Known& known);
std::string text_of(const StoredPage& page);
std::string text_of(const Resumed& resumed);

// Answers what the first of them answers; a difference is a failure of the test, and so is an
// answer of one where the other fails.
class TwinStorage : public Storage {
 public:
  TwinStorage(Storage& first, Storage& second) : first_(first), second_(second) {}

  using Storage::begin_run;
  Result<Resumed> begin_run(const std::string& job, const std::string& backend, Instant now,
                            const RunPlan& plan) override;
  Result<std::vector<LeasedHost>> lease_hosts(std::size_t limit) override;
  Result<std::optional<HostState>> host(std::string_view name) override;
  Result<std::vector<QueuedUrl>> queued(HostId host, std::uint64_t after,
                                        std::size_t limit) override;
  Result<std::vector<Known>> known(std::span<const std::uint64_t> fingerprints) override;
  Result<std::vector<std::uint64_t>> outlinks(std::uint64_t fingerprint) override;
  Result<std::vector<std::optional<StoredPage>>> pages(
      std::span<const std::uint64_t> fingerprints) override;
  Result<void> commit(const std::vector<Completion>& batch, const RunCounters& counters) override;
  Result<RunVerdict> end_run(RunOutcome outcome, const RunCounters& counters, Instant now) override;
  std::uint64_t place_count() const override { return first_.place_count(); }

 private:
  Storage& first_;
  Storage& second_;
};

}  // namespace placer
