#include "scraper/extract/embedded/dictionary_day.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "scraper/ascii.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 2000;  // bytes
constexpr std::size_t kLongestSpans = 500;  // bytes

template <std::size_t N>
bool is_any(std::string_view word, const std::string_view (&words)[N]) {
  return std::ranges::find(words, word) != std::end(words);
}

}  // namespace

bool says_closed(std::string_view text) {
  const std::string word = normalized_key(text);
  return is_any(word,
                {"closed",  "close",    "off",       "geschlossen", "ruhetag",   "ferme",  "fermee",
                 "cerrado", "chiuso",   "gesloten",  "fechado",     "encerrado", "stangt", "lukket",
                 "stengt",  "suljettu", "nieczynne", "zamkniete",   "zavreno",   "0"});
}

std::string text_without_markup(std::string_view text) {
  std::string out;
  text = text.substr(0, kLongestText);
  while (!text.empty()) {
    const std::size_t tag = std::min(text.find('<'), text.size());
    out += text.substr(0, tag);
    text.remove_prefix(tag);
    if (text.empty()) break;
    const std::size_t end = text.find('>');
    if (end == std::string_view::npos) break;
    const std::string name = ascii::lower_case(text.substr(1, std::min<std::size_t>(end, 5) - 1));
    const bool row = name.starts_with("/tr") || name.starts_with("br") || name.starts_with("/li") ||
                     name.starts_with("/p") || name.starts_with("/div");
    out += row ? "; " : " ";
    text.remove_prefix(end + 1);
  }
  for (char& c : out) {
    if (c == '\n' || c == '\r') c = ';';
    if (c == '\t') c = ' ';
  }
  const std::size_t last = out.find_last_not_of("; |,");
  out.resize(last == std::string::npos ? 0 : last + 1);
  const std::size_t first = out.find_first_not_of("; |,");
  return first == std::string::npos ? std::string() : out.substr(first);
}

namespace {

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string clock_of_number(double number) {
  if (!(number >= 0 && number <= 2400) || number != std::floor(number)) return {};
  const int whole = static_cast<int>(number);
  const int hour = whole <= 24 ? whole : whole / 100;
  const int minute = whole <= 24 ? 0 : whole % 100;
  return minute < 60 ? two_digits(hour) + ":" + two_digits(minute) : std::string();
}

std::string clock_of_text(std::string_view text) {
  text = ascii::trim(text);
  const std::size_t date_end = text.find('T');
  if (date_end == 10) text.remove_prefix(11);  // 1970-01-01T09:00:00
  if (text.empty() || text.size() > 24 || !std::ranges::any_of(text, ascii::is_digit)) return {};
  if (std::ranges::all_of(text, ascii::is_digit)) {
    if (text.size() <= 2) return std::string(text) + ":00";
    if (text.size() > 4) return {};
    const std::size_t hour = text.size() - 2;
    return (hour == 1 ? "0" : "") + std::string(text.substr(0, hour)) + ":" +
           std::string(text.substr(hour));
  }
  std::string out(text);
  for (std::size_t i = 1; i + 1 < out.size(); ++i) {  // 9h30, 9.30
    const bool between = ascii::is_digit(out[i - 1]) && ascii::is_digit(out[i + 1]);
    if (between && (out[i] == 'h' || out[i] == 'H' || out[i] == '.')) out[i] = ':';
  }
  return out;
}

}  // namespace

std::string clock_of_value(const json& value) {
  if (value.is_number()) return clock_of_number(value.get<double>());
  if (value.is_string()) return clock_of_text(value.get_ref<const std::string&>());
  if (!value.is_object()) return {};
  if (const json* time = member_named(value, {"time", "value"})) {
    return time->is_object() ? std::string() : clock_of_value(*time);
  }
  const json* hour = member_named(value, {"hour", "hours", "h"});
  const json* minute = member_named(value, {"minute", "minutes", "m"});
  if (hour == nullptr || !hour->is_number_integer()) return {};
  const int minutes = minute != nullptr && minute->is_number_integer() ? minute->get<int>() : 0;
  return clock_of_number(hour->get<int>() * 100.0 + minutes);
}

namespace {

// "9:00 AM - 5:00 PM" and the like, or "closed"; empty when it holds no time.
std::string spans_of_text(std::string_view text) {
  if (says_closed(text)) return std::string(kClosedDay);
  const std::string normal = normalized_key(text);
  if (is_any(normal, {"1", "24h", "24hours", "open24hours", "allday", "247", "opened24hours"})) {
    return std::string(kWholeDay);
  }
  if (!std::ranges::any_of(text, ascii::is_digit)) return {};
  return text_without_markup(text);
}

std::optional<bool> flag_of(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<int>() != 0;
  if (!value.is_string()) return std::nullopt;
  const std::string word = normalized_key(value.get_ref<const std::string&>());
  if (is_any(word, {"true", "yes", "1"})) return true;
  if (is_any(word, {"false", "no", "0", ""})) return false;
  return std::nullopt;
}

template <std::size_t N>
bool is_set(const json& object, const std::string_view (&names)[N]) {
  const json* flag = member_named(object, names);
  return flag != nullptr && flag_of(*flag) == true;
}

template <std::size_t N>
bool is_unset(const json& object, const std::string_view (&names)[N]) {
  const json* flag = member_named(object, names);
  return flag != nullptr && flag->is_boolean() && !flag->get<bool>();
}

}  // namespace

