#include "config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace placer {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array kDurationUnits = {Unit{"d", 86'400'000}, Unit{"h", 3'600'000},
                                       Unit{"m", 60'000}, Unit{"s", 1000}, Unit{"ms", 1}};
constexpr std::array kSizeUnits = {Unit{"TiB", 1ULL << 40},
                                   Unit{"GiB", 1ULL << 30},
                                   Unit{"MiB", 1ULL << 20},
                                   Unit{"KiB", 1ULL << 10},
                                   Unit{"B", 1},
                                   Unit{"TB", 1'000'000'000'000},
                                   Unit{"GB", 1'000'000'000},
                                   Unit{"MB", 1'000'000},
                                   Unit{"KB", 1000}};
constexpr std::size_t kBinaryUnits = 5;  // the first of kSizeUnits
constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMostFractionDigits = 6;
constexpr std::size_t kLongestComparedWord = 64;
constexpr std::size_t kLongestQuote = 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// "1.5GiB" in terms of the smallest unit; `bare` says whether a number without a unit counts.
std::optional<std::uint64_t> parse_quantity(std::string_view text, std::span<const Unit> units,
                                            bool bare) {
  const std::optional<std::uint64_t> whole = parse_whole(take_digits(text));
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty() || fraction.size() > kMostFractionDigits) return std::nullopt;
  }
  if (!whole) return std::nullopt;
  if (text.empty()) {
    return (bare || *whole == 0) && fraction.empty() && *whole <= kMost ? whole : std::nullopt;
  }
  const auto* const unit = std::find_if(units.data(), units.data() + units.size(),
                                        [text](const Unit& u) { return u.name == text; });
  if (unit == units.data() + units.size() || *whole > kMost / unit->factor) return std::nullopt;
  std::uint64_t part = 0;
  std::uint64_t ten_to_digits = 1;
  for (const char digit : fraction) {
    part = part * 10 + static_cast<std::uint64_t>(digit - '0');
    ten_to_digits *= 10;
  }
  part *= unit->factor;  // below 10^6 * 2^40
  if (part % ten_to_digits != 0) return std::nullopt;
  const std::uint64_t result = *whole * unit->factor + part / ten_to_digits;
  return result <= kMost ? std::optional(result) : std::nullopt;
}

std::string format_quantity(std::uint64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return fmt::format("{}{}", value / unit.factor, unit.name);
    }
  }
  return "0";
}

// Damerau-Levenshtein distance (optimal string alignment), case folded.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0U : 1U;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const std::optional<std::uint64_t> value = parse_quantity(text, kDurationUnits, false);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*value));
}

std::string format_duration(std::chrono::milliseconds duration) {
  return format_quantity(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_quantity(text, kSizeUnits, true);
}

std::string format_size(std::uint64_t bytes) {
  return format_quantity(bytes, std::span(kSizeUnits).first(kBinaryUnits));
}

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    value = value > (kTop - digit) / 10 ? kTop : value * 10 + digit;
  }
  return value;
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& words) {
  if (text.size() > kLongestComparedWord) return {};
  std::string_view best;
  std::size_t best_distance = 1 + std::max<std::size_t>(1, text.size() / 3);
  for (const std::string_view word : words) {
    const std::size_t d = distance(text, word);
    if (d < best_distance && d < word.size()) {
      best = word;
      best_distance = d;
    }
  }
  return best;
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool inside_character = (byte & 0xC0U) == 0x80U;
    if (i >= kLongestQuote && !inside_character) {
      out += "...";
      break;
    }
    // C0, DEL, and C1 (U+0080 to U+009F) could drive a terminal.
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else if (c1) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else {
      out += text[i];
    }
  }
  return out + "'";
}

}  // namespace placer
