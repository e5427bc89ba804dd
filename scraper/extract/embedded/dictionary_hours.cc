#include "scraper/extract/embedded/dictionary_hours.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/embedded/dictionary_day.h"
#include "scraper/page/json_text.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxLines = 60;
constexpr std::string_view kDayNames[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};

// A day as lists name it: a word or a number whose base is not known yet.
struct ListedDay {
  int day = 0;
  bool numbered = false;
};

std::optional<ListedDay> listed_day(const json& value) {
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number < 0 || number > 7) return std::nullopt;
    return ListedDay{static_cast<int>(number), true};
  }
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '7') return ListedDay{text[0] - '0', true};
  const std::size_t slash = text.find_last_of("/#:");  // https://schema.org/Monday
  const auto day = weekday_named(slash == std::string::npos ? text : text.substr(slash + 1));
  if (!day) return std::nullopt;
  return ListedDay{*day, false};
}

class WeekLines {
 public:
  void add(const ListedDay& day, std::string spans) {
    if (spans.empty()) return;
    entries_.push_back({day, std::move(spans)});
    open_ = open_ || entries_.back().spans != kClosedDay;
  }

  void add_others(std::string spans) { others_ = std::move(spans); }
  bool empty() const { return entries_.empty() && others_.empty(); }

  std::vector<std::string> lines() const {
    const bool from_sunday = std::ranges::any_of(
        entries_, [](const Entry& e) { return e.day.numbered && e.day.day == 0; });
    std::string days[7];
    for (const Entry& entry : entries_) {
      const int day = !entry.day.numbered ? entry.day.day : (entry.day.day + 6) % 7;
      if (from_sunday && entry.day.numbered && entry.day.day == 7) continue;
      std::string& spans = days[day];
      if (spans.empty() || spans == kClosedDay) {
        spans = entry.spans;
      } else {
        append_span(entry.spans, spans);
      }
    }
    std::vector<std::string> lines;
    for (std::size_t day = 0; day < 7; ++day) {
      const std::string& spans = days[day].empty() ? others_ : days[day];
      // Closed all week is more often a form that nobody filled in.
      if (spans.empty() || (spans == kClosedDay && !open_ && others_.empty())) continue;
      lines.push_back(std::string(kDayNames[day]) + " " + spans);
    }
    return lines;
  }

 private:
  struct Entry {
    ListedDay day;
    std::string spans;
  };
  std::vector<Entry> entries_;
  std::string others_;
  bool open_ = false;
};

// {"open": {"day": 1, "time": "0900"}, "close": {"day": 1, "time": "1700"}}
bool add_period(const json& item, WeekLines& week) {
  const json* open = member_named(item, {"open"});
  const json* day = open != nullptr && open->is_object() ? member_named(*open, {"day"}) : nullptr;
  if (day == nullptr) return false;
  const auto listed = listed_day(*day);
  if (!listed) return false;
  const json* close = member_named(item, {"close"});
  if (close == nullptr) {
    if (listed->day == 0) week.add_others(std::string(kWholeDay));
    return true;
  }
  // Google counts from Sunday as 0; saying so for all keeps Monday to Saturday right either way.
  const std::string opens = clock_of_value(*open);
  const std::string closes = clock_of_value(*close);
  if (!opens.empty() && !closes.empty()) week.add(*listed, opens + "-" + closes);
  return true;
}

void add_listed(const json& item, WeekLines& week) {
  if (add_period(item, week)) return;
  const json* days = member_named(item, {"day", "days", "dayofweek", "weekday", "openday",
                                         "dayname", "daynumber", "name", "key", "label", "title"});
  if (days == nullptr) return;
  const std::string spans = spans_of_day(item);
  if (!days->is_array()) {
    if (const auto day = listed_day(*days)) week.add(*day, spans);
    return;
  }
  for (std::size_t i = 0; i < days->size() && i < 7; ++i) {
    if (const auto day = listed_day((*days)[i])) week.add(*day, spans);
  }
}

