#include "scraper/extract/rules/expression.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 16UL << 10;  // bytes
constexpr std::size_t kMostInValue = 500;         // values within one that is taken as it stands

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// An error found in a part of `whole`, in columns of `whole`.
RuleError moved(RuleError error, std::string_view whole, std::string_view part) {
  const auto before = static_cast<std::size_t>(part.data() - whole.data());
  error.column += characters(whole.substr(0, before));
  return error;
}

bool is_filter_at(std::string_view text, std::size_t bar) {
  if (bar == 0 || !ascii::is_space(text[bar - 1])) return false;
  std::size_t at = bar + 1;
  while (at < text.size() && ascii::is_space(text[at])) ++at;
  const std::size_t name = at;
  while (at < text.size() && ascii::is_letter(text[at])) ++at;
  return at > name && at < text.size() && text[at] == ':';
}

// Where the first filter begins in `text` (its '|'), or the end. Quotes hide it when they count.
std::size_t find_filter(std::string_view text, bool quotes_count) {
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (quotes_count && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '|' && is_filter_at(text, i)) {
      return i;
    }
  }
  return text.size();
}

// The argument at the front of `rest`, which is cut off up to the next filter.
std::string_view take_argument(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\n"), rest.size()));
  const char quote = rest.empty() ? '\0' : rest[0];
  if (quote == '"' || quote == '\'') {
    // The quote that closes it stands before the next filter or at the end.
    for (std::size_t end = rest.find(quote, 1); end != std::string_view::npos;
         end = rest.find(quote, end + 1)) {
      const std::string_view behind = rest.substr(end + 1);
      const std::size_t next = std::min(behind.find_first_not_of(" \t\n"), behind.size());
      if (next < behind.size() && !(behind[next] == '|' && is_filter_at(behind, next))) continue;
      const std::string_view argument = rest.substr(1, end - 1);
      rest = behind.substr(next);
      return argument;
    }
  }
  const std::size_t end = find_filter(rest, /*quotes_count=*/false);
  const std::string_view argument = ascii::trim(rest.substr(0, end));
  rest.remove_prefix(end);
  return argument;
}

bool is_attribute_name(std::string_view name) {
  return !name.empty() && name.find_first_of(" \t\n\"'>/=@|[](){}") == std::string_view::npos;
}

bool looks_like_path(std::string_view text) {
  return text.starts_with('/') || text.starts_with('$') || text.find("[*]") != text.npos;
}

void charge(SelectorBudget& budget, std::uint64_t steps) {
  budget.steps -= std::min(budget.steps, steps);
}

// The text of an element; that of a script or template as it stands. Counts what reading costs.
std::string text_of_element(Node element, SelectorBudget& budget) {
  for (Node node = element; node && !budget.used_up(); node = node.next_below(element)) {
    charge(budget, 4 + node.text().size() / 16);
  }
  if (budget.used_up()) return {};
  const std::string_view tag = element.tag();
  const bool unseen = tag == "script" || tag == "style" || tag == "template" || tag == "noscript";
  return unseen ? std::string(ascii::trim(text_content(element))) : visible_text(element);
}

// Few enough values to be part of a place. Counts what copying them costs.
bool is_small(const json& value, SelectorBudget& budget) {
  std::vector<const json*> open = {&value};
  std::size_t seen = 0;
  while (!open.empty() && !budget.used_up()) {
    const json& next = *open.back();
    open.pop_back();
    if (++seen > kMostInValue) return false;
    charge(budget, next.is_string() ? 1 + next.get_ref<const std::string&>().size() / 16 : 1);
    if (!next.is_structured()) continue;
    if (next.size() > kMostInValue) return false;
    for (const json& inner : next) open.push_back(&inner);
  }
  return !budget.used_up();
}

std::string text_of_value(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_structured()) return {};
  return value.dump();
}

}  // namespace

tl::expected<RuleTarget, RuleError> RuleTarget::compile(std::string_view text) {
  RuleTarget target;
  auto path = RulePath::compile(text);
  auto selector = Selector::compile(text);
  if (!path && !selector) {
    return tl::unexpected(looks_like_path(text) ? path.error() : selector.error());
  }
  if (path) target.path_ = *std::move(path);
  if (selector) target.selector_ = *std::move(selector);
  return target;
}

std::vector<RuleItem> RuleTarget::items(const RuleItem& item, SelectorBudget& budget) const {
  std::vector<RuleItem> items;
  if (item.element && selector_) {
    for (const Node node : selector_->select(item.element, budget, item.reach)) {
      if (items.size() >= kMost) break;
      items.push_back({node, Reach::kBelow, nullptr, nullptr});
    }
  }
  if (item.value != nullptr && path_) {
    for (const json* value : path_->select(*item.root, *item.value, kMost, budget)) {
      items.push_back({Node(), Reach::kBelow, item.root, value});
    }
  }
  return items;
}

