// What is known of a place's hours, and its canonical text in OSM's syntax.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/place/hours.h"

namespace placer {

// Weekdays, and public holidays as an eighth day.
inline constexpr int kDaysOfWeek = 7;
inline constexpr int kPublicHoliday = 7;

struct MinuteSpan {
  int open = 0;
  int close = 0;  // as in HoursInterval

  auto operator<=>(const MinuteSpan&) const = default;
};

struct Date {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;

  auto operator<=>(const Date&) const = default;
};

// "2024-12-25", also with a time behind it. Nothing for a date that no calendar has.
std::optional<Date> parse_date(std::string_view text);
int days_between(const Date& from, const Date& to);

// "09:00", "9:00", "09:00:00", "T09:00", "9am", "9:30 p.m.", "0900", "24:00", "09:00+01:00":
// minutes after midnight, up to 1440. A zone is dropped: hours are local.
std::optional<int> parse_clock(std::string_view text);

// Joins the two clock times of a span; the close is on the next day when it is not after the open.
// 00:00-23:59 and 00:00-24:00 are the whole day. REQUIRES open != close.
MinuteSpan span_of(int open, int close);

// The days of one week (and PH), each unknown, closed or open in some spans.
class Week {
 public:
  void open(int day, MinuteSpan span);
  void close(int day) { closed_.at(static_cast<std::size_t>(day)) = true; }

  bool known() const;
  bool is_closed(int day) const;                 // stated closed, and no span says otherwise
  std::vector<MinuteSpan> spans(int day) const;  // sorted; overlapping ones are one
  std::vector<HoursInterval> intervals() const;  // without PH

  // "Mo-Fr 09:00-12:00,13:00-17:00; Sa off; PH off", "24/7"; empty when no day is known.
  std::string osm() const;

 private:
  std::string rule(int day) const;  // of one day; empty: unknown

  std::array<std::vector<MinuteSpan>, kDaysOfWeek + 1> spans_;
  std::array<bool, kDaysOfWeek + 1> closed_{};
};

// The usual week and the exceptions.
struct Schedule {
  Week week;
  std::map<std::pair<Date, Date>, Week> dates;  // first and last day
  std::vector<std::string> notes;

  void note(std::string text);  // at most 20, none twice
  OpeningHours hours() const;
};

// Adds what `text` says to the week. False, and nothing added, unless every word is understood
// (then a note says what was not). A text that two languages read differently is ambiguous, unless
// `language` (a set of hours_words.h, 0: unknown) settles it. add_text_only reads it in the
// languages of the set and no others.
bool add_text(std::string_view text, std::uint32_t language, Schedule& schedule);
bool add_text_only(std::string_view text, std::uint32_t languages, Schedule& schedule);
bool add_text(std::string_view text, Schedule& schedule);

// The day named by a word: "Mo", "monday", "Mondays", "PH", "Montag", "lundi"; 0 is Monday. English
// first; other languages only where they agree.
std::optional<int> day_named(std::string_view word);

}  // namespace placer
