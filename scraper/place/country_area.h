// Roughly where countries are: boxes of latitude and longitude, written from general knowledge.
//
// Good for telling that something cannot be so, and for naming a country where no other comes near.
// Pure, safe for concurrent use.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/place/place.h"

namespace placer {

// The country (alpha-2) that a point is in, when the boxes of no other country hold it. WGS 84
// degrees. Nothing near borders, at sea, and where the boxes are not known.
std::optional<std::string> country_of_point(double lat, double lon);

// Can the point be in the country? Generous: half a degree around its boxes. True for countries
// whose boxes are not known.
bool may_be_in(std::string_view country, double lat, double lon);

// Compares the coordinates of a place with the country that it states. Coordinates that lie in the
// country only with latitude and longitude exchanged are exchanged back; others outside of it stay.
// Either way `tags` gets a "note:placer" that says so: "coordinates are not in DE".
void check_position(Place& place, nlohmann::json& tags);

}  // namespace placer
