#include "scraper/cli/schedule/time.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "config/values.h"

namespace placer::cli {
namespace {

using Every = ScheduleTime::Every;

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

// One or two digits below `limit`.
std::optional<unsigned> digits(std::string_view text, unsigned limit) {
  if (text.empty() || text.size() > 2) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value < limit ? std::optional(value) : std::nullopt;
}

bool begins_ignoring_case(std::string_view word, std::string_view start) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return start.size() <= word.size() &&
         std::equal(start.begin(), start.end(), word.begin(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

std::optional<ScheduleTime> daily_at(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || text.size() != colon + 3) return std::nullopt;
  const auto hour = digits(text.substr(0, colon), 24);
  const auto minute = digits(text.substr(colon + 1), 60);
  if (!hour || !minute) return std::nullopt;
  return ScheduleTime{Every::kDay, 0, *hour, *minute};
}

std::optional<ScheduleTime> weekly_at(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == text.npos || space < 2) return std::nullopt;
  auto time = daily_at(text.substr(space + 1));
  const auto* const day = std::ranges::find_if(kWeekdays, [&](std::string_view name) {
    return begins_ignoring_case(name, text.substr(0, space));
  });
  if (!time || day == kWeekdays.end()) return std::nullopt;
  time->every = Every::kWeek;
  time->weekday = static_cast<unsigned>(day - kWeekdays.begin());
  return time;
}

std::optional<ScheduleTime> hourly_at(std::string_view text) {
  if (text.starts_with(':')) text.remove_prefix(1);
  const auto minute = digits(text, 60);
  if (!minute) return std::nullopt;
  return ScheduleTime{Every::kHour, 0, 0, *minute};
}

std::string words(const ScheduleTime& time) {
  if (time.every == Every::kHour) return fmt::format("every hour at :{:02}", time.minute);
  return fmt::format("every {} at {:02}:{:02}",
                     time.every == Every::kDay ? "day" : kWeekdays[time.weekday], time.hour,
                     time.minute);
}

std::string cron_fields(const ScheduleTime& time) {
  if (time.every == Every::kHour) return fmt::format("{} * * * *", time.minute);
  if (time.every == Every::kDay) return fmt::format("{} {} * * *", time.minute, time.hour);
  return fmt::format("{} {} * * {}", time.minute, time.hour, time.weekday);
}

std::string on_calendar(const ScheduleTime& time) {
  if (time.every == Every::kHour) return fmt::format("*-*-* *:{:02}:00", time.minute);
  const std::string day =
      time.every == Every::kDay ? "" : fmt::format("{} ", kWeekdays[time.weekday].substr(0, 3));
  return fmt::format("{}*-*-* {:02}:{:02}:00", day, time.hour, time.minute);
}

}  // namespace placer::cli
