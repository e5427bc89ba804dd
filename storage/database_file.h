// placer's database as a file: who may write it, and what it must be.
#pragma once

#include <memory>
#include <string>

#include "config/config.h"
#include "scraper/result.h"
#include "storage/sqlite.h"

namespace placer {

// A kernel lock (flock) on "<database>.lock": one run at a time. The kernel releases it when the
// holder ends, however it ends, so it is never stale; the file itself stays. A child forked while
// it is held shares it until the child ends or closes its descriptors.
class RunLock {
 public:
  // kLocked, with the holder's process id where known; kStorage when the folder is not writable.
  static Result<RunLock> take(const std::string& database_path);
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

 private:
  explicit RunLock(int fd) : fd_(fd) {}
  int fd_;
};

// Fails when it is no SQLite database, not placer's, or of a newer version. A missing or empty file
// is fine. Changes nothing, except that a journal which a killed program left is played back.
Result<void> check_file(const std::string& path);

// Opens for the one connection that writes and does every checkpoint: creates the schema in a new
// or empty file, migrates an older one in one transaction.
// REQUIRES: check_file() found nothing wrong and the caller holds the RunLock.
Result<std::unique_ptr<Database>> open_for_writing(const StorageOptions& options);

// Opens for looking only; a run may go on. Refuses missing and foreign files and other versions.
Result<std::unique_ptr<Database>> open_for_reading(const std::string& path);

}  // namespace placer
