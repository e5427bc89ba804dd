#include "scraper/place/week.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "scraper/ascii.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::string_view kDayNames[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kMaxNotes = 20;
constexpr std::size_t kMaxSpans = 20;  // of one day

using ascii::is_digit;

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, length)) {
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::chrono::sys_days sys_days_of(const Date& date) {
  return std::chrono::year(date.year) / date.month / date.day;
}

std::string clock_text(int minute) {
  // The end of the day is 24:00; after it the clock starts again.
  if (minute > kMinutesOfDay) minute -= kMinutesOfDay;
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::string date_text(const Date& date) {
  return fmt::format("{:04} {} {:02}", date.year, kMonths[date.month - 1], date.day);
}

// Takes digits off the front; -1 when there are none, or more than `most`.
int take_number(std::string_view& text, std::size_t most) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  if (length == 0 || length > most) return -1;
  const int value = number_at(text, 0, length);
  text.remove_prefix(length);
  return value;
}

// What may follow a time of xsd:time: seconds, fractions, a zone.
bool is_time_tail(std::string_view text) {
  for (const char mark : {':', '.'}) {
    if (!text.starts_with(mark)) continue;
    text.remove_prefix(1);
    if (take_number(text, 9) < 0) return false;
  }
  if (text.empty() || text == "z" || text == "uhr" || text == "h") return true;
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  text.remove_prefix(1);
  return number_at(text, 0, 2) >= 0 && (text.size() == 2 || text.size() == 5 || text.size() == 4);
}

// "am", "p.m.", ...; 0: none, 1: am, 2: pm. Taken off the end.
int take_half_of_day(std::string& text) {
  for (const auto& [ending, half] :
       {std::pair{"a.m.", 1}, {"am", 1}, {"a.m", 1}, {"p.m.", 2}, {"pm", 2}, {"p.m", 2}}) {
    if (text.ends_with(ending)) {
      text.resize(text.size() - std::string_view(ending).size());
      text = trimmed(text);
      return half;
    }
  }
  return 0;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return std::nullopt;
  const Date date{number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2)};
  if (date.year < 1000 || date.month < 1 || date.day < 1) return std::nullopt;
  const std::chrono::year_month_day day = std::chrono::year(date.year) / date.month / date.day;
  if (!day.ok()) return std::nullopt;
  return date;
}

int days_between(const Date& from, const Date& to) {
  return static_cast<int>((sys_days_of(to) - sys_days_of(from)).count());
}

std::optional<int> parse_clock(std::string_view written) {
  std::string text = lower_ascii(trimmed(written));
  if (const std::size_t time = text.find('t'); time == 0 || time == 10) text.erase(0, time + 1);
  if (text == "noon" || text == "12 noon" || text == "12noon" || text == "midday") return 12 * 60;
  if (text == "midnight" || text == "12 midnight" || text == "12midnight") return 0;
  const int half = take_half_of_day(text);
  std::string_view rest = text;
  int hour = 0;
  int minute = 0;
  if (rest.size() == 4 && number_at(rest, 0, 4) >= 0) {  // "0900"
    hour = number_at(rest, 0, 2);
    minute = number_at(rest, 2, 2);
  } else {
    hour = take_number(rest, 2);
    if (rest.starts_with(':') || rest.starts_with('.') || rest.starts_with('h')) {
      rest.remove_prefix(1);
      if (!rest.empty() || text.back() != 'h') minute = take_number(rest, 2);
    } else if (half == 0) {
      return std::nullopt;
    }
    if (!is_time_tail(trimmed(rest))) return std::nullopt;
  }
  if (hour < 0 || minute < 0 || minute > 59) return std::nullopt;
  if (half != 0) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (half == 2 ? 12 : 0);
  }
  const int total = hour * 60 + minute;
  if (total > kMinutesOfDay) return std::nullopt;
  return total;
}

