#include "scraper/cli/inspect/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "scraper/cli/terminal.h"
#include "scraper/extract/rules/parts.h"
#include "scraper/place/text.h"

namespace placer::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLongestShown = 120;  // bytes

class TracedRules : public Rules {
 public:
  TracedRules(const std::vector<RuleOptions>& rules, RuleTrace& trace)
      : Rules(rules), trace_(trace) {}

  Extraction read(const Page& page) const override {
    trace_ = trace(page);
    return Rules::read(page);
  }

 private:
  RuleTrace& trace_;
};

bool is_given(const RulePart& part) { return part.key != "each" || !part.expressions.empty(); }

}  // namespace

std::unique_ptr<Extractor> RulesOnPage::extractor() {
  return std::make_unique<TracedRules>(rules_, trace_);
}

void RulesOnPage::print() const {
  const std::vector<RulePart> parts = rule_parts(rules_);
  fmt::print("\nrules         {}\n", rules_.size());
  if (trace_.parts.size() != parts.size()) {
    fmt::print("   none was asked: the page could not be read\n");
    return;
  }
  bool matches = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const RulePart& part = parts[i];
    const RuleTaken& taken = trace_.parts[i];
    if (part.key == "when") {
      matches = taken.count > 0;
      fmt::print("\nrule {} (line {}): when {} {}\n", part.rule + 1, part.mark.line,
                 printable(part.expressions), matches ? "matches" : "is not true of this URL");
      continue;
    }
    if (!matches || !is_given(part)) continue;
    std::string value = taken.count == 0 ? "nothing" : shortened(taken.first, kLongestShown);
    if (taken.count > 1) value = fmt::format("{} x, first: {}", taken.count, value);
    fmt::print("   {:<22}{:<32} {}\n", printable(part.key), printable(part.expressions),
               printable(value));
  }
  if (trace_.cut_short) fmt::print("\ncut short: the rules ask for too much work on this page\n");
}

ordered_json RulesOnPage::to_json() const {
  const std::vector<RulePart> parts = rule_parts(rules_);
  ordered_json rules = ordered_json::array();
  if (trace_.parts.size() != parts.size()) return rules;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const RulePart& part = parts[i];
    if (part.key == "when") {
      rules.push_back({{"rule", part.rule + 1},
                       {"line", part.mark.line},
                       {"when", part.expressions},
                       {"matches", trace_.parts[i].count > 0},
                       {"parts", ordered_json::array()}});
    } else if (is_given(part)) {
      ordered_json shown = {{"key", part.key},
                            {"expression", part.expressions},
                            {"count", trace_.parts[i].count},
                            {"first", nullptr}};
      if (trace_.parts[i].count > 0)
        shown["first"] = shortened(trace_.parts[i].first, kLongestShown);
      rules.back()["parts"].push_back(std::move(shown));
    }
  }
  return rules;
}

}  // namespace placer::cli
