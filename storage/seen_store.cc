#include "storage/seen_store.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace placer {
namespace {

static_assert(std::endian::native == std::endian::little, "entries are stored in this order");

// In a blob: the fingerprint, little-endian, and its state.
constexpr std::size_t kEntry = 9;
constexpr std::uint64_t kMostInBucket = 384;  // on average: with its header it fills a page
constexpr std::uint8_t kAccepted = 0;         // a state; else 1 + FilterReason

using Entry = SeenStore::Entry;

Entry entry_at(std::string_view blob, std::size_t n) {
  Entry entry;
  std::memcpy(&entry.fingerprint, blob.data() + n * kEntry, sizeof entry.fingerprint);
  entry.state = static_cast<std::uint8_t>(blob[n * kEntry + 8]);
  return entry;
}

void append(const Entry& entry, std::string& blob) {
  char bytes[kEntry];
  std::memcpy(bytes, &entry.fingerprint, sizeof entry.fingerprint);
  bytes[8] = static_cast<char>(entry.state);
  blob.append(bytes, kEntry);
}

// A row whose blob is no whole number of entries was not written by us; the rest is not read.
std::size_t size_of(std::string_view blob) { return blob.size() / kEntry; }

std::uint8_t state_of(std::optional<FilterReason> reason) {
  return reason ? static_cast<std::uint8_t>(1 + static_cast<int>(*reason)) : kAccepted;
}

Known known_of(std::uint8_t state) {
  Known known;
  known.found = true;
  if (state != kAccepted) known.filtered_as = static_cast<FilterReason>(state - 1);
  return known;
}

std::uint64_t bucket_of(std::uint64_t fingerprint, int bits) {
  return bits == 0 ? 0 : fingerprint >> (64 - bits);
}

// The entries of a bucket and those that replace or join them, largest first. REQUIRES: `fresh` is.
std::vector<Entry> merged_entries(std::string_view old, std::span<const Entry> fresh) {
  std::vector<Entry> merged;
  merged.reserve(size_of(old) + fresh.size());
  std::size_t left = size_of(old);
  for (const Entry& entry : fresh) {
    for (; left > 0 && entry_at(old, left - 1).fingerprint > entry.fingerprint; --left) {
      merged.push_back(entry_at(old, left - 1));
    }
    if (left > 0 && entry_at(old, left - 1).fingerprint == entry.fingerprint) --left;
    merged.push_back(entry);
  }
  for (; left > 0; --left) merged.push_back(entry_at(old, left - 1));
  return merged;
}

// The entry of `fingerprint` in a bucket, from `begin` on, which is moved there.
std::optional<std::uint8_t> look_up(std::string_view blob, std::uint64_t fingerprint,
                                    std::size_t& begin) {
  std::size_t low = begin;
  std::size_t high = size_of(blob);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (entry_at(blob, middle).fingerprint < fingerprint) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  begin = low;
  if (low == size_of(blob)) return std::nullopt;
  const Entry entry = entry_at(blob, low);
  return entry.fingerprint == fingerprint ? std::optional(entry.state) : std::nullopt;
}

}  // namespace

SeenStore::SeenStore(Database& db)
    : db_(&db),
      hold_(db, "SELECT 1 FROM meta", "reading the URLs seen"),
      select_bucket_(db, "SELECT entries FROM seen WHERE bucket = ?", "reading the URLs seen"),
      insert_bucket_(db, "INSERT OR REPLACE INTO seen VALUES (?, ?)", "storing the URLs seen"),
      delete_bucket_(db, "DELETE FROM seen WHERE bucket = ?", "storing the URLs seen"),
      insert_log_(db, "INSERT INTO seen_log VALUES (?, ?)", "storing the URLs seen"),
      select_log_(db, "SELECT id, entries FROM seen_log ORDER BY id", "reading the URLs seen"),
      update_size_(db, "UPDATE meta SET seen_bits = ?, seen_stored = ?", "storing the URLs seen") {}

void SeenStore::load() {
  if (loaded_) return;
  newest_.clear();
  next_log_ = 1;
  Statement size(*db_, "SELECT seen_bits, seen_stored FROM meta", "reading the URLs seen");
  if (size.first()) {
    bits_ = static_cast<int>(size.integer(0));
    stored_ = size.count(1);
  }
  size.reset();
  for (bool row = select_log_.first(); row; row = select_log_.next()) {
    next_log_ = select_log_.count(0) + 1;
    const std::string_view blob = select_log_.bytes(1);
    for (std::size_t i = 0; i < size_of(blob); ++i) {
      const Entry entry = entry_at(blob, i);
      newest_[entry.fingerprint] = entry.state;
    }
  }
  loaded_ = db_->ok();
}

