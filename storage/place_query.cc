#include "storage/place_query.h"

#include <fmt/format.h>

namespace placer {
namespace {

std::string fts_phrase(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\0') continue;  // would end the expression
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

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
    expression += (expression.empty() ? "" : " ") + fts_phrase(word) + '*';
  }
}

std::string any_phrase(const std::vector<std::string>& phrases) {
  std::string expression;
  for (const std::string& phrase : phrases) {
    expression += (expression.empty() ? "" : " OR ") + fts_phrase(phrase);
  }
  return expression;
}

class Builder {
 public:
  explicit Builder(const PlaceQuery& query) : query_(query), match_(match_expression(query.text)) {}

  PlaceSelect build(std::string_view columns, PlaceOrder order) {
    if (query_.near) {
      add("SELECT distance_m(p.lat, p.lon, ?, ?) AS distance, ", query_.near->centre.lat,
          query_.near->centre.lon);
    } else {
      add("SELECT NULL AS distance, ");
    }
    add(columns);
    add(" FROM place AS p");
    if (!match_.empty()) add(" JOIN place_text AS t ON t.rowid = p.id");
    add(query_.gone ? " WHERE 1" : " WHERE p.gone_since IS NULL");
    if (!match_.empty()) add(" AND t.place_text MATCH ?", match_);
    if (!query_.city.empty()) {
      add(" AND p.id IN (SELECT rowid FROM place_text WHERE place_text MATCH ?)",
          "{addr_city addr_full} : " + fts_phrase(query_.city));
    }
    categories();
    near();
    if (query_.open_at) {
      add(" AND open_at(p.opening_hours, ?, p.addr_country) = 1", *query_.open_at);
    }
    if (query_.since) {
      add(" AND p.id IN (SELECT place_id FROM place_history WHERE run > ?)",
          static_cast<std::int64_t>(*query_.since));
    }
    licences();
    sort(order);
    if (query_.limit != 0) add(" LIMIT ?", static_cast<std::int64_t>(query_.limit));
    return std::move(out_);
  }

 private:
  template <class... T>
  void add(std::string_view sql, T&&... values) {
    out_.sql += sql;
    (out_.values.emplace_back(std::forward<T>(values)), ...);
  }

  void categories() {
    if (query_.categories.empty()) return;
    std::string_view between = " AND (";
    for (const std::string& category : query_.categories) {
      add(between);
      if (category.find('=') == std::string::npos) {
        add("p.category >= ? AND p.category < ?", category + '=', category + '>');
      } else {
        add("p.category = ?", category);
      }
      between = " OR ";
    }
    if (!query_.category_words.empty()) {
      add(" OR p.category IS NULL"
          " AND p.id IN (SELECT rowid FROM place_text WHERE place_text MATCH ?)",
          any_phrase(query_.category_words));
    }
    add(")");
  }

  void near() {
    if (!query_.near) return;
    std::string_view between = " AND p.id IN (";
    for (const GeoBox& box : boxes_around(query_.near->centre, query_.near->radius_m)) {
      add(between);
      add("SELECT id FROM place_geo WHERE max_lat >= ? AND min_lat <= ? AND max_lon >= ?"
          " AND min_lon <= ?",
          box.min_lat, box.max_lat, box.min_lon, box.max_lon);
      between = " UNION ALL ";
    }
    add(") AND distance_m(p.lat, p.lon, ?, ?) <= ?", query_.near->centre.lat,
        query_.near->centre.lon, query_.near->radius_m);
  }

  void licences() {
    if (query_.licences.empty()) return;
    add(" AND EXISTS (SELECT 1 FROM observation AS o WHERE o.place_id = p.id)"
        " AND NOT EXISTS (SELECT 1 FROM observation AS o WHERE o.place_id = p.id"
        " AND coalesce(lower(coalesce(o.licence, CASE WHEN json_valid(o.raw)"
        " THEN json_extract(o.raw, '$.license') END)), '') NOT IN (");
    for (std::size_t i = 0; i < query_.licences.size(); ++i) {
      add(i == 0 ? "lower(?)" : ", lower(?)", query_.licences[i]);
    }
    add("))");
  }

  void sort(PlaceOrder order) {
    add(order == PlaceOrder::kId ? " ORDER BY p.id"
        : query_.near            ? " ORDER BY distance, p.id"
        : !match_.empty()        ? " ORDER BY t.rank, p.id"
                                 : " ORDER BY p.name, p.id");
  }

  const PlaceQuery& query_;
  std::string match_;
  PlaceSelect out_;
};

}  // namespace

void PlaceSelect::bind(Statement& statement) const {
  statement.start();
  for (const auto& value : values) {
    std::visit([&statement](const auto& v) { statement.add(v); }, value);
  }
}

PlaceSelect select_places(const PlaceQuery& query, std::string_view columns, PlaceOrder order) {
  return Builder(query).build(columns, order);
}

}  // namespace placer
