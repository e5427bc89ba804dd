// Requests that a rule makes of what a page states: API pages with page tokens, details by id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "scraper/extract/rules/expression.h"

namespace placer {

// A RuleRequest compiled; expressions that do not compile yield nothing. Immutable, movable.
class RuleRequestMaker {
 public:
  static constexpr std::size_t kMost = 50'000;  // requests of one page

  explicit RuleRequestMaker(const RuleRequest& request);

  struct Value {
    std::string name;
    std::vector<RuleExpression> expressions;
  };
  const std::vector<Value>& values() const { return values_; }

  // The links for the values of each {name}, given in the order of values(): the n-th link takes
  // the n-th value of each, and a name with one value has it in all. None when a name has no value.
  // In URLs values are percent-encoded, in JSON bodies escaped as strings are, in other bodies
  // encoded as forms are.
  std::vector<Link> links(const std::vector<std::vector<std::string>>& taken) const;

 private:
  std::string url_;
  std::string body_;
  std::vector<Value> values_;
};

// The first of `expressions` that yields something; empty when none does.
std::vector<nlohmann::json> take_first(const std::vector<RuleExpression>& expressions,
                                       const RuleItem& item, std::size_t most,
                                       SelectorBudget& budget);

// Those of a job file that compile; all do when check.h has nothing to say.
std::vector<RuleExpression> compile_all(const std::vector<RuleText>& texts);

}  // namespace placer