tl::expected<RuleExpression, RuleError> RuleExpression::compile(std::string_view text) {
  RuleExpression expression;
  const bool constant = ascii::trim(text).starts_with('=');
  const std::size_t end = find_filter(text, !constant);
  std::string_view source = ascii::trim(text.substr(0, end));
  if (constant) {
    expression.constant_ = ascii::trim(source.substr(1));
    if (expression.constant_->empty()) return tl::unexpected(RuleError{1, "an empty constant"});
  } else {
    const std::size_t at = source.rfind('@');
    const bool attribute = at != source.npos && (at == 0 || ascii::is_space(source[at - 1])) &&
                           (at + 1 == source.size() || is_attribute_name(source.substr(at + 1)));
    if (attribute) {
      expression.attribute_ = ascii::lower_case(source.substr(at + 1));
      if (expression.attribute_.empty()) {
        return tl::unexpected(
            moved({1, "expected an attribute's name behind '@'"}, text, source.substr(at)));
      }
      source = ascii::trim(source.substr(0, at));
    }
    if (!attribute || !source.empty()) {
      auto target = RuleTarget::compile(source);
      if (!target) {
        return tl::unexpected(
            moved(std::move(target.error()), text, source.empty() ? text.substr(0, 0) : source));
      }
      expression.target_ = *std::move(target);
    }
  }
  std::string_view rest = text.substr(end);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\n"), rest.size()));
    const std::string_view name = rest.substr(0, rest.find(':'));
    rest.remove_prefix(name.size() + 1);
    const std::string_view argument = take_argument(rest);
    auto filter = RuleFilter::compile(name, argument);
    if (!filter) {
      const bool by_name = filter.error().column == 0;
      if (by_name) filter.error().column = 1;
      return tl::unexpected(
          moved(std::move(filter.error()), text, by_name || argument.empty() ? name : argument));
    }
    expression.filters_.push_back(*std::move(filter));
  }
  return expression;
}

void RuleExpression::add_text(const RuleItem& found, std::vector<json>& values,
                              SelectorBudget& budget) const {
  std::string text;
  if (attribute_.empty()) {
    text = text_of_element(found.element, budget);
  } else if (const auto value = found.element.attribute(attribute_)) {
    charge(budget, value->size() / 64);
    text = ascii::trim(*value);
  }
  if (!text.empty()) values.emplace_back(std::move(text));
}

std::vector<json> RuleExpression::values(const RuleItem& item, std::size_t most,
                                         SelectorBudget& budget) const {
  std::vector<json> values;
  if (constant_) return {*constant_};
  for (const RuleItem& found : target_ ? target_->items(item, budget) : std::vector{item}) {
    if (values.size() >= most || budget.used_up()) break;
    if (found.element) {
      add_text(found, values, budget);
      continue;
    }
    const json* value = found.value;
    if (value == nullptr) continue;
    if (!attribute_.empty()) {  // XML: xml_text.h writes attributes so
      const auto member = value->is_object() ? value->find("@" + attribute_) : value->end();
      if (!value->is_object() || member == value->end()) continue;
      value = &*member;
    }
    if (attribute_.empty() && value->is_object()) {  // XML: text beside attributes or elements
      if (const auto text = value->find("#text"); text != value->end()) value = &*text;
    }
    const bool is_list = value->is_array();
    for (std::size_t i = 0; i < (is_list ? value->size() : 1) && values.size() < most; ++i) {
      const json& one = is_list ? (*value)[i] : *value;
      if (!one.is_null() && is_small(one, budget)) values.push_back(one);
    }
  }
  return values;
}

std::vector<json> RuleExpression::take(const RuleItem& item, std::size_t most,
                                       SelectorBudget& budget) const {
  std::vector<json> taken = values(item, most, budget);
  if (!filters_.empty()) {
    std::vector<std::string> texts;
    for (const json& value : taken) {
      if (std::string text = text_of_value(value); !text.empty()) texts.push_back(std::move(text));
    }
    for (const RuleFilter& filter : filters_) filter.apply(texts);
    if (texts.size() > most) texts.resize(most);
    taken.assign(texts.begin(), texts.end());
  }
  for (json& value : taken) {
    if (!value.is_string()) continue;
    auto& text = value.get_ref<std::string&>();
    if (text.size() > kLongestText) text = shortened(std::move(text), kLongestText);
  }
  std::erase_if(taken, [](const json& value) { return value == "" || value.empty(); });
  return taken;
}

}  // namespace placer
