#include "scraper/place/values.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scraper/place/text.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxValues = 200;
constexpr std::size_t kMaxText = 64 * 1024;  // bytes of one string that are looked at
constexpr std::size_t kMaxDepth = 100;

const json* member(const json& node, std::string_view property) {
  if (!node.is_object()) return nullptr;
  const auto found = node.find(property);
  return found == node.end() ? nullptr : &*found;
}

bool is_placeholder(const std::string& text) {
  constexpr std::string_view kNothing[] = {"undefined", "null", "n/a", "nan", "[object object]",
                                           "-",         "--",   ".",   "?"};
  const std::string lower = lower_ascii(text);
  return std::find(std::begin(kNothing), std::end(kNothing), lower) != std::end(kNothing) ||
         (text.find("{{") != std::string::npos && text.find("}}") != std::string::npos);
}

const json& unwrapped(const json& value) {
  const json* inner = member(value, "@value");
  return inner != nullptr ? *inner : value;
}

bool in_language(const json& value, std::string_view language) {
  const json* tag = member(value, "@language");
  if (tag == nullptr || !tag->is_string() || language.empty()) return false;
  const auto primary = [](std::string_view code) {
    return lower_ascii(code.substr(0, code.find_first_of("-_")));
  };
  return primary(tag->get_ref<const std::string&>()) == primary(language);
}

template <class Read>
std::optional<std::string> first(const json& node, std::string_view property,
                                 std::string_view language, Read read) {
  std::optional<std::string> any;
  for (const json* value : values_of(node, property)) {
    auto text = read(*value);
    if (!text) continue;
    if (language.empty() || in_language(*value, language)) return text;
    if (!any) any = std::move(text);
  }
  return any;
}

bool deeper_than(const json& value, std::size_t limit) {
  std::vector<std::pair<const json*, std::size_t>> open = {{&value, 1}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    if (!node->is_structured()) continue;
    if (depth > limit) return true;
    for (const json& child : *node) {
      if (child.is_structured()) open.emplace_back(&child, depth + 1);
    }
  }
  return false;
}

// As JSON text, with the controls escaped that may stand bare in it: DEL and C1.
std::string written(const json& value) {
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  const auto control_at = [&text](std::size_t i) -> unsigned char {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0x7F) return byte;
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    return byte == 0xC2 && next < 0xA0 ? next : 0;
  };
  if (text.find('\x7F') == std::string::npos && text.find('\xC2') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char control = control_at(i);
    if (control == 0) {
      out += text[i];
      continue;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    out.append("\\u00").append(1, kDigits[control >> 4U]).append(1, kDigits[control & 0xFU]);
    if (control != 0x7F) ++i;
  }
  return out;
}

}  // namespace

std::vector<const json*> values_of(const json& node, std::string_view property) {
  std::vector<const json*> values;
  const json* all = member(node, property);
  if (all == nullptr) return values;
  const auto add = [&values](const json& value) {
    if (!value.is_null() && !value.is_array() && values.size() < kMaxValues) {
      values.push_back(&value);
    }
  };
  if (!all->is_array()) {
    add(*all);
    return values;
  }
  for (const json& value : *all) {
    if (value.is_array()) {
      for (const json& inner : value) add(inner);
    } else {
      add(value);
    }
  }
  return values;
}

std::optional<std::string> text_of(const json& value) {
  const json& scalar = unwrapped(value);
  std::string text;
  if (scalar.is_string()) {
    const auto& written = scalar.get_ref<const std::string&>();
    text = plain_text(std::string_view(written).substr(0, kMaxText));
  } else if (scalar.is_number()) {
    text = scalar.dump();
  }
  if (text.empty() || is_placeholder(text)) return std::nullopt;
  return text;
}

std::optional<std::string> name_of(const json& value) {
  if (auto text = text_of(value)) return text;
  return first_text(value, "name");
}

std::optional<std::string> first_text(const json& node, std::string_view property,
                                      std::string_view language) {
  return first(node, property, language, text_of);
}

std::optional<std::string> first_name(const json& node, std::string_view property,
                                      std::string_view language) {
  return first(node, property, language, name_of);
}

std::optional<std::string> link_of(const json& value) {
  if (auto text = text_of(value)) return text;
  for (const char* property : {"contentUrl", "url", "@id"}) {
    if (auto text = first_text(value, property)) return text;
  }
  return std::nullopt;
}

std::optional<double> number_of(const json& value) {
  const json& scalar = unwrapped(value);
  if (scalar.is_number()) {
    const double number = scalar.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }
  if (const auto text = text_of(scalar)) return parse_decimal(*text);
  return std::nullopt;
}

std::optional<bool> boolean_of(const json& value) {
  const json& scalar = unwrapped(value);
  if (scalar.is_boolean()) return scalar.get<bool>();
  auto text = text_of(scalar);
  if (!text) return std::nullopt;
  std::string word = lower_ascii(*text);
  word.erase(0, word.rfind('/') + 1);
  if (word == "true" || word == "yes" || word == "1") return true;
  if (word == "false" || word == "no" || word == "0") return false;
  return std::nullopt;
}

std::string compact_json(const json& fields) {
  if (!fields.is_object()) return "{}";
  if (!deeper_than(fields, kMaxDepth)) return written(fields);
  std::string out = "{";
  for (const auto& [property, value] : fields.items()) {
    if (deeper_than(value, kMaxDepth - 1)) continue;
    if (out.size() > 1) out += ',';
    out += written(json(property)) + ':' + written(value);
  }
  return out + '}';
}

}  // namespace placer