void SeenStore::clear() {
  db_->exec(
      "DELETE FROM seen; DELETE FROM seen_log; UPDATE meta SET seen_bits = 0, seen_stored = 0",
      "forgetting the URLs seen");
  forget();
}

std::vector<Known> SeenStore::find(std::span<const std::uint64_t> fingerprints) {
  load();
  // As long as a statement stands on a row, those beside it need no lock of their own, which would
  // cost as much as the look-up.
  hold_.first();
  std::vector<Known> found(fingerprints.size());
  std::optional<std::uint64_t> bucket;
  std::string_view entries;  // of the row that the statement stands on
  std::size_t begin = 0;
  for (std::size_t i = 0; i < fingerprints.size(); ++i) {
    const std::uint64_t fingerprint = fingerprints[i];
    if (const auto it = newest_.find(fingerprint); it != newest_.end()) {
      found[i] = known_of(it->second);
      continue;
    }
    if (stored_ == 0) continue;
    const std::uint64_t wanted = bucket_of(fingerprint, bits_);
    if (bucket != wanted) {
      bucket = wanted;
      begin = 0;
      select_bucket_.reset();
      entries = select_bucket_.first(wanted) ? select_bucket_.bytes(0) : std::string_view();
    }
    if (const auto state = look_up(entries, fingerprint, begin)) found[i] = known_of(*state);
  }
  select_bucket_.reset();
  hold_.reset();
  return found;
}

void SeenStore::add(const std::vector<SeenUrl>& urls) {
  if (urls.empty()) return;
  load();
  std::string blob;
  blob.reserve(urls.size() * kEntry);
  for (const auto& [fingerprint, reason] : urls) {
    const Entry entry{fingerprint, state_of(reason)};
    newest_[fingerprint] = entry.state;
    append(entry, blob);
  }
  insert_log_.run(next_log_++, Blob{blob});
  if (newest_.size() >= kMostInMemory) merge();
}

// Writes the entries of one bucket, which come largest first, as the parts it falls into.
void SeenStore::write_parts(const std::vector<Entry>& entries, int bits) {
  std::string blob;
  for (std::size_t i = entries.size(); i-- > 0;) {
    append(entries[i], blob);
    const std::uint64_t part = bucket_of(entries[i].fingerprint, bits);
    if (i > 0 && bucket_of(entries[i - 1].fingerprint, bits) == part) continue;
    insert_bucket_.run(part, Blob{blob});
    blob.clear();
  }
}

// Each bucket is read and written once. Where there are more of them now, they are split from the
// last to the first: the parts of bucket b have numbers from b * 2^n on, where nothing is any more.
void SeenStore::merge() {
  std::vector<Entry> fresh;
  fresh.reserve(newest_.size());
  for (const auto& [fingerprint, state] : newest_) fresh.push_back({fingerprint, state});
  std::ranges::sort(fresh, std::ranges::greater(), &Entry::fingerprint);
  int bits = bits_;
  while (((stored_ + fresh.size()) >> bits) > kMostInBucket) ++bits;
  std::uint64_t stored = 0;
  auto next = fresh.begin();
  for (std::uint64_t bucket = std::uint64_t{1} << bits_; bucket-- > 0;) {
    const auto end = std::find_if(next, fresh.end(), [&](const Entry& entry) {
      return bucket_of(entry.fingerprint, bits_) != bucket;
    });
    const bool has_row = select_bucket_.first(bucket);
    const std::string_view old = has_row ? select_bucket_.bytes(0) : std::string_view();
    const bool stays = next == end && bits == bits_;
    const auto merged = stays ? std::vector<Entry>() : merged_entries(old, {next, end});
    stored += stays ? size_of(old) : merged.size();
    select_bucket_.reset();
    if (has_row && bits != bits_) delete_bucket_.run(bucket);
    write_parts(merged, bits);
    next = end;
  }
  db_->exec("DELETE FROM seen_log", "storing the URLs seen");
  bits_ = bits;
  stored_ = stored;
  update_size_.run(bits_, stored_);
  newest_.clear();
  next_log_ = 1;
}

void import_seen(Database& db) {
  constexpr std::size_t kRows = 10'000;
  SeenStore store(db);
  std::vector<SeenUrl> urls;
  Statement row(db,
                "SELECT fingerprint, reason FROM seen_2"
                " UNION ALL SELECT fingerprint, NULL FROM queue",
                "moving the URLs seen");
  for (bool more = row.first(); more; more = row.next()) {
    urls.emplace_back(row.count(0), filter_reason_of(row.text(1)));
    if (urls.size() == kRows) store.add(std::exchange(urls, {}));
  }
  store.add(urls);
  db.exec("DROP TABLE seen_2", "moving the URLs seen");
}

}  // namespace placer
