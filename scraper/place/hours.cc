#include "scraper/place/hours.h"

#include "scraper/place/hours_words.h"
#include "scraper/place/text.h"
#include "scraper/place/values.h"
#include "scraper/place/week.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestDay = 200;  // bytes of one dayOfWeek
constexpr std::size_t kMaxDates = 60;     // rules for dates
constexpr int kUsualDays = 300;           // a range at least so long describes the usual week

// The part of "https://schema.org/Monday" that names the day.
std::string_view last_segment(std::string_view text) {
  const std::size_t slash = text.find_last_of("/#:");
  return slash == std::string_view::npos ? text : text.substr(slash + 1);
}

struct Days {
  std::vector<int> days;
  bool stated = false;
};

Days days_of(const json& specification, Schedule& schedule) {
  Days out;
  for (const json* value : values_of(specification, "dayOfWeek")) {
    auto text = text_of(*value);
    if (!text) text = first_text(*value, "name");
    if (!text) text = first_text(*value, "@id");
    if (!text) continue;
    out.stated = true;
    if (text->size() > kLongestDay) continue;
    for (const std::string_view part : split_any(*text, ",;")) {
      if (const auto day = day_named(last_segment(part))) {
        out.days.push_back(*day);
        continue;
      }
      // "Mo-Fr" where one day is meant to stand: read as openingHours does.
      Schedule range;
      if (add_text(std::string(part) + " 00:00-24:00", range)) {
        for (int day = 0; day <= kPublicHoliday; ++day) {
          if (!range.week.spans(day).empty()) out.days.push_back(day);
        }
      } else {
        schedule.note("unknown day: " + std::string(part));
      }
    }
  }
  const bool dated = specification.contains("validFrom") || specification.contains("validThrough");
  if (!out.stated && !dated) schedule.note("no days");
  if (!out.stated && dated) {
    for (int day = 0; day < kDaysOfWeek; ++day) out.days.push_back(day);
  }
  return out;
}

bool says_closed(std::string_view text) {
  const std::string word = lower_ascii(text);
  return word == "closed" || word == "off";
}

// One pair of times onto the days; false when it says nothing certain.
bool add_span(const std::string& opens, const std::string& closes, const std::vector<int>& days,
              Week& week, Schedule& schedule) {
  const auto open = parse_clock(opens);
  const auto close = parse_clock(closes);
  if (!open || !close) {
    schedule.note("no time of day: " + (open ? closes : opens));
    return false;
  }
  if (*open == *close) {
    schedule.note("ambiguous: " + opens + "-" + closes);
    return false;
  }
  for (const int day : days) week.open(day, span_of(*open, *close));
  return true;
}

std::vector<std::string> times_of(const json& specification, std::string_view property) {
  std::vector<std::string> times;
  for (const json* value : values_of(specification, property)) {
    if (auto text = text_of(*value)) times.push_back(std::move(*text));
  }
  return times;
}

// The times of one specification onto a week; false when it says nothing certain.
bool add_times(const json& specification, const std::vector<int>& days, Week& week,
               Schedule& schedule) {
  const auto opens = times_of(specification, "opens");
  const auto closes = times_of(specification, "closes");
  const bool blank =
      !values_of(specification, "opens").empty() || !values_of(specification, "closes").empty();
  if (opens.empty() && closes.empty() && blank) {
    schedule.note("blank times");
    return false;
  }
  if (opens.empty() ? closes.empty() : says_closed(opens[0])) {
    for (const int day : days) week.close(day);
    return true;
  }
  if (opens.size() != closes.size()) {
    schedule.note(opens.empty() ? "no opening time: " + closes[0]
                                : "no closing time: " + opens.back());
    return false;
  }
  bool any = false;
  for (std::size_t i = 0; i < opens.size(); ++i) {
    any = add_span(opens[i], closes[i], days, week, schedule) || any;
  }
  return any;
}

bool is_usual(const std::optional<Date>& from, const std::optional<Date>& through) {
  return !from || !through || days_between(*from, *through) >= kUsualDays;
}

std::optional<Date> date_of(const json& specification, std::string_view property,
                            Schedule& schedule) {
  const auto text = first_text(specification, property);
  if (!text) return std::nullopt;
  const auto date = parse_date(*text);
  if (!date) schedule.note("no date: " + *text);
  return date;
}

void add_specification(const json& specification, bool special, Schedule& schedule) {
  if (!specification.is_object() || specification.contains("@value")) {
    // schema.org's own days are English: "Sa" is no other language's Tuesday.
    if (const auto text = text_of(specification)) add_text(*text, kEnglishHours, schedule);
    return;
  }
  const bool dated = specification.contains("validFrom") || specification.contains("validThrough");
  const auto from = date_of(specification, "validFrom", schedule);
  const auto through = date_of(specification, "validThrough", schedule);
  const bool silent = !specification.contains("opens") && !specification.contains("closes");
  if (silent && !specification.contains("dayOfWeek") && !dated) return;
  const Days days = days_of(specification, schedule);
  if (days.days.empty()) return;
  if (!dated || (!special && is_usual(from, through))) {
    if (special) return schedule.note("special hours without dates");
    if (dated && !days.stated && silent) return;
    add_times(specification, days.days, schedule.week, schedule);
    return;
  }
  if (!from || !through || *through < *from || schedule.dates.size() >= kMaxDates) {
    return schedule.note("dates left out");
  }
  Week week = schedule.dates[{*from, *through}];
  if (add_times(specification, days.days, week, schedule)) {
    schedule.dates[{*from, *through}] = week;
  }
}

}  // namespace

std::optional<OpeningHours> hours_from_schema(const json& place_fields) {
  Schedule schedule;
  const auto specifications = values_of(place_fields, "openingHoursSpecification");
  const auto texts = values_of(place_fields, "openingHours");
  const auto specials = values_of(place_fields, "specialOpeningHoursSpecification");
  if (specifications.empty() && texts.empty() && specials.empty()) return std::nullopt;
  for (const json* specification : specifications) {
    add_specification(*specification, false, schedule);
  }
  // Both properties say the same week; a second statement of it could only blur the first.
  if (!schedule.week.known()) {
    for (const json* text : texts) add_specification(*text, false, schedule);
  }
  for (const json* special : specials) add_specification(*special, true, schedule);
  return schedule.hours();
}

std::optional<OpeningHours> hours_from_text(std::string_view text, std::string_view language) {
  Schedule schedule;
  if (!add_text(plain_text(text), hours_language(language), schedule)) return std::nullopt;
  if (!schedule.week.known()) return std::nullopt;
  return schedule.hours();
}

}  // namespace placer