void append_span(std::string_view span, std::string& spans) {
  if (span.empty() || span == kClosedDay || spans.size() > kLongestSpans) return;
  if (!spans.empty()) spans += ", ";
  spans += span;
}

namespace {

constexpr std::string_view kOpens[] = {
    "open",     "opens",    "from",      "start",    "opentime", "openingtime",
    "opening",  "begin",    "starttime", "timeopen", "opensat",  "openat",
    "fromtime", "timefrom", "hourfrom",  "von",      "desde",    "starthour"};
constexpr std::string_view kCloses[] = {"close",       "closes",  "to",     "end",     "closetime",
                                        "closingtime", "closing", "until",  "endtime", "timeclose",
                                        "closesat",    "closeat", "totime", "timeto",  "hourto",
                                        "bis",         "hasta",   "endhour"};

// The spans stated by one object: {"open": .., "close": ..}, {"from1": .., "to1": .., "from2": ..}.
std::string spans_of_pairs(const json& object) {
  std::string spans;
  const json* open = member_named(object, kOpens);
  const json* close = member_named(object, kCloses);
  if (open != nullptr && close != nullptr) {
    const std::string opens = clock_of_value(*open);
    const std::string closes = clock_of_value(*close);
    if (!opens.empty() && !closes.empty()) spans = opens + "-" + closes;
  }
  for (const char turn : {'1', '2', '3'}) {
    std::string opens, closes;
    for (auto at = object.begin(); at != object.end(); ++at) {
      std::string key = normalized_key(at.key());
      if (key.size() < 2 || key.back() != turn) continue;
      key.pop_back();
      if (is_any(key, kOpens)) opens = clock_of_value(*at);
      if (is_any(key, kCloses)) closes = clock_of_value(*at);
    }
    if (!opens.empty() && !closes.empty()) append_span(opens + "-" + closes, spans);
  }
  return spans;
}

std::string spans_of(const json& value, int depth);

std::string spans_of_list(const json& list, int depth) {
  if (list.empty()) return std::string(kClosedDay);
  if (list.size() == 2 && list[0].is_string() && list[1].is_string()) {
    const std::string opens = clock_of_value(list[0]);
    const std::string closes = clock_of_value(list[1]);
    const bool spans = opens.find_first_of("-\xE2") != std::string::npos;
    if (!opens.empty() && !closes.empty() && !spans) return opens + "-" + closes;
  }
  std::string spans;
  for (const json& item : list) append_span(spans_of(item, depth + 1), spans);
  if (spans.empty() && list.size() == 1) return spans_of(list[0], depth + 1);
  return spans;
}

std::string spans_of_object(const json& object, int depth) {
  if (object.size() > kMaxHoursMembers) return {};
  if (is_set(object, {"closed", "isclosed", "closedallday", "alldayclosed", "dayoff"}) ||
      is_unset(object, {"isopen", "open", "opened", "enabled", "active"})) {
    return std::string(kClosedDay);
  }
  if (is_set(object, {"allday", "open24hours", "is24hours", "open24h", "is24h", "openallday"})) {
    return std::string(kWholeDay);
  }
  if (std::string spans = spans_of_pairs(object); !spans.empty()) return spans;
  for (const std::string_view name :
       {"openintervals", "intervals", "hours", "times", "periods", "slots", "ranges", "spans",
        "timeslots", "blocks", "openinghours", "text", "label", "value", "time"}) {
    const json* inner = member_named(object, {name});
    if (inner == nullptr) continue;
    if (std::string spans = spans_of(*inner, depth + 1); !spans.empty()) return spans;
  }
  return {};
}

// What one day's value says: spans, "closed", or nothing. Recursion to three levels.
std::string spans_of(const json& value, int depth) {
  if (depth > 3) return {};
  if (value.is_string()) return spans_of_text(value.get_ref<const std::string&>());
  if (value.is_boolean()) return value.get<bool>() ? std::string() : std::string(kClosedDay);
  if (value.is_array()) return spans_of_list(value, depth);
  if (value.is_object()) return spans_of_object(value, depth);
  return {};
}

}  // namespace

std::string spans_of_day(const json& value) { return spans_of(value, 0); }

}  // namespace placer
