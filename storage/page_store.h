// The table `page`: every URL that was fetched, as it was at the last fetch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scraper/storage.h"
#include "storage/revisit.h"
#include "storage/sqlite.h"

namespace placer {

// Works inside the caller's transaction; failures stick to the Database.
class PageStore {
 public:
  explicit PageStore(Database& db);

  // What a run knows of itself.
  struct Run {
    std::int64_t pass = 0;
    std::uint64_t recipe = 0;
  };
  // A row, and what was known of the page before.
  struct Stored {
    std::int64_t id = 0;            // 0 after a failure
    bool is_new = true;             // there was no row
    bool visited_before = false;    // in an earlier pass
    bool outlinks_changed = false;  // or the body, where links are not on record
    std::string first_fetched;
    Visits visits;  // before this one
  };

  // Inserts or replaces the page's row. What an unmodified page does not repeat is kept.
  // REQUIRES: completion.page is set.
  Stored store(const Completion& completion, const Run& run);

  // Learns from a page that was answered whether it had changed since the last time.
  void learn(const Stored& page, bool changed, Instant at);

  // A page's outlinks do not hold any more: it is read anew the next time.
  void forget_outlinks(std::uint64_t fingerprint);

  // Completion::outlinks as last stored; empty when not all are on record.
  std::vector<std::uint64_t> outlinks(std::uint64_t fingerprint);

  std::vector<std::optional<StoredPage>> pages(std::span<const std::uint64_t> fingerprints);

 private:
  Stored before(const Completion& completion, const std::string& outlinks, std::int64_t pass);

  Database* db_;
  Statement upsert_;
  Statement select_before_;
  Statement select_url_;
  Statement select_outlinks_;
  Statement forget_outlinks_;
  Statement learn_;
};

// 64 bits as 16 hexadecimal digits; nothing for 0. And back; 0 for anything else.
std::optional<std::string> hash_text(std::uint64_t hash);
std::uint64_t hash_of_text(std::string_view text);

}  // namespace placer
