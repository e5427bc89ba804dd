#include "scraper/page/timestamp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kLongest = 64;

struct Fields {
  int year = 0, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;
  int offset = 0;  // minutes east of UTC
};

// Cuts pieces off the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool done() const { return rest_.empty(); }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_one_of(std::string_view any) {
    if (done() || any.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_while(bool (*belongs)(char)) {
    const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view piece = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return piece;
  }

  void skip_space() { take_while(ascii::is_space); }

  // The digits here, of which there must be `least` to `most`.
  bool take_number(std::size_t least, std::size_t most, int& number) {
    const std::string_view digits = take_while(ascii::is_digit);
    if (digits.size() < least || digits.size() > most) return false;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return true;
  }

 private:
  std::string_view rest_;
};

// "+01:00", "-0800", "+01"; the sign is next.
bool take_offset(Cursor& text, Fields& fields) {
  const bool west = text.take('-');
  if (!west && !text.take('+')) return false;
  const std::string_view digits = text.take_while(ascii::is_digit);
  if (digits.size() != 2 && digits.size() != 4) return false;
  int minutes = 0;
  int hours = 0;
  std::from_chars(digits.data(), digits.data() + 2, hours);
  if (digits.size() == 4) {
    std::from_chars(digits.data() + 2, digits.data() + 4, minutes);
  } else if (text.take(':') && !text.take_number(2, 2, minutes)) {
    return false;
  }
  if (hours > 23 || minutes > 59) return false;
  fields.offset = (west ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

// "08:30", "08:30:00", "08:30:00.25"
bool take_time(Cursor& text, Fields& fields) {
  if (!text.take_number(1, 2, fields.hour) || !text.take(':')) return false;
  if (!text.take_number(2, 2, fields.minute)) return false;
  if (!text.take(':')) return true;
  if (!text.take_number(2, 2, fields.second)) return false;
  if (text.take_one_of(".,") && text.take_while(ascii::is_digit).empty()) return false;
  return true;
}

bool read_w3c(Cursor text, Fields& fields) {
  if (!text.take_number(4, 4, fields.year)) return false;
  if (text.done()) return true;
  if (!text.take('-') || !text.take_number(2, 2, fields.month)) return false;
  if (text.done()) return true;
  if (!text.take('-') || !text.take_number(2, 2, fields.day)) return false;
  if (text.done()) return true;
  if (!text.take_one_of("Tt ")) return take_offset(text, fields) && text.done();
  text.skip_space();
  if (!take_time(text, fields)) return false;
  text.skip_space();
  if (text.done() || text.take_one_of("Zz")) return text.done();
  return take_offset(text, fields) && text.done();
}

int month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (name.size() >= 3 && ascii::equals_ignoring_case(name.substr(0, 3), kMonths[i])) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

// RFC 822's zones; RFC 5322 section 4.3 takes all others for UTC.
int zone_offset(std::string_view name) {
  constexpr std::string_view kRegions = "ECMP";  // eastern is UTC-5, the others an hour more each
  if (name.size() != 3 || ascii::lower(name[2]) != 't') return 0;
  const std::size_t region = kRegions.find(static_cast<char>(name[0] & ~0x20));
  const char season = ascii::lower(name[1]);
  if (region == std::string_view::npos || (season != 's' && season != 'd')) return 0;
  return -60 * (static_cast<int>(region) + (season == 's' ? 5 : 4));
}

bool read_rfc822(Cursor text, Fields& fields) {
  if (!text.take_while(ascii::is_letter).empty()) {
    text.take_one_of(",.");
    text.skip_space();
  }
  if (!text.take_number(1, 2, fields.day)) return false;
  text.take_while([](char c) { return c == '-' || ascii::is_space(c); });
  fields.month = month_of(text.take_while(ascii::is_letter));
  if (fields.month == 0) return false;
  text.take_while([](char c) { return c == '-' || ascii::is_space(c); });
  if (!text.take_number(2, 4, fields.year)) return false;
  if (fields.year < 100) fields.year += fields.year < 50 ? 2000 : 1900;
  text.skip_space();
  if (text.done()) return true;
  if (!take_time(text, fields)) return false;
  text.skip_space();
  if (const auto zone = text.take_while(ascii::is_letter); !zone.empty()) {
    fields.offset = zone_offset(zone);
    return text.done();
  }
  return text.done() || (take_offset(text, fields) && text.done());
}

std::optional<std::int64_t> seconds_of(const Fields& fields) {
  const std::chrono::year_month_day date{std::chrono::year(fields.year),
                                         std::chrono::month(static_cast<unsigned>(fields.month)),
                                         std::chrono::day(static_cast<unsigned>(fields.day))};
  // A second of 60 is a leap second.
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 60) {
    return std::nullopt;
  }
  const auto time = std::chrono::sys_days(date).time_since_epoch() +
                    std::chrono::hours(fields.hour) + std::chrono::minutes(fields.minute) +
                    std::chrono::seconds(fields.second) - std::chrono::minutes(fields.offset);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  if (seconds < 0) return std::nullopt;
  return seconds;
}

}  // namespace

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  text = ascii::trim(text);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  Fields fields;
  if (read_w3c(Cursor(text), fields)) return seconds_of(fields);
  fields = {};
  if (read_rfc822(Cursor(text), fields)) return seconds_of(fields);
  return std::nullopt;
}

}  // namespace placer
