// Which places are asked for, and the SQL that finds them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/geo.h"
#include "storage/sqlite.h"

namespace placer {

struct Near {
  Position centre;
  double radius_m = 1000;
};

// Places that meet all of these.
struct PlaceQuery {
  std::string text{};                     // words, each the beginning of one in the place
  std::optional<Near> near{};             // orders by distance
  std::vector<std::string> categories{};  // any of: "amenity=cafe", or "amenity" for all its values
  std::uint32_t limit = 100;              // 0: all
  bool gone = false;                      // also places that no page states any more
  // Words that stand for `categories`: a place without a category may bear one of them instead.
  std::vector<std::string> category_words{};
  std::string city{};                    // words that follow each other in the city or address
  std::optional<std::string> open_at{};  // known to be open then (storage/moment.h)
  std::optional<std::uint64_t> since{};  // new or changed in a run after this one
  // All observations of the place state one of these, as `licence` or schema.org's `license`.
  std::vector<std::string> licences{};
};

enum class PlaceOrder : std::uint8_t {
  kBest,  // nearest, else best match of the text, else by name; places of equal standing by id
  kId,
};

// A SELECT statement and its parameters in order.
struct PlaceSelect {
  std::string sql;
  std::vector<std::variant<std::string, double, std::int64_t>> values;

  void bind(Statement& statement) const;
};

// The first column is the distance in metres, NULL unless near is asked for; the others are
// `columns`, of place AS p. Needs add_geo_functions() and add_hours_functions().
PlaceSelect select_places(const PlaceQuery& query, std::string_view columns, PlaceOrder order);

}  // namespace placer
