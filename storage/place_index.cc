#include "storage/place_index.h"

#include <tuple>

namespace placer {
namespace {

auto indexed_text(const Place& p) {
  return std::tie(p.name, p.branch, p.brand, p.addr_full, p.addr_street, p.addr_city, p.description,
                  p.category);
}

bool has_position(const Place* place) { return place != nullptr && place->lat && place->lon; }

}  // namespace

PlaceIndex::PlaceIndex(Database& db)
    : insert_text_(db,
                   "INSERT INTO place_text (rowid, name, branch, brand, addr_full, addr_street,"
                   " addr_city, description, category) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "indexing a place's text"),
      delete_text_(db,
                   "INSERT INTO place_text (place_text, rowid, name, branch, brand, addr_full,"
                   " addr_street, addr_city, description, category)"
                   " VALUES ('delete', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "taking a place's text from the index"),
      insert_position_(db, "INSERT OR REPLACE INTO place_geo VALUES (?1, ?2, ?2, ?3, ?3)",
                       "indexing a place's position"),
      delete_position_(db, "DELETE FROM place_geo WHERE id = ?",
                       "taking a place's position from the index") {}

void PlaceIndex::replace(std::int64_t id, const Place* before, const Place* after) {
  if (before == nullptr || after == nullptr || indexed_text(*before) != indexed_text(*after)) {
    if (before != nullptr) {
      std::apply([&](const auto&... text) { delete_text_.run(id, text...); },
                 indexed_text(*before));
    }
    if (after != nullptr) {
      std::apply([&](const auto&... text) { insert_text_.run(id, text...); }, indexed_text(*after));
    }
  }
  if (has_position(after)) {
    if (has_position(before) && before->lat == after->lat && before->lon == after->lon) return;
    insert_position_.run(id, after->lat, after->lon);
  } else if (has_position(before)) {
    delete_position_.run(id);
  }
}

}  // namespace placer
