#include "scraper/extract/rules/path.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "scraper/ascii.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMostSteps = 64;

// RFC 6901, section 4: digits without leading zeros.
bool read_index(std::string_view text, std::size_t& index) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  return error == std::errc() && end == text.data() + text.size();
}

// Of names that stand without quotes: so few that a mistaken selector is hardly ever a path.
bool is_name_character(char c) {
  return ascii::is_letter(c) || ascii::is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_-$@").find(c) != std::string_view::npos;
}

tl::unexpected<RuleError> fault(std::size_t position, std::string message) {
  return tl::unexpected(RuleError{position + 1, std::move(message)});
}

}  // namespace

tl::expected<RulePath, RuleError> RulePath::compile(std::string_view text) {
  auto path = text.starts_with('/') ? compile_pointer(text) : compile_dotted(text);
  if (path && path->steps_.size() > kMostSteps) return fault(0, "a path of more than 64 steps");
  return path;
}

tl::expected<RulePath, RuleError> RulePath::compile_pointer(std::string_view text) {
  RulePath path;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('/', begin + 1), text.size());
    Step step;
    step.kind = StepKind::kToken;
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (text[i] != '~') {
        step.name += text[i];
        continue;
      }
      ++i;
      if (i >= end || (text[i] != '0' && text[i] != '1')) {
        return fault(i - 1, "in a JSON Pointer '~' is written '~0', and '/' in a name '~1'");
      }
      step.name += text[i] == '0' ? '~' : '/';
    }
    if (!read_index(step.name, step.index)) step.index = kNoIndex;
    if (step.name == "*") step.kind = StepKind::kEach;
    path.steps_.push_back(std::move(step));
    begin = end;
  }
  return path;
}

tl::expected<RulePath, RuleError> RulePath::compile_dotted(std::string_view text) {
  RulePath path;
  std::size_t at = 0;
  if (text.starts_with('$') && (text.size() == 1 || text[1] == '.' || text[1] == '[')) {
    path.from_root_ = true;
    at = 1;
  }
  while (at < text.size() || (path.steps_.empty() && !path.from_root_)) {
    Step step;
    if (at < text.size() && text[at] == '[') {
      const char quote = at + 1 < text.size() ? text[at + 1] : '\0';
      const bool quoted = quote == '"' || quote == '\'';
      const std::size_t begin = at + (quoted ? 2 : 1);
      const std::string_view closing = !quoted ? "]" : quote == '"' ? "\"]" : "']";
      const std::size_t end = text.find(closing, begin);
      if (end == std::string_view::npos) return fault(at, "this '[' is not closed");
      step.name = text.substr(begin, end - begin);
      step.kind = StepKind::kIndex;
      if (quoted) {
        step.kind = StepKind::kName;
      } else if (step.name == "*") {
        step.kind = StepKind::kEach;
      } else if (!read_index(step.name, step.index)) {
        return fault(begin, "expected a number, '*' or a name in quotes");
      }
      at = end + closing.size();
    } else {
      const bool first = path.steps_.empty() && !path.from_root_;
      if (!first && text[at] != '.') return fault(at, "expected '.' or '['");
      const std::size_t begin = at + (first ? 0 : 1);
      const std::size_t end = std::min(text.find_first_of(".[", begin), text.size());
      step.name = text.substr(begin, end - begin);
      const auto odd = std::ranges::find_if_not(step.name, is_name_character);
      if (odd != step.name.end() && step.name != "*") {
        return fault(begin + static_cast<std::size_t>(odd - step.name.begin()),
                     "this may not stand in a name; write [\"...\"]");
      }
      if (step.name.empty()) return fault(begin, "expected a name");
      if (step.name == "*") step.kind = StepKind::kEach;
      at = end;
    }
    path.steps_.push_back(std::move(step));
  }
  return path;
}

const json* RulePath::follow(const Step& step, const json& value) {
  if (value.is_array()) {
    const bool counts = step.kind == StepKind::kIndex || step.kind == StepKind::kToken;
    return counts && step.index < value.size() ? &value[step.index] : nullptr;
  }
  if (!value.is_object() || step.kind == StepKind::kIndex) return nullptr;
  const auto member = value.find(step.name);
  return member == value.end() ? nullptr : &*member;
}

std::vector<const json*> RulePath::select(const json& root, const json& item, std::size_t most,
                                          SelectorBudget& budget) const {
  std::vector<const json*> found = {from_root_ ? &root : &item};
  for (const Step& step : steps_) {
    std::vector<const json*> next;
    for (const json* value : found) {
      if (step.kind != StepKind::kEach) {
        budget.steps -= std::min<std::uint64_t>(budget.steps, 1);
        if (const json* inner = follow(step, *value)) next.push_back(inner);
      } else if (value->is_structured()) {
        for (const json& inner : *value) {
          if (next.size() >= most) break;
          next.push_back(&inner);
        }
        budget.steps -= std::min<std::uint64_t>(budget.steps, next.size());
      }
      if (budget.used_up() || next.size() >= most) break;
    }
    found = std::move(next);
  }
  std::erase_if(found, [](const json* value) { return value->is_null(); });
  return found;
}

}  // namespace placer
