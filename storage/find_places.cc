#include "storage/place_columns.h"
#include "storage/query.h"

namespace placer {
namespace {

PlaceSelect select_for(const PlaceQuery& query) {
  const std::string columns =
      "p.id, p.source_url, p.last_seen, p.gone_since, " + place_field_list("p.");
  return select_places(query, columns, PlaceOrder::kBest);
}

}  // namespace

Result<std::vector<FoundPlace>> Lookup::find_places(const PlaceQuery& query) {
  std::vector<FoundPlace> found;
  const PlaceSelect select = select_for(query);
  {
    Statement row(*db_, select.sql, "finding places");
    select.bind(row);
    while (row.next()) {
      FoundPlace place{row.integer(1), read_place(row, 5),     row.optional_string(2),
                       row.string(3),  row.optional_string(4), std::nullopt};
      if (!row.is_null(0)) place.distance_m = row.real(0);
      found.push_back(std::move(place));
    }
  }
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return found;
}

Result<std::string> Lookup::find_places_sql(const PlaceQuery& query) {
  const PlaceSelect select = select_for(query);
  std::string sql;
  {
    Statement row(*db_, select.sql, "finding places");
    select.bind(row);
    if (db_->ok()) {
      const std::unique_ptr<char, void (*)(void*)> text(sqlite3_expanded_sql(row.raw()),
                                                        sqlite3_free);
      if (text) sql = text.get();
    }
  }
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return sql;
}

Result<std::vector<std::string>> Lookup::categories() {
  std::vector<std::string> list;
  {
    Statement row(*db_, "SELECT DISTINCT category FROM place WHERE category IS NOT NULL ORDER BY 1",
                  "reading the categories");
    for (bool more = row.first(); more; more = row.next()) list.push_back(row.string(0));
  }
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return list;
}

}  // namespace placer
