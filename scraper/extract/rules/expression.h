// Where a rule takes a value from: one line of a job file.
//
//   h2.name                        the text of each element that matches (page/selector.h)
//   a.tel @href                    an attribute of each
//   @data-id                       an attribute of the element that `each` chose
//   /stores/0/name  stores[*].id   in JSON and XML pages: a path (path.h)
//   = amenity=cafe                 a constant
//
// and behind any of them filters (filter.h): "@href | re: ^tel:(.*)", "/tags | join: \", \"".
// A filter begins at " | NAME:"; its argument may stand in quotes, without escapes. One text may be
// both a selector and a path ("name"): what the page is decides.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "scraper/extract/rules/filter.h"
#include "scraper/extract/rules/path.h"
#include "scraper/page/page.h"
#include "scraper/page/selector.h"

namespace placer {

// What expressions are taken from: a page, or one item of it. `element` or `value` is null.
struct RuleItem {
  Node element;
  Reach reach = Reach::kWithRoot;        // of selectors: a page's own root counts, an item does not
  const nlohmann::json* root = nullptr;  // the page's value
  const nlohmann::json* value = nullptr;
};

// The selector or path of an expression. Immutable: safe for concurrent use. Movable.
class RuleTarget {
 public:
  static constexpr std::size_t kMost = 50'000;  // of one page

  static tl::expected<RuleTarget, RuleError> compile(std::string_view text);

  // Each as an item of its own.
  std::vector<RuleItem> items(const RuleItem& item, SelectorBudget& budget) const;

 private:
  std::optional<Selector> selector_;
  std::optional<RulePath> path_;
};

// Immutable: safe for concurrent use. Movable.
class RuleExpression {
 public:
  static tl::expected<RuleExpression, RuleError> compile(std::string_view text);

  bool is_constant() const { return constant_.has_value(); }

  // What it yields, at most `most` values, none empty: texts (at most 16 KiB of each), or JSON as
  // it stands when there are no filters; arrays are opened.
  std::vector<nlohmann::json> take(const RuleItem& item, std::size_t most,
                                   SelectorBudget& budget) const;

 private:
  std::vector<nlohmann::json> values(const RuleItem& item, std::size_t most,
                                     SelectorBudget& budget) const;
  void add_text(const RuleItem& found, std::vector<nlohmann::json>& values,
                SelectorBudget& budget) const;

  std::optional<std::string> constant_;
  std::optional<RuleTarget> target_;  // neither: the item itself
  std::string attribute_;             // empty: the text
  std::vector<RuleFilter> filters_;
};

}  // namespace placer
