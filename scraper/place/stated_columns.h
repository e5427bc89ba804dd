// Columns that a job's rules state in the table's own words, because schema.org has none for them.
//
// They come as an object under "osm": branch, category ("amenity=cafe", or a type of schema.org),
// addr_housenumber, addr_street, addr_unit, operating_status, and "tags", an object of OSM tags.
#pragma once

#include <nlohmann/json.hpp>

#include "scraper/place/place.h"

namespace placer {

// Overrules what other properties gave; what makes no sense is left out. `tags` as in Place::tags.
void apply_stated_columns(const nlohmann::json& fields, Place& place, nlohmann::json& tags);

}  // namespace placer
