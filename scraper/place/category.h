// From schema.org types to OSM tags.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace placer {

// The OSM tag of one schema.org type: "CafeOrCoffeeShop" -> "amenity=cafe". A type without a tag
// of its own has that of its nearest parent with one; LocalBusiness, Place and other types that
// say too little have none.
std::optional<std::string> category_of_type(std::string_view type);

// The tag of the most specific of a place's types; of the next one when that has none.
std::optional<std::string> category_of(std::span<const std::string> types);

}  // namespace placer
