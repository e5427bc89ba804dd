#include "scraper/extract/embedded/dictionary_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "scraper/ascii.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxMembers = 40;  // looked at for the text of an object

std::optional<double> decimal_of(std::string_view text) {
  text = ascii::trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 32) return std::nullopt;
  std::string number(text);
  std::ranges::replace(number, ',', '.');
  double value = 0;
  const char* const last = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), last, value, std::chars_format::fixed);
  if (stop != last || error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::pair<double, double>> pair_of_text(std::string_view text) {
  text = ascii::trim(text.substr(0, 100));
  const bool well_known = text.starts_with("POINT");
  if (well_known) {
    const std::size_t open = text.find('(');
    const std::size_t close = text.find(')');
    if (open == text.npos || close == text.npos || close < open) return std::nullopt;
    text = ascii::trim(text.substr(open + 1, close - open - 1));
  }
  std::size_t cut = text.find_first_of(";|");
  if (cut == text.npos) cut = text.find(", ");
  if (cut == text.npos && std::ranges::count(text, ',') == 1 && text.find('.') != text.npos) {
    cut = text.find(',');
  }
  if (cut == text.npos) cut = text.find(' ');
  if (cut == text.npos) return std::nullopt;
  const auto first = decimal_of(text.substr(0, cut));
  const auto second = decimal_of(text.substr(cut + 1));
  if (!first || !second) return std::nullopt;
  return well_known ? std::pair(*second, *first) : std::pair(*first, *second);
}

}  // namespace

std::string plain_value(const json& value) {
  const json* at = &value;
  for (int depth = 0; depth < 3; ++depth) {
    if (at->is_string()) return std::string(ascii::trim(at->get_ref<const std::string&>()));
    if (at->is_number()) return at->dump();
    const json* inner = nullptr;
    if (at->is_array() && !at->empty()) inner = &at->front();
    if (at->is_object()) {
      for (const char* name : {"rendered", "value", "text", "#text", "number", "name", "url",
                               "display", "label", "code", "en"}) {
        const auto found = at->find(name);
        if (found != at->end() && !found->is_null()) {
          inner = &*found;
          break;
        }
      }
    }
    if (inner == nullptr) return {};
    at = inner;
  }
  return {};
}

std::optional<double> decimal_value(const json& value) {
  if (value.is_number()) {
    const double number = value.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }
  if (value.is_string()) return decimal_of(value.get_ref<const std::string&>());
  return std::nullopt;
}

std::optional<std::pair<double, double>> point_value(const json& value, bool lon_first) {
  if (value.is_string()) return pair_of_text(value.get_ref<const std::string&>());
  if (value.is_array() && value.size() >= 2 && value.size() <= 3) {
    const auto first = decimal_value(value[0]);
    const auto second = decimal_value(value[1]);
    if (!first || !second) return std::nullopt;
    return lon_first ? std::pair(*second, *first) : std::pair(*first, *second);
  }
  if (value.is_object() && value.size() <= kMaxMembers) {
    const auto x = value.find("x");
    const auto y = value.find("y");
    if (x == value.end() || y == value.end()) return std::nullopt;
    const auto longitude = decimal_value(*x);
    const auto latitude = decimal_value(*y);
    if (latitude && longitude) return std::pair(*latitude, *longitude);
  }
  return std::nullopt;
}

bool is_on_earth(double latitude, double longitude) {
  return std::abs(latitude) <= 90 && std::abs(longitude) <= 180 &&
         !(latitude == 0 && longitude == 0);
}

std::string street_of_line(std::string_view line, std::string_view postcode,
                           std::string_view city) {
  std::size_t cut = line.size();
  for (std::size_t comma = line.find_first_of(",\n"); comma != line.npos;
       comma = line.find_first_of(",\n", comma + 1)) {
    const std::string_view rest = ascii::trim(line.substr(comma + 1));
    const bool stated = (!postcode.empty() && rest.starts_with(postcode)) ||
                        (!city.empty() && rest.starts_with(city));
    if (comma == 0 || !stated) continue;
    cut = comma;
    break;
  }
  return std::string(ascii::trim(line.substr(0, cut)));
}

}  // namespace placer
