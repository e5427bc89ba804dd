// Which microformats state a place, and its fields in schema.org's vocabulary.
//
// An h-card is a place
//   - as an organization (its name is its org:
//   https://microformats.org/wiki/hcard#Organization_Contact_Info,
//     "fn" and "org" the same), with an address, coordinates or a telephone;
//   - otherwise, with a name and a street address or coordinates, unless it only says who wrote,
//     reviewed or attends something. Of a person at an organization the organization is the place.
// An h-adr or an h-geo belongs to the h-card around it; by itself it is a place when it states a
// name of its own beside a street address or coordinates.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "scraper/extract/microformats/items.h"

namespace placer {

// The fields of the item at `index` (RawPlace::fields); nothing when it is no place. What an
// h-review-aggregate around or within it says of it becomes its aggregateRating. The work is linear
// in the item.
std::optional<nlohmann::json> microformat_place(const MicroformatItems& items, std::uint32_t index);

}  // namespace placer
