// What a rule does to the texts it takes: "| re: (\d+)", "| split: ,", "| join: , ", "| add: 1".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "scraper/extract/rules/path.h"

namespace re2 {
class RE2;
}

namespace placer {

// One filter. Immutable: safe for concurrent use. Movable.
//
//   re      RE2 pattern, found anywhere in the text: its first group, or all of the match when it
//           has none; texts that do not match are dropped
//   split   each text at every occurrence of the argument, the parts trimmed
//   join    all texts to one, with the argument between them
//   add     a whole number to each whole number; other texts are dropped
//
// Texts that end up empty are dropped.
class RuleFilter {
 public:
  // Columns count from the argument's first character, 1-based; 0: the name is at fault.
  static tl::expected<RuleFilter, RuleError> compile(std::string_view name,
                                                     std::string_view argument);

  void apply(std::vector<std::string>& texts) const;

  RuleFilter(RuleFilter&&) noexcept;
  RuleFilter& operator=(RuleFilter&&) noexcept;
  ~RuleFilter();

 private:
  enum class Kind : std::uint8_t { kRe, kSplit, kJoin, kAdd };

  RuleFilter();
  void apply_re(std::vector<std::string>& texts) const;
  void apply_split(std::vector<std::string>& texts) const;
  void apply_join(std::vector<std::string>& texts) const;
  void apply_add(std::vector<std::string>& texts) const;

  Kind kind_ = Kind::kRe;
  std::string argument_;
  std::int64_t addend_ = 0;
  std::unique_ptr<const re2::RE2> pattern_;
};

}  // namespace placer
