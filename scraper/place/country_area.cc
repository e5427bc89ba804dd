#include "scraper/place/country_area.h"

#include <algorithm>
#include <utility>

namespace placer {
namespace {

struct Box {
  std::string_view country;
  double south, west, north, east;
};

constexpr Box kBoxes[] = {
#include "scraper/place/country_area.inc"
};

constexpr double kMargin = 0.5;  // degrees: coasts, islands, rounding

bool holds(const Box& box, double lat, double lon, double margin) {
  return lat >= box.south - margin && lat <= box.north + margin && lon >= box.west - margin &&
         lon <= box.east + margin;
}

}  // namespace

std::optional<std::string> country_of_point(double lat, double lon) {
  std::string_view only;
  for (const Box& box : kBoxes) {
    if (!holds(box, lat, lon, 0) || box.country == only) continue;
    if (!only.empty()) return std::nullopt;
    only = box.country;
  }
  if (only.empty()) return std::nullopt;
  return std::string(only);
}

bool may_be_in(std::string_view country, double lat, double lon) {
  bool known = false;
  for (const Box& box : kBoxes) {
    if (box.country != country) continue;
    known = true;
    if (holds(box, lat, lon, kMargin)) return true;
  }
  return !known;
}

void check_position(Place& place, nlohmann::json& tags) {
  if (!place.lat || !place.lon || !place.addr_country) return;
  const std::string& country = *place.addr_country;
  const double lat = *place.lat;
  const double lon = *place.lon;
  if (may_be_in(country, lat, lon)) return;
  if (lon >= -90 && lon <= 90 && may_be_in(country, lon, lat)) {
    std::swap(*place.lat, *place.lon);
    tags["note:placer"] = "latitude and longitude were exchanged";
    return;
  }
  tags["note:placer"] = "coordinates are not in " + country;
}

}  // namespace placer
