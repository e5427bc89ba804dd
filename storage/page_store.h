// The table `page`: every URL that was fetched, as it was at the last fetch.
#pragma once

#include <cstdint>
#include <optional>

#include "scraper/storage.h"
#include "storage/sqlite.h"

namespace placer {

// Works inside the caller's transaction; failures stick to the Database.
class PageStore {
 public:
  explicit PageStore(Database& db);

  // Inserts or replaces the page's row and returns its id; 0 after a failure. What a 304 does not
  // repeat is kept. REQUIRES: completion.page is set.
  std::int64_t store(const Completion& completion);

 private:
  Statement upsert_;
  Statement select_url_;
};

// 64 bits as 16 hexadecimal digits; nothing for 0.
std::optional<std::string> hash_text(std::uint64_t hash);

}  // namespace placer
