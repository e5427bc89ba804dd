// The URLs that a pass has found, by fingerprint: 10^8 of them on disk, in a fixed amount of
// memory.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/storage.h"
#include "storage/sqlite.h"

namespace placer {

// A fingerprint, and why its URL was filtered; nothing: it was accepted.
using SeenUrl = std::pair<std::uint64_t, std::optional<FilterReason>>;

// Two levels. The newest entries are a table in memory, and on disk one blob per commit (table
// `seen_log`). When there are kMostInMemory of them they are merged into the buckets (table
// `seen`): a bucket holds the entries whose fingerprints begin with its number, sorted, about 3 KB,
// so that it is found without an index and a batch of look-ups in order reads each once.
// Fingerprints are hashes, which is what keeps the buckets even. 9 bytes an entry.
//
// Works inside the caller's transaction; failures stick to the Database, and the caller then calls
// forget(). Confined to one thread.
class SeenStore {
 public:
  struct Entry {
    std::uint64_t fingerprint = 0;
    std::uint8_t state = 0;
  };

  explicit SeenStore(Database& db);

  // For each fingerprint whether and how it was decided. REQUIRES: they are sorted.
  std::vector<Known> find(std::span<const std::uint64_t> fingerprints);

  // Adds entries; of a fingerprint that is there the new one holds.
  void add(const std::vector<SeenUrl>& urls);

  void clear();

  // What is in memory is read again: a transaction was undone.
  void forget() { loaded_ = false; }

 private:
  void load();
  void merge();
  void write_parts(const std::vector<Entry>& entries, int bits);

  static constexpr std::size_t kMostInMemory = std::size_t{1} << 19;

  Database* db_;
  bool loaded_ = false;
  absl::flat_hash_map<std::uint64_t, std::uint8_t> newest_;  // fingerprint, state
  int bits_ = 0;              // of a fingerprint, that number its bucket
  std::uint64_t stored_ = 0;  // entries in the buckets
  std::uint64_t next_log_ = 1;
  Statement hold_;  // of the database's state, for a batch of look-ups
  Statement select_bucket_;
  Statement insert_bucket_;
  Statement delete_bucket_;
  Statement insert_log_;
  Statement select_log_;
  Statement update_size_;
};

// Fills the store from the table seen_2 and the queue of a schema 2, and drops that table.
void import_seen(Database& db);

}  // namespace placer