MinuteSpan span_of(int open, int close) {
  constexpr int kLastMinute = kMinutesOfDay - 1;
  if (open == kMinutesOfDay) open = 0;
  if (open == 0 && close == kLastMinute) close = kMinutesOfDay;
  if (close <= open) close += kMinutesOfDay;
  return {open, close};
}

void Week::open(int day, MinuteSpan span) {
  auto& spans = spans_.at(static_cast<std::size_t>(day));
  if (spans.size() < kMaxSpans) spans.push_back(span);
}

bool Week::known() const {
  for (int day = 0; day <= kPublicHoliday; ++day) {
    if (is_closed(day) || !spans(day).empty()) return true;
  }
  return false;
}

bool Week::is_closed(int day) const {
  const auto index = static_cast<std::size_t>(day);
  return closed_.at(index) && spans_.at(index).empty();
}

std::vector<MinuteSpan> Week::spans(int day) const {
  std::vector<MinuteSpan> sorted = spans_.at(static_cast<std::size_t>(day));
  std::sort(sorted.begin(), sorted.end());
  std::vector<MinuteSpan> merged;
  for (const MinuteSpan& span : sorted) {
    if (!merged.empty() && span.open <= merged.back().close) {
      merged.back().close = std::max(merged.back().close, span.close);
    } else {
      merged.push_back(span);
    }
  }
  for (MinuteSpan& span : merged) span.close = std::min(span.close, span.open + kMinutesOfDay);
  return merged;
}

std::vector<HoursInterval> Week::intervals() const {
  std::vector<HoursInterval> all;
  for (int day = 0; day < kDaysOfWeek; ++day) {
    for (const MinuteSpan& span : spans(day)) all.push_back({day, span.open, span.close});
  }
  return all;
}

std::string Week::rule(int day) const {
  if (is_closed(day)) return "off";
  std::string out;
  for (const MinuteSpan& span : spans(day)) {
    if (!out.empty()) out += ',';
    out += clock_text(span.open) + '-' + clock_text(span.close);
  }
  return out;
}

std::string Week::osm() const {
  std::string out;
  const auto add = [&out](const std::string& days, const std::string& rule) {
    if (!out.empty()) out += "; ";
    out += days + ' ' + rule;
  };
  for (int first = 0; first < kDaysOfWeek;) {
    const std::string today = rule(first);
    int last = first;
    while (last + 1 < kDaysOfWeek && rule(last + 1) == today) ++last;
    if (first == 0 && last == kDaysOfWeek - 1 && today == "00:00-24:00") {
      out = "24/7";
    } else if (!today.empty()) {
      std::string days(kDayNames[first]);
      if (last > first) days += '-' + std::string(kDayNames[last]);
      add(days, today);
    }
    first = last + 1;
  }
  if (const std::string holiday = rule(kPublicHoliday); !holiday.empty()) add("PH", holiday);
  return out;
}

void Schedule::note(std::string text) {
  text = shortened(std::move(text), 200);
  if (notes.size() < kMaxNotes && std::find(notes.begin(), notes.end(), text) == notes.end()) {
    notes.push_back(std::move(text));
  }
}

OpeningHours Schedule::hours() const {
  OpeningHours out;
  out.osm = week.osm();
  out.intervals = week.intervals();
  out.notes = notes;
  for (const auto& [range, days] : dates) {
    std::string text = days.osm();
    if (text.empty()) continue;
    const std::string all_week = "Mo-Su ";
    std::string when = date_text(range.first);
    if (range.second != range.first) when += "-" + date_text(range.second);
    if (text.starts_with(all_week)) text.erase(0, all_week.size());
    if (text == "24/7") text = "00:00-24:00";
    // Each rule of the week needs the dates in front of it.
    std::string rules;
    for (const std::string_view rule : split_any(text, ";")) {
      rules += (rules.empty() ? "" : "; ") + when + ' ' + std::string(rule);
    }
    out.osm += (out.osm.empty() ? "" : "; ") + rules;
  }
  return out;
}

}  // namespace placer
