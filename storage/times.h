// Instants as the database shows them to people.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "scraper/storage.h"

namespace placer {

// 'YYYY-MM-DDTHH:MM:SSZ', UTC (ISO 8601).
inline std::string time_text(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

inline std::int64_t epoch_ms(Instant instant) { return instant.time_since_epoch().count(); }

inline Instant instant_of_ms(std::int64_t ms) { return Instant(std::chrono::milliseconds(ms)); }

}  // namespace placer