void add_text_line(std::string_view text, std::vector<std::string>& lines) {
  std::string line = text_without_markup(text);
  if (line.empty() || !std::ranges::any_of(line, ascii::is_digit)) return;
  if (lines.size() < kMaxLines) lines.push_back(std::move(line));
}

std::vector<std::string> lines_of_list(const json& list) {
  WeekLines week;
  std::vector<std::string> lines;
  std::size_t read = 0;
  for (const json& item : list) {
    if (++read > kMaxLines) break;
    if (item.is_object()) add_listed(item, week);
    if (item.is_string()) add_text_line(item.get_ref<const std::string&>(), lines);
  }
  return week.empty() ? lines : week.lines();
}

// Days as keys; empty when the object has none.
std::vector<std::string> lines_of_days(const json& object) {
  if (object.size() > kMaxHoursMembers) return {};
  WeekLines week;
  DayTimes sides;
  for (auto at = object.begin(); at != object.end(); ++at) {
    if (const auto listed = listed_day(json(at.key()))) {
      week.add(*listed, spans_of_day(*at));
    } else if (at.key() == "default") {
      week.add_others(spans_of_day(*at));
    } else if (const auto key = read_day_key(at.key())) {
      if (key->side == DayKey::Side::kBoth) {
        week.add({key->day, false}, spans_of_day(*at));
      } else {
        sides.add(*key, *at);
      }
    }
  }
  return week.empty() ? sides.lines() : week.lines();
}

}  // namespace

void DayTimes::add(const DayKey& key, const json& value) {
  Day& day = days_[key.day];
  if (key.side == DayKey::Side::kBoth) {
    day.text = spans_of_day(value);
    return;
  }
  Turn& turn = day.turns[key.turn];
  const bool closed = value.is_string() && says_closed(value.get_ref<const std::string&>());
  (key.side == DayKey::Side::kOpens ? turn.opens : turn.closes) =
      closed ? std::string(kClosedDay) : clock_of_value(value);
}

std::vector<std::string> DayTimes::lines() const {
  std::vector<std::string> lines;
  bool open = false;
  for (std::size_t i = 0; i < 7; ++i) {
    std::string spans = days_[i].text;
    for (const Turn& turn : days_[i].turns) {
      if (turn.opens == kClosedDay && spans.empty()) spans = kClosedDay;
      if (turn.opens.empty() || turn.closes.empty() || turn.opens == kClosedDay) continue;
      append_span(turn.opens + "-" + turn.closes, spans);
    }
    open = open || (!spans.empty() && spans != kClosedDay);
    if (!spans.empty()) lines.push_back(std::string(kDayNames[i]) + " " + spans);
  }
  if (!open) lines.clear();
  return lines;
}

std::vector<std::string> hours_lines(const json& value) {
  const json* at = &value;
  std::optional<json> written;
  for (int depth = 0; depth < 5; ++depth) {
    if (at->is_string()) {
      const auto& text = at->get_ref<const std::string&>();
      const std::string_view trimmed = ascii::trim(text);
      const bool is_json = trimmed.starts_with('{') || trimmed.starts_with('[');
      if (is_json && !written) {
        JsonBudget budget{.depth = 8, .values = 500};
        written = read_json(trimmed, budget);
        if (!written || !written->is_structured()) return {};
        at = &*written;
        continue;
      }
      std::vector<std::string> lines;
      if (!is_json) add_text_line(text, lines);
      return lines;
    }
    if (at->is_array()) return lines_of_list(*at);
    if (!at->is_object()) return {};
    if (auto lines = lines_of_days(*at); !lines.empty()) return lines;
    const json* inner =
        member_named(*at, {"usual", "days", "weekdays", "regular", "standard", "normal",
                           "regularhours", "periods", "weekdaytext", "hours", "openinghours",
                           "week", "weekly", "text", "rendered", "value", "default"});
    if (inner == nullptr) return {};
    at = inner;
  }
  return {};
}

}  // namespace placer
