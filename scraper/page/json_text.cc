#include "scraper/page/json_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "scraper/page/json_repair.h"
#include "scraper/utf8.h"

namespace placer {
namespace {

using nlohmann::json;

struct Extent {
  std::size_t depth = 0;
  std::size_t values = 1;
};

// Exact for JSON; for text that is not, exact up to its first error, where parsing ends.
Extent extent_of(std::string_view text) {
  Extent extent;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      extent.depth = std::max(extent.depth, ++depth);
      ++extent.values;
    } else if (c == ']' || c == '}') {
      if (depth > 0) --depth;
    } else if (c == ',') {
      ++extent.values;
    }
  }
  return extent;
}

std::optional<json> read_strict(std::string_view text, JsonBudget& budget) {
  const Extent extent = extent_of(text);
  // One level more than asked for: several documents in a row were put into one array.
  if (extent.depth > budget.depth + 1 || extent.values > budget.values) return std::nullopt;
  json value = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return std::nullopt;
  budget.values -= extent.values;
  return value;
}

std::optional<json> read_repaired(std::string_view text, JsonBudget& budget) {
  const auto repaired = repair_json(text, budget.depth);
  if (!repaired) return std::nullopt;
  return read_strict(*repaired, budget);
}

// The code point a reference stands for, "#39" or "quot"; 0 when it is none of those known here.
std::uint32_t referenced(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> kNamed = {
      {{"amp", '&'}, {"apos", '\''}, {"gt", '>'}, {"lt", '<'}, {"nbsp", 0xA0}, {"quot", '"'}}};
  for (const auto& [known, code] : kNamed) {
    if (name == known) return code;
  }
  if (!name.starts_with('#')) return 0;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  if (name.empty() || name.size() > 7) return 0;
  std::uint32_t code = 0;
  for (const char c : name) {
    if (c >= '0' && c <= '9') {
      code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(c - '0');
    } else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      code = code * 16 + static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return 0;
    }
  }
  return code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) ? 0 : code;
}

// `text` with numeric character references and those of `referenced` decoded.
std::string decode_references(std::string_view text) {
  constexpr std::size_t kLongest = 9;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('&'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t end = text.substr(0, kLongest + 2).find(';');
    const std::uint32_t code =
        end == std::string_view::npos ? 0 : referenced(text.substr(1, end - 1));
    if (code == 0) {
      out += '&';
      text.remove_prefix(1);
    } else {
      append_utf8(code, out);
      text.remove_prefix(end + 1);
    }
  }
  return out;
}

}  // namespace

std::optional<json> read_json(std::string_view text, JsonBudget& budget) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::nullopt;
  if (auto value = read_strict(text, budget)) return value;
  if (auto value = read_repaired(text, budget)) return value;
  if (text.find('&') == std::string_view::npos) return std::nullopt;
  const std::string decoded = decode_references(text);
  if (auto value = read_strict(decoded, budget)) return value;
  return read_repaired(decoded, budget);
}

std::optional<json> read_json(std::string_view text) {
  JsonBudget budget;
  return read_json(text, budget);
}

}  // namespace placer
