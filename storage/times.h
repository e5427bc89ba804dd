// Instants as the database shows them to people.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "scraper/storage.h"

namespace placer {

// 'YYYY-MM-DDTHH:MM:SSZ', UTC (ISO 8601).
inline std::string time_text(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const auto second = std::chrono::floor<std::chrono::seconds>(instant - day).count();
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&text](std::size_t end, auto number) {  // in front of `end`, to the zeros there
    for (auto rest = static_cast<std::int64_t>(number); rest > 0; rest /= 10) {
      text[--end] = static_cast<char>('0' + rest % 10);
    }
  };
  put(4, static_cast<int>(date.year()) % 10'000);
  put(7, static_cast<unsigned>(date.month()));
  put(10, static_cast<unsigned>(date.day()));
  put(13, second / 3600);
  put(16, second / 60 % 60);
  put(19, second % 60);
  return text;
}

// The instant that time_text() gives this text for; nothing for any other text.
inline std::optional<Instant> instant_of_text(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2dZ", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const Instant instant = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                          std::chrono::minutes(minute) + std::chrono::seconds(second);
  return time_text(instant) == text ? std::optional(instant) : std::nullopt;
}

inline std::int64_t epoch_ms(Instant instant) { return instant.time_since_epoch().count(); }

inline Instant instant_of_ms(std::int64_t ms) { return Instant(std::chrono::milliseconds(ms)); }

}  // namespace placer
