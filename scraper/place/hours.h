// Opening hours: from schema.org and short texts to OSM's opening_hours syntax.
//
// https://schema.org/OpeningHoursSpecification, https://schema.org/openingHours,
// https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. Pure, safe for concurrent
// use; malformed input is nothing or a note, never an exception.
//
// A day that nobody mentions is unknown, not closed. What cannot be understood is left out and
// leaves a note; nothing is ever guessed open.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

inline constexpr int kMinutesOfDay = 24 * 60;

// Open on `day` from `open` to `close`, in minutes after that day's midnight, local time.
// 0 <= open < 1440, open < close <= open + 1440: past midnight `close` exceeds 1440.
struct HoursInterval {
  int day = 0;  // 0 is Monday
  int open = 0;
  int close = 0;

  bool operator==(const HoursInterval&) const = default;
};

struct OpeningHours {
  std::string osm;                       // "Mo-Fr 09:00-17:00; Su off"; empty: nothing certain
  std::vector<HoursInterval> intervals;  // the usual week, by day and opening
  std::vector<std::string> notes;        // what was left out and why: "ambiguous: ..."
};

// From a place's "openingHoursSpecification", "openingHours" and
// "specialOpeningHoursSpecification". Nothing when it has none of them. By schema.org a
// specification without `opens` says closed, one without days counts for its dates only; closes
// before opens is the next day. 00:00-23:59 is the whole day; 00:00-00:00 may mean open or closed,
// so it is left out with the note "ambiguous". Dates (validFrom, validThrough) become date rules:
// "2024 Dec 25 off". A specification valid for 300 days or more, or without a begin or an end, is
// the usual week.
std::optional<OpeningHours> hours_from_schema(const nlohmann::json& place_fields);

// From a text such as "Mo-Fr 9:00-17:00, Sa 10am-2pm; Su closed", "24/7" or "montags bis freitags
// 8:30-12 und 14-18 Uhr", in any of the languages of hours_words.cc. Nothing unless every word is
// understood, in one way only; `language` (BCP 47, or empty) tells which way is meant. In English
// "9-5" ends in the afternoon. "By appointment" is a note.
std::optional<OpeningHours> hours_from_text(std::string_view text, std::string_view language = {});

}  // namespace placer
