// Moments as people write them, and the clocks of countries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "scraper/instant.h"
#include "storage/open_at.h"
#include "storage/sqlite.h"

namespace placer {

// One instant everywhere ("now"), or the same hour of each place's own day ("Sa 20:00").
using Moment = std::variant<Instant, WallTime>;

// "now"; "2026-12-24T18:00:00Z", also with an offset: instants. "2026-12-24 18:00", "2026-12-24"
// (noon), "20:00" (today), "Sa 20:00", "sunday 10am" (the next such day, or today): wall times.
// Nothing for anything else.
std::optional<Moment> parse_moment(std::string_view text, Instant now);

// The clock of this machine: its local time zone (TZ).
WallTime local_clock(Instant at);
std::string local_zone_name();  // "Europe/Berlin", "UTC"

// The clock of a country (ISO 3166-1 alpha-2), by the system's table of time zones; nothing when
// the country is unknown or has several zones that differ then.
std::optional<WallTime> country_clock(std::string_view country, Instant at);

// Adds open_at(opening_hours, time) and open_at(opening_hours, time, country) to the SQL of this
// connection: 1 open, 0 closed, NULL unknown. `time` as in parse_moment(); an instant is read off
// the clock of the country where that is known, else off that of this machine.
void add_hours_functions(Database& db);

}  // namespace placer
