// Does an element match? A compiled selector against a tree, from right to left.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scraper/page/selector.h"
#include "scraper/page/selector_program.h"

namespace placer {

// One selection over a tree: remembers the positions among siblings that it counted. Recursion
// follows the selector, never the tree. Each step counts down the budget; once that is used up
// answers mean nothing.
class SelectorMatch {
 public:
  // All outlive the match; `scope` is :scope, null: the document's root element.
  SelectorMatch(const SelectorProgram& program, Node scope, SelectorBudget& budget)
      : program_(program), scope_(scope), budget_(budget), positions_(program.nth_slots) {}

  bool matches(Node element) { return matches_any(program_.alternatives, element); }

 private:
  // What a failure says of other candidates, so that no walk is repeated in vain.
  enum class Verdict : std::uint8_t {
    kMatches,
    kFailsHere,
    kFailsAmongSiblings,  // fails for each earlier sibling too
    kFailsAbove,          // fails for each ancestor too
  };
  using Positions = std::unordered_map<const void*, std::uint32_t>;  // 0: not counted at all

  bool matches_any(const std::vector<ComplexSelector>& list, Node element);
  Verdict match_up_to(const ComplexSelector& complex, std::size_t last, Node element);
  Verdict match_ancestors(const ComplexSelector& complex, std::size_t last, Node element);
  Verdict match_siblings(const ComplexSelector& complex, std::size_t last, Node element);
  bool matches_compound(const CompoundSelector& compound, Node element);
  bool matches_simple(const SimpleSelector& simple, Node element);
  bool matches_attribute(const SimpleSelector& simple, Node element);
  bool matches_value(const SimpleSelector& simple, Node element, std::string_view value);
  bool matches_nth(const SimpleSelector& nth, Node element);
  void count_siblings(const SimpleSelector& nth, Node element, Positions& positions);
  bool matches_has(const ComplexSelector& relative, Node anchor);
  bool matches_has_below(const ComplexSelector& relative, Node top);
  bool has_words(const SimpleSelector& simple, Node element, std::string_view attribute);
  bool is_empty(Node element);
  bool is_disabled(Node element);
  bool is_in_language(const std::vector<std::string>& ranges, Node element);
  bool is_root(Node element) const { return !element.parent(); }
  Node next_element(Node node);
  Node previous_element(Node node);
  bool step(std::uint64_t count = 1);

  const SelectorProgram& program_;
  Node scope_;
  Node anchor_;  // of the :has() being asked
  SelectorBudget& budget_;
  std::vector<Positions> positions_;  // by slot
};

}  // namespace placer
