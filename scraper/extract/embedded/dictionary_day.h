// What a publisher's own JSON says of the opening hours of one day.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "scraper/extract/embedded/dictionary_keys.h"

namespace placer {

inline constexpr std::string_view kClosedDay = "closed";
inline constexpr std::string_view kWholeDay = "00:00-24:00";

// The spans of a day, "09:00-12:00, 13:00-17:00", or kClosedDay; empty when nothing is said. Read
// are texts, flags, intervals ({"open": .., "close": ..}, {"from1": .., "to1": ..}) and lists of
// them, three levels deep.
std::string spans_of_day(const nlohmann::json& value);

// A time of day: "09:00" for 900, "0900", {"hour": 9}; a text with digits as it is. Empty for what
// is none.
std::string clock_of_value(const nlohmann::json& value);

bool says_closed(std::string_view text);

// Spans beyond some 500 bytes are left out.
void append_span(std::string_view span, std::string& spans);

// Markup as separators, so that the rows of a table stay apart. Looks at 2,000 bytes.
std::string text_without_markup(std::string_view text);

// Larger objects are tables, not what is said of a place's hours.
inline constexpr std::size_t kMaxHoursMembers = 200;

// The first of an object's members with one of these names (normalized_key), or null.
template <std::size_t N>
const nlohmann::json* member_named(const nlohmann::json& object,
                                   const std::string_view (&names)[N]) {
  if (object.size() > kMaxHoursMembers) return nullptr;
  for (const std::string_view name : names) {
    for (auto at = object.begin(); at != object.end(); ++at) {
      if (!at->is_null() && normalized_key(at.key()) == name) return &*at;
    }
  }
  return nullptr;
}

}  // namespace placer
