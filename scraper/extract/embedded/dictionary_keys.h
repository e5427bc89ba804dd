// What the keys of a publisher's own JSON mean, in the languages that publishers write.
//
// A key is compared by its letters and digits only, without case and accents: "Postal_Code",
// "postalCode" and "código postal" are "postalcode", "postalcode" and "codigopostal". What the
// table (dictionary_keys.inc) does not know is tried again without words that only say whose value
// it is: "storeAddress.city", "loc_lat", "branchName".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace placer {

enum class KeyMeaning : std::uint8_t {
  kNone,
  kName,
  kBranch,
  kBrand,
  kRef,  // what the publisher calls the place by
  kRow,  // a number of its database
  kStreet,
  kStreetMore,  // a second line
  kHouseNumber,
  kCity,
  kState,
  kPostcode,
  kCountry,
  kAddress,      // a street line, a whole address, or an object of the parts
  kFullAddress,  // always the whole
  kLatitude,
  kLongitude,
  kPoint,  // both coordinates in one value, or an object of them
  kPhone,
  kFax,
  kEmail,
  kUrl,
  kHours,
  kDescription,
  kImage,
  kSocial,
  kPriceRange,
  kType,
  kPart,       // an object of the place's address, position or contact
  kWhole,      // an object that holds the place's fields: GeoJSON's "properties"
  kDoubtful,   // of maps, countries and cities: such objects need a street to be places
  kForbidden,  // of products, people, posts, events: such objects are no places
};
inline constexpr int kKeyMeanings = static_cast<int>(KeyMeaning::kForbidden) + 1;

struct KeyReading {
  KeyMeaning meaning = KeyMeaning::kNone;
  int rank = 0;  // of two keys with one meaning the lower one is meant rather
};

// Letters and digits in lower case, accents removed (Latin scripts); the rest is left out.
std::string normalized_key(std::string_view key);

// Takes time linear in the key; keys longer than 64 bytes mean nothing.
KeyReading read_key(std::string_view key);

// Is the key of a list, or of a variable, a word for places: "stores", "allLocations", "filialen"?
bool names_places(std::string_view key);

// The weekday a key speaks of (0 is Monday), and whether of its opening or closing: "monday",
// "hours_mon", "openTue2", "closing-time-friday", "samedi".
struct DayKey {
  enum class Side : std::uint8_t { kBoth, kOpens, kCloses };
  int day = 0;
  Side side = Side::kBoth;
  int turn = 0;  // 0 for the first opening of the day
};
std::optional<DayKey> read_day_key(std::string_view key);

// The weekday named by a word in any of the languages; 0 is Monday.
std::optional<int> weekday_named(std::string_view word);

}  // namespace placer
