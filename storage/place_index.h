// The indexes over places: full text (FTS5) and position (R*Tree).
#pragma once

#include <cstdint>

#include "scraper/place/place.h"
#include "storage/sqlite.h"

namespace placer {

// Kept by hand, not by triggers: with an untrusted schema SQLite lets no trigger write them.
class PlaceIndex {
 public:
  explicit PlaceIndex(Database& db);

  // Null: not in the index before, or not to be in it.
  void replace(std::int64_t id, const Place* before, const Place* after);

 private:
  Statement insert_text_;
  Statement delete_text_;
  Statement insert_position_;
  Statement delete_position_;
};

}  // namespace placer
