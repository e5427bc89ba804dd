#include "scraper/extract/microformats/time.h"

#include <algorithm>
#include <string_view>

#include "scraper/ascii.h"

namespace placer {
namespace {

// Digits at the front of `text`, at most `most`; cut off.
std::string_view take_digits(std::string_view& text, std::size_t most) {
  std::size_t n = 0;
  while (n < std::min(most, text.size()) && ascii::is_digit(text[n])) ++n;
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "2009-06-26" or "2009-177" at the front; cut off. Empty when there is none.
std::string_view take_date(std::string_view& text) {
  std::string_view rest = text;
  if (take_digits(rest, 4).size() != 4 || !take(rest, '-')) return {};
  const std::size_t digits = take_digits(rest, 3).size();
  if (digits == 2 && (!take(rest, '-') || take_digits(rest, 2).size() != 2)) return {};
  if (digits < 2) return {};
  const std::string_view date = text.substr(0, text.size() - rest.size());
  text = rest;
  return date;
}

// "am", "P.M." at the front: 'a' or 'p', cut off; else 0.
char take_half_of_day(std::string_view& text) {
  std::string_view rest = ascii::trim(text);
  const char half = rest.empty() ? '\0' : ascii::lower(rest[0]);
  if (half != 'a' && half != 'p') return '\0';
  rest.remove_prefix(1);
  take(rest, '.');
  if (rest.empty() || ascii::lower(rest[0]) != 'm') return '\0';
  rest.remove_prefix(1);
  take(rest, '.');
  text = rest;
  return half;
}

// "7:30pm" -> "19:30", "19:00:05" as it is; cut off. Empty when there is none.
std::string take_time(std::string_view& text) {
  std::string_view rest = text;
  const std::string_view hour_digits = take_digits(rest, 2);
  if (hour_digits.empty()) return {};
  std::string below;
  while (below.size() < 6 && rest.starts_with(':')) {
    std::string_view after = rest.substr(1);
    const std::string_view digits = take_digits(after, 2);
    if (digits.size() != 2) break;
    below.append(":").append(digits);
    rest = after;
  }
  const char half = take_half_of_day(rest);
  if (below.empty() && half == '\0') return {};
  int hour = 0;
  for (const char c : hour_digits) hour = 10 * hour + (c - '0');
  if (half == 'p' && hour < 12) hour += 12;
  if (half == 'a' && hour == 12) hour = 0;
  text = rest;
  if (below.empty()) below = ":00";
  return (hour < 10 ? "0" : "") + std::to_string(hour) + below;
}

// "Z", "-08:00", "+1" -> "Z", "-0800", "+0100", when that is all of `text`; else empty.
std::string zone_of(std::string_view text) {
  text = ascii::trim(text);
  if (text == "Z" || text == "z") return "Z";
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return {};
  std::string zone(1, text[0]);
  text.remove_prefix(1);
  const std::string_view hours = take_digits(text, 2);
  if (hours.empty()) return {};
  take(text, ':');
  const std::string_view minutes = take_digits(text, 2);
  if (!text.empty() || minutes.size() == 1) return {};
  zone.append(hours.size() == 1 ? "0" : "").append(hours);
  return zone.append(minutes.empty() ? "00" : minutes);
}

}  // namespace

std::string joined_time(const std::vector<std::string>& parts, std::string& last_date) {
  std::string date;
  std::string time;
  std::string zone;
  for (const std::string& part : parts) {
    std::string_view rest = ascii::trim(part);
    if (const std::string_view found = take_date(rest); !found.empty() && date.empty()) {
      date = found;
      if (!rest.empty() && time.empty()) {  // a time follows in the same part
        last_date = date;
        return std::string(ascii::trim(part));
      }
      continue;
    }
    if (time.empty()) time = take_time(rest);
    if (zone.empty()) zone = zone_of(rest);
  }
  if (date.empty() && !time.empty()) date = last_date;
  if (!date.empty()) last_date = date;
  std::string joined = date;
  if (!time.empty()) joined += (joined.empty() ? "" : " ") + time + zone;
  return joined;
}

}  // namespace placer
