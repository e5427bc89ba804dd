#include "storage/open_at.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kLongestText = 4096;
constexpr unsigned kEveryDay = 0x7F;

// Dates from `from` to `to`; without a year they come again every year. A month or day that is not
// given is the first in `from` and the last in `to`.
struct DateRange {
  Date from{0, 1, 1};
  Date to{0, 12, 31};
  bool yearly = true;

  bool holds(Date day) const {
    if (!yearly) return from <= day && day <= to;
    day.year = 0;
    return from <= to ? from <= day && day <= to : day >= from || day <= to;
  }
};

struct Rule {
  DateRange dates;
  unsigned days = 0;              // bit 0 is Monday
  std::vector<MinuteSpan> spans;  // none: closed

  bool names(const Date& date, int weekday) const {
    return (days >> weekday & 1U) != 0 && dates.holds(date);
  }
};

// Reads one rule from front to back. Every take_ function takes what it returns off the text.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(trimmed(text)) {}

  // Nothing: not understood.
  std::optional<Rule> read() {
    Rule rule;
    if (take("24/7")) {
      rule.days = kEveryDay;
      rule.spans = {{0, kMinutesOfDay}};
      return at_end() ? std::optional(rule) : std::nullopt;
    }
    if (!read_dates(rule.dates) || !read_days(rule.days)) return std::nullopt;
    if (take("off") || take("closed")) return at_end() ? std::optional(rule) : std::nullopt;
    if (take("open") || at_end()) {
      rule.spans = {{0, kMinutesOfDay}};
      return at_end() ? std::optional(rule) : std::nullopt;
    }
    do {
      const auto span = take_span();
      if (!span) return std::nullopt;
      rule.spans.push_back(*span);
    } while (take(","));
    return at_end() ? std::optional(rule) : std::nullopt;
  }

 private:
  bool at_end() {
    text_ = trimmed(text_);
    return text_.empty();
  }

  bool take(std::string_view word) {
    text_ = trimmed(text_);
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  // One or more digits, at most four.
  std::optional<int> take_number() {
    text_ = trimmed(text_);
    int value = 0;
    std::size_t length = 0;
    while (length < text_.size() && length < 4 && text_[length] >= '0' && text_[length] <= '9') {
      value = value * 10 + (text_[length++] - '0');
    }
    if (length == 0) return std::nullopt;
    text_.remove_prefix(length);
    return value;
  }

  template <std::size_t kCount>
  std::optional<int> take_name(const std::array<std::string_view, kCount>& names) {
    for (std::size_t i = 0; i < kCount; ++i) {
      if (take(names[i])) return static_cast<int>(i);
    }
    return std::nullopt;
  }

  std::optional<int> take_clock() {
    const auto hour = take_number();
    if (!hour || !text_.starts_with(':')) return std::nullopt;
    text_.remove_prefix(1);
    const auto minute = take_number();
    if (!minute || *minute > 59 || *hour > 48) return std::nullopt;
    return *hour * 60 + *minute;
  }

  std::optional<MinuteSpan> take_span() {
    const auto open = take_clock();
    if (!open || *open >= kMinutesOfDay || !take("-")) return std::nullopt;
    auto close = take_clock();
    if (!close) return std::nullopt;
    if (*close <= *open) *close += kMinutesOfDay;
    return *close <= *open + kMinutesOfDay ? std::optional(MinuteSpan{*open, *close})
                                           : std::nullopt;
  }

  // "2024 Dec 25", "Dec 25", "Dec": false when a year stands alone.
  bool take_date(Date& date, bool& yearly, bool last) {
    const std::string_view before = text_;
    if (const auto year = take_number()) {
      if (*year < 1000 || text_.starts_with(':')) {  // a time
        text_ = before;
        return false;
      }
      date.year = *year;
      yearly = false;
    }
    const auto month = take_name(kMonths);
    if (!month) {
      text_ = before;
      return false;
    }
    date.month = *month + 1;
    date.day = last ? 31 : 1;
    const std::string_view behind = text_;
    if (const auto day = take_number()) {
      if (*day >= 1 && *day <= 31 && !text_.starts_with(':')) {
        date.day = *day;
      } else {
        text_ = behind;
      }
    }
    return true;
  }

  bool read_dates(DateRange& dates) {
    const std::string_view before = text_;
    bool yearly = true;
    Date from;
    if (!take_date(from, yearly, false)) return !starts_with_digit_without_clock();
    const std::string_view single = before.substr(0, before.size() - text_.size());
    Date to = from;
    if (single.find_first_of("0123456789", single.size() - 1) == std::string_view::npos) {
      to.day = 31;  // a month without a day
    }
    if (take("-")) {
      bool to_yearly = true;
      if (!take_date(to, to_yearly, true)) {  // "Dec 24-26"
        const auto day = take_number();
        if (!day || *day < 1 || *day > 31) return false;
        to.day = *day;
        to_yearly = true;
      }
      if (!yearly && to_yearly) to.year = from.year;
      if (yearly && !to_yearly) return false;
    }
    dates = {from, to, yearly};
    take(":");
    return yearly || from <= to;
  }

  // A number that is neither a date nor a time, such as a year alone.
  bool starts_with_digit_without_clock() {
    const std::string_view before = text_;
    const bool number = take_number().has_value();
    const bool clock = text_.starts_with(':');
    text_ = before;
    return number && !clock;
  }

  // No day at all is every day; only holidays are none.
  bool read_days(unsigned& days) {
    bool named = false;
    do {
      if (take("PH") || take("SH")) {
        named = true;
        continue;
      }
      const auto first = take_name(kDays);
      if (!first) {
        if (named) return false;
        break;
      }
      named = true;
      const auto last = take("-") ? take_name(kDays) : first;
      if (!last) return false;
      for (int day = *first;; day = (day + 1) % 7) {
        days |= 1U << day;
        if (day == *last) break;
      }
    } while (take(","));
    if (!named) days = kEveryDay;
    return true;
  }

  std::string_view text_;
};

std::chrono::sys_days days_of(const Date& date) {
  return std::chrono::year(date.year) / date.month / date.day;
}

const Rule* rule_of(const std::vector<Rule>& rules, std::chrono::sys_days day) {
  const std::chrono::year_month_day ymd(day);
  const Date date{static_cast<int>(ymd.year()), static_cast<int>(unsigned{ymd.month()}),
                  static_cast<int>(unsigned{ymd.day()})};
  const int weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1;
  const auto found = std::find_if(rules.rbegin(), rules.rend(),
                                  [&](const Rule& rule) { return rule.names(date, weekday); });
  return found == rules.rend() ? nullptr : &*found;
}

bool holds(const Rule* rule, int minute) {
  return rule != nullptr && std::ranges::any_of(rule->spans, [minute](const MinuteSpan& span) {
           return span.open <= minute && minute < span.close;
         });
}

}  // namespace

std::optional<bool> open_at(std::string_view opening_hours, const WallTime& at) {
  if (opening_hours.size() > kLongestText) return std::nullopt;
  std::vector<Rule> rules;
  for (const std::string_view text : split_any(opening_hours, ";")) {
    auto rule = RuleReader(text).read();
    if (!rule) return std::nullopt;
    rules.push_back(std::move(*rule));
  }
  const std::chrono::sys_days day = days_of(at.date);
  const Rule* today = rule_of(rules, day);
  const Rule* yesterday = rule_of(rules, day - std::chrono::days(1));
  if (holds(today, at.minute) || holds(yesterday, at.minute + kMinutesOfDay)) return true;
  return today == nullptr ? std::nullopt : std::optional(false);
}

}  // namespace placer
