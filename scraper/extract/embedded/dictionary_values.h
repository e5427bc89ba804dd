// Reading values of a publisher's own JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace placer {

// A text or number as a trimmed text; of {"rendered": ..}, {"value": ..}, {"en": ..} and the like
// the first text inside, of an array its first. Empty when there is none.
std::string plain_value(const nlohmann::json& value);

// A finite number, or a text that is one with a decimal point or comma.
std::optional<double> decimal_value(const nlohmann::json& value);

// Latitude and longitude out of "52.5, 13.4", [52.5, 13.4] (`lon_first`: GeoJSON's order),
// "POINT (13.4 52.5)" or an object's x and y.
std::optional<std::pair<double, double>> point_value(const nlohmann::json& value, bool lon_first);

// Within range, and not the null island.
bool is_on_earth(double latitude, double longitude);

// An address line without what is stated beside it: "Main St 1, 10115 Berlin" with postcode and
// city is "Main St 1".
std::string street_of_line(std::string_view line, std::string_view postcode, std::string_view city);

}  // namespace placer
