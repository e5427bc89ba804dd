// Places as All the Places publishes them: GeoJSON features with OpenStreetMap's keys.
//
// https://github.com/alltheplaces/alltheplaces/blob/master/DATA_FORMAT.md, RFC 7946.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "storage/export.h"

namespace placer {

// The GeoJSON property of a column: "addr:city" for addr_city, "@source_uri" for source_url. What
// is neither a tag of OSM nor a property of All the Places begins with '@': "@rating",
// "@first_seen".
std::string property_of_column(std::string_view column);

// An object none of whose values is an object or an array: what socials and tags are.
bool is_flat_object(const nlohmann::ordered_json& json);

// One Feature. `spider` is the job's name. The geometry is null where no position is known.
// Columns that are not wanted are left out of the properties; @spider never is.
nlohmann::ordered_json feature_of(const ExportedPlace& row, const std::string& spider,
                                  const ColumnChoice& wanted);

}  // namespace placer
