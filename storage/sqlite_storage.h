// Storage in one SQLite file: the frontier, the pages and the places of one job.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "scraper/storage.h"

namespace placer {

// Holds the lock of the database (see RunLock) and the one connection that writes to it, so it
// must neither be used nor destroyed in a child of the process that opened it.
//
// Failures are kStorage and name the file; after one, what was committed stands, what was not is
// undone, and the same call may be tried again (when the disk has room, say).
class SqliteStorage final : public Storage {
 public:
  // REQUIRES: options.path is not empty. Creates the file when it is missing; the folder must
  // exist. kLocked while another run holds the database; kStorage for a file that is not placer's
  // or is of a newer version, which is left as it is.
  static Result<std::unique_ptr<SqliteStorage>> open(const std::string& path,
                                                     const StorageOptions& options);
  ~SqliteStorage() override;

  // The command line, kept in `run` for the history; to be called before begin_run().
  void set_arguments(std::string arguments);

  // kInvalidArgument when the database belongs to another job.
  Result<Resumed> begin_run(const std::string& job, const std::string& backend, Instant now,
                            const RunPlan& plan) override;
  using Storage::begin_run;
  // REQUIRES: a run has begun, here and below.
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

  // Rows of `place`, gone ones too.
  std::uint64_t place_count() const override;

 private:
  struct Impl;
  explicit SqliteStorage(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The counters as run.counters holds them: {"pages": 12, ...}; and back, missing ones as 0.
std::string counters_json(const RunCounters& counters);
RunCounters counters_of_json(std::string_view json);

}  // namespace placer
