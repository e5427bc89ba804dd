// When a job is to run: once a day, a week or an hour, by the clock of the machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace placer::cli {

struct ScheduleTime {
  enum class Every { kHour, kDay, kWeek };

  Every every = Every::kDay;
  unsigned weekday = 0;  // 0: Sunday, as in crontab(5); of kWeek
  unsigned hour = 0;     // 0 to 23; not of kHour
  unsigned minute = 0;   // 0 to 59
};

// "03:00" or "3:00".
std::optional<ScheduleTime> daily_at(std::string_view text);
// "Mon 03:00"; any two letters or more of an English weekday.
std::optional<ScheduleTime> weekly_at(std::string_view text);
// "15" or ":15", the minute.
std::optional<ScheduleTime> hourly_at(std::string_view text);

std::string words(const ScheduleTime& time);        // "every Monday at 03:00"
std::string cron_fields(const ScheduleTime& time);  // crontab(5): "0 3 * * 1"
std::string on_calendar(const ScheduleTime& time);  // systemd.time(7): "Mon *-*-* 03:00:00"

}  // namespace placer::cli
