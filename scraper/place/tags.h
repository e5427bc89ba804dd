// OSM tags without a column of their own: cuisine, payment:*, wheelchair, fax, ...
#pragma once

#include <nlohmann/json.hpp>

#include "scraper/frontier/url.h"

namespace placer {

// An object of tags, key to text. Only what is stated plainly; unknown words are left out. Null
// when there are none.
nlohmann::json tags_of(const nlohmann::json& fields, const Url* base);

}  // namespace placer
