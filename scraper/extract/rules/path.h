// Paths into JSON, as rules write them.
//
//   /stores/0/name      JSON Pointer (RFC 6901), where a "*" stands for every element
//   stores[*].name      the same with dots: names, [3], [*], .*, ["any.name"]
//   $.stores            from the document's root, also where `each` has chosen an item
//
// Nothing else of JSONPath is read: no "..", no slices, no filters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "scraper/page/selector.h"

namespace placer {

using RuleError = SelectorError;  // column in the text of an expression, and what is wrong

// Immutable: safe for concurrent use.
class RulePath {
 public:
  static tl::expected<RulePath, RuleError> compile(std::string_view text);

  // The values it leads to from `item` (or from `root`), in document order, at most `most`; nulls
  // are left out. Each value passed counts down the budget.
  std::vector<const nlohmann::json*> select(const nlohmann::json& root, const nlohmann::json& item,
                                            std::size_t most, SelectorBudget& budget) const;

 private:
  enum class StepKind : std::uint8_t {
    kName,   // a member
    kIndex,  // an element of an array
    kToken,  // of a pointer: either
    kEach,   // every element or member
  };
  struct Step {
    StepKind kind = StepKind::kName;
    std::string name;
    std::size_t index = 0;  // kNoIndex: the token is no number
  };
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

  static tl::expected<RulePath, RuleError> compile_pointer(std::string_view text);
  static tl::expected<RulePath, RuleError> compile_dotted(std::string_view text);
  static const nlohmann::json* follow(const Step& step, const nlohmann::json& value);

  bool from_root_ = false;
  std::vector<Step> steps_;
};

}  // namespace placer
