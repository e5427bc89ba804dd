#include "scraper/frontier/trap_forms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "scraper/frontier/percent.h"

namespace placer {
namespace {

constexpr std::size_t kDeepest = 20;
constexpr std::size_t kMostEqualSegments = 3;
constexpr std::size_t kMostGroupsInARow = 2;
constexpr std::size_t kMostEqualParameters = 4;
constexpr std::size_t kMostParameters = 20;
constexpr int kFirstYear = 1990;
constexpr int kYearsAhead = 2;

// "/a/b/a/b/a/b": a group of `length` segments that comes three times in a row. Numbers alone do
// it four times: 11/11/11 is a date.
bool has_group_in_a_row(std::span<const UrlPiece> segments, std::size_t length) {
  std::size_t equal = 0;  // segments in a row that are what stood `length` before them
  for (std::size_t i = length; i < segments.size(); ++i) {
    equal = segments[i].hash == segments[i - length].hash ? equal + 1 : 0;
    const bool number = length == 1 && segments[i].kind == UrlPieceKind::kNumber;
    if (equal >= (kMostGroupsInARow + (number ? 1 : 0)) * length) return true;
  }
  return false;
}

bool repeats_segments(std::span<const UrlPiece> segments) {
  if (segments.size() <= kMostGroupsInARow) return false;
  for (std::size_t i = 0; i + kMostEqualSegments < segments.size(); ++i) {
    const auto equal =
        std::count_if(segments.begin() + static_cast<std::ptrdiff_t>(i), segments.end(),
                      [&](const UrlPiece& segment) { return segment.hash == segments[i].hash; });
    if (static_cast<std::size_t>(equal) > kMostEqualSegments) return true;
  }
  for (std::size_t length = 1; length * (kMostGroupsInARow + 1) <= segments.size(); ++length) {
    if (has_group_in_a_row(segments, length)) return true;
  }
  return false;
}

bool repeats_parameters(const UrlShape& url) {
  if (url.parameter_count() > kMostParameters) return true;
  const auto parameters = url.parameters();
  for (std::size_t i = 0; i + kMostEqualParameters < parameters.size(); ++i) {
    const auto equal = std::count_if(
        parameters.begin() + static_cast<std::ptrdiff_t>(i), parameters.end(),
        [&](const UrlPiece& parameter) { return parameter.name == parameters[i].name; });
    if (static_cast<std::size_t>(equal) > kMostEqualParameters) return true;
  }
  return false;
}

// The number that `text` begins with, of exactly so many digits; -1 when it has none.
int leading_number(std::string_view text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return -1;
  const auto end = std::from_chars(text.data(), text.data() + digits, number);
  if (end.ec != std::errc() || end.ptr != text.data() + digits) return -1;
  return number;
}

bool is_year(int number) { return number >= 1000; }
bool is_month(int number) { return number >= 1 && number <= 12; }

// The year of "2027-05", "2027-05-12", "2027.05" or "202705" with its day or without; -1: no date.
int year_of_date(std::string_view text) {
  const int year = leading_number(text, 4);
  if (!is_year(year)) return -1;
  text.remove_prefix(4);
  if (text.size() >= 3 && (text[0] == '-' || text[0] == '.' || text[0] == '_')) {
    return is_month(leading_number(text.substr(1), 2)) ? year : -1;
  }
  return (text.size() == 2 || text.size() == 4) && is_month(leading_number(text, 2)) ? year : -1;
}

bool is_year_alone(const UrlPiece& piece) {
  return piece.kind == UrlPieceKind::kNumber && piece.text.size() == 4 && piece.text[0] != '0';
}

bool names_a_date(std::string_view name) {
  constexpr std::array<std::string_view, 10> kNames = {"year",  "month", "date",  "jahr",  "monat",
                                                       "datum", "fecha", "annee", "calen", "cal"};
  constexpr std::size_t kLongestName = 24;
  if (name.size() > kLongestName) return false;
  std::array<char, kLongestName> buffer{};
  std::transform(name.begin(), name.end(), buffer.begin(), ascii_lower);
  const std::string_view lower(buffer.data(), name.size());
  return std::any_of(kNames.begin(), kNames.end() - 1,
                     [&](std::string_view word) { return lower.find(word) != lower.npos; }) ||
         lower == kNames.back();
}

// The year of the first date in the URL; -1: it has none.
int year_in(const UrlShape& url) {
  const auto segments = url.segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const UrlPiece& segment = segments[i];
    if (segment.text.size() < 4 || segment.text[0] < '1' || segment.text[0] > '9') continue;
    if (segment.kind != UrlPieceKind::kNumber && year_of_date(segment.text) >= 0) {
      return year_of_date(segment.text);
    }
    // "/2027/05", with both digits of the month: "/2027/5" is a shop and its branch.
    if (is_year_alone(segment) && i + 1 < segments.size() && segments[i + 1].text.size() == 2 &&
        is_month(leading_number(segments[i + 1].text, 2))) {
      return leading_number(segment.text, 4);
    }
  }
  for (const UrlPiece& parameter : url.parameters()) {
    if (parameter.text.size() < 4 || !names_a_date(parameter.name)) continue;
    const int year =
        is_year_alone(parameter) ? leading_number(parameter.text, 4) : year_of_date(parameter.text);
    if (year >= 0) return year;
  }
  return -1;
}

}  // namespace

std::string_view trap_reason_name(TrapReason reason) {
  switch (reason) {
    case TrapReason::kEndlessDepth:
      return "endless-depth";
    case TrapReason::kRepeatedSegments:
      return "repeated-segments";
    case TrapReason::kRepeatedParameters:
      return "repeated-parameters";
    case TrapReason::kDistantDate:
      return "distant-date";
    case TrapReason::kBarrenPattern:
      return "barren-pattern";
  }
  return "";
}

std::optional<TrapReason> trap_form(const UrlShape& url, std::chrono::sys_days today) {
  if (url.depth() > kDeepest) return TrapReason::kEndlessDepth;
  if (repeats_segments(url.segments())) return TrapReason::kRepeatedSegments;
  if (repeats_parameters(url)) return TrapReason::kRepeatedParameters;
  const int year = year_in(url);
  if (year >= 0) {
    const int this_year = static_cast<int>(std::chrono::year_month_day(today).year());
    if (year < kFirstYear || year > this_year + kYearsAhead) return TrapReason::kDistantDate;
  }
  return std::nullopt;
}

}  // namespace placer
