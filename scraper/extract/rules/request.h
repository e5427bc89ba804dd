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
  static constexpr std::size_t kMost = 50'000;             // requests of one page
  static constexpr std::size_t kLongestUrl = 2048;         // bytes; as the frontier takes them
  static constexpr std::size_t kLongestBody = 16UL << 10;  // the same
  static constexpr std::size_t kMostBytes = 4UL << 20;     // of all requests of one page

  enum class Encoding : std::uint8_t { kPercent, kForm, kJson };  // of values in a template

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
  // Longer URLs and bodies are left out. `bytes` is what the page's requests may still have: what
  // was written is taken off it, and the rest is not made once it is used up.
  std::vector<Link> links(const std::vector<std::vector<std::string>>& taken,
                          std::size_t& bytes) const;

 private:
  using Texts = std::vector<const std::string*>;  // one of each of values()

  // False when the template, filled, is longer than `longest`; `out` is then its beginning.
  bool fill(const std::string& text, const Texts& texts, Encoding encoding, std::size_t longest,
            std::string& out) const;

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
