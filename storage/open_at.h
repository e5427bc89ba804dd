// Is a place open at a moment, by its opening hours in OSM's syntax?
//
// https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification, as far as placer writes it
// itself and a little further: days, months and dates with or without a year, several spans a day,
// spans past midnight, "off" and "closed", "24/7". Of rules that name a day the last one counts.
// Pure, safe for concurrent use; linear in the text.
#pragma once

#include <optional>
#include <string_view>

#include "scraper/place/week.h"

namespace placer {

// What the calendar and the clock on the wall say at some place.
struct WallTime {
  Date date;
  int minute = 0;  // after midnight, 0 ... 1439

  auto operator<=>(const WallTime&) const = default;
};

// Nothing: unknown, which is not closed: no rule speaks of that day, or one of the rules is not
// understood ("sunset", "10:00+", week numbers). What is said of public holidays (PH, SH) is passed
// over: which days they are is not known here.
std::optional<bool> open_at(std::string_view opening_hours, const WallTime& at);

}  // namespace placer
