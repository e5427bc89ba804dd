#include "scraper/page/selector_state.h"

#include <algorithm>
#include <array>
#include <string>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::array<std::string_view, 46> kCaselessValues = {
    "accept",     "accept-charset", "align",     "alink",    "axis",     "bgcolor", "charset",
    "checked",    "clear",          "codetype",  "color",    "compact",  "declare", "defer",
    "dir",        "direction",      "disabled",  "enctype",  "face",     "frame",   "hreflang",
    "http-equiv", "lang",           "language",  "link",     "media",    "method",  "multiple",
    "nohref",     "noresize",       "noshade",   "nowrap",   "readonly", "rel",     "rev",
    "rules",      "scope",          "scrolling", "selected", "shape",    "target",  "text",
    "type",       "valign",         "valuetype", "vlink"};
static_assert(std::ranges::is_sorted(kCaselessValues));

bool same(std::string_view a, std::string_view b, bool ignore_case) {
  return ignore_case ? ascii::equals_ignoring_case(a, b) : a == b;
}

bool is_word_of(std::string_view value, std::string_view wanted, bool ignore_case) {
  while (!value.empty()) {
    const std::size_t begin = value.find_first_not_of(ascii::kWhiteSpace);
    if (begin == std::string_view::npos) return false;
    value.remove_prefix(begin);
    const std::size_t end = std::min(value.find_first_of(ascii::kWhiteSpace), value.size());
    if (same(value.substr(0, end), wanted, ignore_case)) return true;
    value.remove_prefix(end);
  }
  return false;
}

using ascii::is_one_of;

std::string_view next_subtag(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('-'), rest.size());
  const std::string_view subtag = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return subtag;
}

}  // namespace

bool is_link(Node element) {
  return element.is_html() && is_one_of(element.tag(), {"a", "area"}) &&
         element.attribute("href").has_value();
}

bool can_be_disabled(Node element) {
  return element.is_html() && is_one_of(element.tag(), {"button", "input", "select", "textarea",
                                                        "optgroup", "option", "fieldset"});
}

bool can_be_required(Node element) {
  return element.is_html() && is_one_of(element.tag(), {"input", "select", "textarea"});
}

bool is_checked(Node element) {
  if (element.tag() == "option") return element.attribute("selected").has_value();
  if (element.tag() != "input" || !element.attribute("checked")) return false;
  const std::string_view type = element.attribute("type").value_or("");
  return ascii::equals_ignoring_case(type, "checkbox") ||
         ascii::equals_ignoring_case(type, "radio");
}

bool ignores_case_of_values(std::string_view name) {
  return std::ranges::binary_search(kCaselessValues, name);
}

bool passes(AttributeTest test, std::string_view value, std::string_view wanted, bool ignore_case) {
  if (test == AttributeTest::kExists) return true;
  if (test == AttributeTest::kEquals) return same(value, wanted, ignore_case);
  if (test == AttributeTest::kDash) {
    return same(value.substr(0, wanted.size()), wanted, ignore_case) &&
           (value.size() == wanted.size() ||
            (value.size() > wanted.size() && value[wanted.size()] == '-'));
  }
  if (wanted.empty() || value.size() < wanted.size()) return false;
  switch (test) {
    case AttributeTest::kIncludes:
      return is_word_of(value, wanted, ignore_case);
    case AttributeTest::kPrefix:
      return same(value.substr(0, wanted.size()), wanted, ignore_case);
    case AttributeTest::kSuffix:
      return same(value.substr(value.size() - wanted.size()), wanted, ignore_case);
    default: {
      if (!ignore_case) return value.find(wanted) != std::string_view::npos;
      const auto same_letter = [](char a, char b) { return ascii::lower(a) == ascii::lower(b); };
      return std::search(value.begin(), value.end(), wanted.begin(), wanted.end(), same_letter) !=
             value.end();
    }
  }
}

bool is_in_range(std::string_view language, std::string_view range) {
  if (language.empty() || range.empty()) return language.empty() && range.empty();
  const std::string_view first = next_subtag(range);
  if (const std::string_view subtag = next_subtag(language);
      first != "*" && !ascii::equals_ignoring_case(subtag, first)) {
    return false;
  }
  while (!range.empty()) {
    const std::string_view wanted = next_subtag(range);
    if (wanted == "*") continue;
    while (true) {
      if (language.empty()) return false;
      const std::string_view subtag = next_subtag(language);
      if (ascii::equals_ignoring_case(subtag, wanted)) break;
      if (subtag.size() == 1) return false;  // a singleton begins an extension
    }
  }
  return true;
}

}  // namespace placer
