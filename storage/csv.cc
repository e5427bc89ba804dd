#include "storage/csv.h"

#include <algorithm>
#include <array>

namespace placer {
namespace {

// What spreadsheets skip before they look for a formula.
std::string_view without_leading_space(std::string_view text) {
  constexpr std::array<std::string_view, 5> kSpaces = {" ", "\u00a0", "\ufeff", "\u200b", "\u3000"};
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view space : kSpaces) {
      if (text.starts_with(space)) {
        text.remove_prefix(space.size());
        found = true;
      }
    }
  }
  return text;
}

bool looks_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 11> kTriggers = {
      "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::string_view seen = without_leading_space(text);
  return std::any_of(kTriggers.begin(), kTriggers.end(),
                     [seen](std::string_view trigger) { return seen.starts_with(trigger); });
}

}  // namespace

std::string csv_cell(std::string_view text) {
  if (!looks_like_formula(text)) return csv_cell_raw(text);
  std::string cell = "'";
  cell += text;
  return csv_cell_raw(cell);
}

std::string csv_cell_raw(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace placer
