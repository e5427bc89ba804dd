#include "storage/moment.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>
#include <absl/time/time.h>

#include <chrono>
#include <fstream>
#include <map>
#include <vector>

#include "scraper/place/text.h"

namespace placer {
namespace {

using Zones = std::vector<absl::TimeZone>;

// Of every country, from the table that comes with the system's time zones: country code,
// coordinates, name of the zone, comment; separated by tabs.
std::map<std::string, Zones, std::less<>> read_zones() {
  std::map<std::string, Zones, std::less<>> zones;
  std::ifstream file("/usr/share/zoneinfo/zone.tab");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    absl::TimeZone zone;
    if (fields.size() >= 3 && absl::LoadTimeZone(fields[2], &zone)) {
      zones[fields[0]].push_back(zone);
    }
  }
  return zones;
}

WallTime clock_in(const absl::TimeZone& zone, Instant at) {
  const absl::CivilMinute minute = absl::ToCivilMinute(absl::FromChrono(at), zone);
  return {{static_cast<int>(minute.year()), minute.month(), minute.day()},
          minute.hour() * 60 + minute.minute()};
}

Date days_after(const Date& date, int days) {
  const absl::CivilDay day = absl::CivilDay(date.year, date.month, date.day) + days;
  return {static_cast<int>(day.year()), day.month(), day.day()};
}

int weekday_of(const Date& date) {
  return static_cast<int>(absl::GetWeekday(absl::CivilDay(date.year, date.month, date.day)));
}

std::optional<WallTime> wall_time(Date date, std::string_view clock) {
  const auto minute = parse_clock(clock);
  if (!minute) return std::nullopt;
  if (*minute == kMinutesOfDay) return WallTime{days_after(date, 1), 0};
  return WallTime{date, *minute};
}

void sql_open_at(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto text = [values](int i) {
    const auto* chars = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    return chars == nullptr
               ? std::string_view()
               : std::string_view(chars, static_cast<std::size_t>(sqlite3_value_bytes(values[i])));
  };
  const std::string_view hours = text(0);
  if (hours.empty()) return;  // the result stays NULL
  const Instant now = std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
  const auto moment = parse_moment(text(1), now);
  if (!moment) {
    sqlite3_result_error(context, "open_at: the time is none; try 'now' or 'Sa 20:00'", -1);
    return;
  }
  WallTime wall;
  if (const Instant* instant = std::get_if<Instant>(&*moment)) {
    const auto there = count > 2 ? country_clock(text(2), *instant) : std::nullopt;
    wall = there ? *there : local_clock(*instant);
  } else {
    wall = std::get<WallTime>(*moment);
  }
  if (const auto open = open_at(hours, wall)) sqlite3_result_int(context, *open ? 1 : 0);
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view written, Instant now) {
  const std::string text(trimmed(written));
  if (absl::EqualsIgnoreCase(text, "now")) return now;
  absl::Time instant;
  std::string problem;
  if (text.find('T') == 10 && absl::ParseTime(absl::RFC3339_full, text, &instant, &problem)) {
    return std::chrono::floor<Instant::duration>(absl::ToChronoTime(instant));
  }
  const Date today = local_clock(now).date;
  if (const auto date = parse_date(text)) {
    return wall_time(*date, text.size() > 10 ? std::string_view(text).substr(11) : "12:00");
  }
  if (const auto wall = wall_time(today, text)) return wall;
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const auto day = day_named(std::string_view(text).substr(0, space));
  if (!day || *day == kPublicHoliday) return std::nullopt;
  const int ahead = (*day - weekday_of(today) + kDaysOfWeek) % kDaysOfWeek;
  return wall_time(days_after(today, ahead), std::string_view(text).substr(space + 1));
}

WallTime local_clock(Instant at) { return clock_in(absl::LocalTimeZone(), at); }

std::string local_zone_name() {
  const std::string name = absl::LocalTimeZone().name();
  return name == "localtime" ? "local time" : name;
}

std::optional<WallTime> country_clock(std::string_view country, Instant at) {
  static const auto zones = read_zones();
  const auto found = zones.find(country);
  if (found == zones.end()) return std::nullopt;
  const WallTime first = clock_in(found->second.front(), at);
  for (const absl::TimeZone& zone : found->second) {
    if (clock_in(zone, at) != first) return std::nullopt;
  }
  return first;
}

void add_hours_functions(Database& db) {
  for (const int arguments : {2, 3}) {
    if (!db.ok()) return;
    db.note(
        sqlite3_create_function_v2(db.raw(), "open_at", arguments, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                   nullptr, sql_open_at, nullptr, nullptr, nullptr),
        "adding open_at");
  }
}

}  // namespace placer
