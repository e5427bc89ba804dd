#include "scraper/extract/rules/parts.h"

#include <fmt/core.h>

#include <algorithm>

namespace placer {
namespace {

bool is_constant(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin != std::string::npos && text[begin] == '=';
}

RulePart part_of_field(std::size_t rule, std::string key, const RuleField& field) {
  RulePart part;
  part.rule = rule;
  part.key = std::move(key);
  part.mark = field.mark;
  for (const RuleText& text : field.expressions) {
    part.expressions += (part.expressions.empty() ? "" : " or ") + text.text;
    part.constant = part.constant || is_constant(text.text);
  }
  return part;
}

}  // namespace

std::vector<RulePart> rule_parts(const std::vector<RuleOptions>& rules) {
  std::vector<RulePart> parts;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RuleOptions& rule = rules[i];
    parts.push_back({i, "when", rule.when.text, rule.mark, false});
    parts.push_back({i, "each", rule.each.text, rule.each.mark, rule.each.text.empty()});
    for (const RuleField& field : rule.place) {
      parts.push_back(part_of_field(i, "place." + field.name, field));
    }
    for (const RuleText& text : rule.follow) {
      parts.push_back({i, "follow", text.text, text.mark, is_constant(text.text)});
    }
    for (const RuleRequest& request : rule.requests) {
      for (const RuleField& value : request.values) {
        parts.push_back(part_of_field(i, "follow." + value.name, value));
      }
    }
  }
  return parts;
}

void RuleUse::add(const std::vector<std::uint32_t>& hits) {
  if (hits.size() != hits_.size()) return;
  for (std::size_t i = 0; i < hits.size(); ++i) hits_[i] += hits[i];
  ++pages_;
}

std::vector<std::string> RuleUse::unused() const {
  std::vector<std::string> lines;
  if (pages_ == 0) return lines;
  std::uint64_t pages = 0;  // of the rule at hand
  bool has_items = true;
  const auto name = [](const RulePart& part) {
    return part.mark.line > 0 ? fmt::format("rule {} (line {})", part.rule + 1, part.mark.line)
                              : fmt::format("rule {}", part.rule + 1);
  };
  const auto on_pages = [&pages] { return pages == 1 ? "1 page" : fmt::format("{} pages", pages); };
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const RulePart& part = parts_[i];
    const bool never = hits_[i] == 0 && !part.constant;
    if (part.key == "when") {
      pages = hits_[i];
      if (never) {
        lines.push_back(fmt::format("{}: when `{}` is true of none of {} pages", name(part),
                                    part.expressions, pages_));
      }
      continue;
    }
    if (part.key == "each") has_items = !never;
    if (!never || pages == 0 || (!has_items && part.key != "each")) continue;
    lines.push_back(fmt::format("{}: {} `{}` matched nothing on {}", name(part), part.key,
                                part.expressions, on_pages()));
  }
  if (hits_.back() > 0) {
    lines.push_back(fmt::format(
        "the rules were cut short on {} pages: they ask for too much work there", hits_.back()));
  }
  return lines;
}

}  // namespace placer
