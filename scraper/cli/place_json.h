// A place as JSON, for inspect and debug: the fields that are present, in the order of the record.
#pragma once

#include <nlohmann/json.hpp>

#include "scraper/place/place.h"

namespace placer::cli {

inline nlohmann::ordered_json place_json(const Place& place) {
  auto json = nlohmann::ordered_json::object();
  for_each_field(
      [&json](const char* name, const auto& value) {
        if (value) json[name] = *value;
      },
      place);
  return json;
}

}  // namespace placer::cli
