#include "tests/web/hours.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace placer::web {
namespace {

constexpr int kDay = 24 * 60;
constexpr const char* kShort[7] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
constexpr const char* kLong[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                  "Friday", "Saturday", "Sunday"};

// Days first ... last in a row with the same hours.
struct Run {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::vector<Run> runs_of(const Week& week) {
  std::vector<Run> runs;
  for (std::size_t day = 0; day < 7; ++day) {
    if (week.days[day].empty()) continue;
    const bool goes_on = !runs.empty() && runs.back().last + 1 == day &&
                         week.days[runs.back().first] == week.days[day];
    if (goes_on) {
      runs.back().last = day;
    } else {
      runs.push_back(Run{day, day});
    }
  }
  return runs;
}

std::string clock(int minutes) {
  const int within = minutes > kDay ? minutes - kDay : minutes;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", within / 60, within % 60);
  return text;
}

std::string span_text(const OpenSpan& span) { return clock(span.from) + "-" + clock(span.to); }

std::string days_text(const Run& run) {
  if (run.first == run.last) return kShort[run.first];
  return std::string(kShort[run.first]) + "-" + kShort[run.last];
}

void set_days(Week& week, std::size_t first, std::size_t last, std::vector<OpenSpan> spans) {
  for (std::size_t day = first; day <= last; ++day) week.days[day] = spans;
}

std::string day_name(std::size_t day, bool urls) {
  return std::string(urls ? "https://schema.org/" : "") + kLong[day];
}

}  // namespace

Week make_week(Rng& rng) {
  Week week;
  const int open = 7 * 60 + 30 * static_cast<int>(rng.below(6));
  const int close = 17 * 60 + 30 * static_cast<int>(rng.below(6));
  switch (rng.below(6)) {
    case 0:
      set_days(week, 0, 4, {{open, close}});
      set_days(week, 5, 5, {{open + 60, 13 * 60}});
      break;
    case 1:
      set_days(week, 0, 6, {{open, close}});
      break;
    case 2:  // a lunch break
      set_days(week, 0, 4, {{open, 12 * 60 + 30}, {14 * 60, close}});
      break;
    case 3:  // a museum
      set_days(week, 1, 6, {{10 * 60, 18 * 60}});
      break;
    case 4:  // past midnight at the weekend
      set_days(week, 1, 3, {{17 * 60, 23 * 60}});
      set_days(week, 4, 5, {{17 * 60, kDay + 120}});
      break;
    default:
      set_days(week, 0, 2, {{open, close}});
      set_days(week, 3, 3, {{open, 20 * 60 + 30}});
      set_days(week, 4, 4, {{open, close}});
      set_days(week, 5, 6, {{9 * 60 + 15, 14 * 60 + 45}});
      break;
  }
  return week;
}

std::string osm_hours(const Week& week) {
  std::string text;
  for (const Run& run : runs_of(week)) {
    if (!text.empty()) text += "; ";
    text += days_text(run);
    char before = ' ';
    for (const OpenSpan& span : week.days[run.first]) {
      text += before + span_text(span);
      before = ',';
    }
  }
  return text;
}

std::vector<std::string> schema_hours(const Week& week) {
  std::vector<std::string> lines;
  for (const Run& run : runs_of(week)) {
    for (const OpenSpan& span : week.days[run.first]) {
      lines.push_back(days_text(run) + " " + span_text(span));
    }
  }
  return lines;
}

nlohmann::ordered_json hours_specification(const Week& week, bool arrays, bool urls) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const auto add = [&list](const OpenSpan& span, nlohmann::ordered_json days) {
    list.push_back({{"@type", "OpeningHoursSpecification"},
                    {"dayOfWeek", std::move(days)},
                    {"opens", clock(span.from)},
                    {"closes", clock(span.to)}});
  };
  for (const Run& run : runs_of(week)) {
    for (const OpenSpan& span : week.days[run.first]) {
      nlohmann::ordered_json days = nlohmann::ordered_json::array();
      for (std::size_t day = run.first; day <= run.last; ++day) {
        if (arrays) {
          days.push_back(day_name(day, urls));
        } else {
          add(span, day_name(day, urls));
        }
      }
      if (arrays) add(span, std::move(days));
    }
  }
  return list;
}

}  // namespace placer::web
