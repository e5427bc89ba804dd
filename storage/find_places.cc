#include <algorithm>

#include "storage/place_columns.h"
#include "storage/query.h"

namespace placer {
namespace {

// Each word quoted, as the beginning of a word: no text is a syntax error of FTS5.
std::string match_expression(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  std::string expression;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return expression;
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(kSpace));
    text.remove_prefix(word.size());
    if (!expression.empty()) expression += ' ';
    expression += '"';
    for (const char c : word) {
      if (c == '\0') continue;  // would end the expression
      if (c == '"') expression += '"';
      expression += c;
    }
    expression += "\"*";
  }
}

std::string sql_for(const PlaceQuery& query, bool with_text) {
  std::string sql = "SELECT p.id, p.source_url, p.last_seen, p.gone_since, ";
  sql += query.near ? "distance_m(p.lat, p.lon, ?1, ?2) AS distance, " : "NULL AS distance, ";
  sql += place_field_list("p.") + " FROM place AS p";
  if (with_text) sql += " JOIN place_text AS t ON t.rowid = p.id";
  if (query.near) sql += " JOIN place_geo AS g ON g.id = p.id";
  sql += " WHERE 1";
  if (!query.gone) sql += " AND p.gone_since IS NULL";
  if (with_text) sql += " AND t.place_text MATCH ?4";
  if (!query.category.empty()) {
    sql += query.category.find('=') == std::string::npos
               ? " AND p.category >= ?5 || '=' AND p.category < ?5 || '>'"
               : " AND p.category = ?5";
  }
  if (query.near) {
    sql +=
        " AND g.max_lat >= ?6 AND g.min_lat <= ?7 AND g.max_lon >= ?8 AND g.min_lon <= ?9"
        " AND distance_m(p.lat, p.lon, ?1, ?2) <= ?3";
  }
  sql += query.near  ? " ORDER BY distance, p.id"
         : with_text ? " ORDER BY t.rank, p.id"
                     : " ORDER BY p.name, p.id";
  return sql + " LIMIT ?10";
}

void read_box(Database& db, const PlaceQuery& query, const std::string& match, const GeoBox& box,
              std::vector<FoundPlace>& found) {
  const Near near = query.near.value_or(Near{});
  Statement row(db, sql_for(query, !match.empty()), "finding places");
  for (bool more = row.first(near.centre.lat, near.centre.lon, near.radius_m, match, query.category,
                             box.min_lat, box.max_lat, box.min_lon, box.max_lon, query.limit);
       more; more = row.next()) {
    FoundPlace place{row.integer(0), read_place(row, 5),     row.optional_string(1),
                     row.string(2),  row.optional_string(3), std::nullopt};
    if (!row.is_null(4)) place.distance_m = row.real(4);
    found.push_back(std::move(place));
  }
}

}  // namespace

Result<std::vector<FoundPlace>> Lookup::find_places(const PlaceQuery& query) {
  std::vector<FoundPlace> found;
  const std::string match = match_expression(query.text);
  const std::vector<GeoBox> boxes = query.near
                                        ? boxes_around(query.near->centre, query.near->radius_m)
                                        : std::vector<GeoBox>{GeoBox{-90, 90, -180, 180}};
  for (const GeoBox& box : boxes) read_box(*db_, query, match, box, found);
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  if (boxes.size() > 1) {
    std::sort(found.begin(), found.end(), [](const FoundPlace& a, const FoundPlace& b) {
      return std::pair(a.distance_m, a.id) < std::pair(b.distance_m, b.id);
    });
    const auto same = [](const FoundPlace& a, const FoundPlace& b) { return a.id == b.id; };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    found.resize(std::min<std::size_t>(found.size(), query.limit));
  }
  return found;
}

}  // namespace placer
