// CSS selectors over a Tree: a subset of Selectors Level 4 (W3C), as of its 2022 draft.
//
// Read: type and universal selectors, #id, .class, [attribute] with every operator and the flags i
// and s, the combinators " ", ">", "+" and "~", lists, comments and escapes,
//   :not() :is() :where() :matches() :has() :scope :root :empty :lang()
//   :first-child :last-child :only-child :first-of-type :last-of-type :only-of-type
//   :nth-child(An+B [of S]) :nth-last-child(An+B [of S]) :nth-of-type() :nth-last-of-type()
//   :link :any-link :enabled :disabled :checked :required :optional
// Read, but true of no element of a document at rest: :visited :hover :active :focus
// :focus-visible :focus-within :target, and ::before ::after ::first-line ::first-letter.
// Refused: prefixes of namespaces (none can be declared; "*|" and "|" are read), the column
// combinator, :dir(), :defined, the other pseudo-classes of forms, media and shadow trees, other
// pseudo-elements, :has() within :has(). The lists of :is() and :where() are not forgiving.
//
// Letter case: names of elements never matter; names of attributes matter outside HTML only; values
// matter but for those the HTML standard lists ("type", "lang", "rel", ..., section 4.16.2);
// classes and ids always matter, also in quirks mode. The content of a template is matched like any
// other. :checked of an option is its "selected".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "scraper/page/tree.h"

namespace placer {

struct SelectorError {
  std::size_t column = 1;  // of the character at fault, 1-based; one past the last: at the end
  std::string message;     // "expected a class name after '.'"
};

// How much work selecting may be: a step is about one element looked at, a few ns. For one page;
// selecting counts it down, and what a page and a selector can force costs no more.
struct SelectorBudget {
  std::uint64_t steps = 20'000'000;

  bool used_up() const { return steps == 0; }
};

enum class Reach : std::uint8_t {
  kBelow,     // descendants of the root (querySelectorAll of an element)
  kWithRoot,  // the root too (querySelectorAll of a document)
};

struct SelectorProgram;

// One compiled selector list. Immutable: safe for concurrent use. Movable.
class Selector {
 public:
  static constexpr std::size_t kMostBytes = 4096;  // of a selector's text

  // Syntax errors stop at the first.
  static tl::expected<Selector, SelectorError> compile(std::string_view text);

  // The elements that match, in tree order, each once; `root` is :scope. Ancestors of `root` count
  // as context. When the budget ends (used_up), the elements found until then.
  std::vector<Node> select(Node root, SelectorBudget& budget, Reach reach = Reach::kBelow) const;

  // The first of them; null when there is none.
  Node select_first(Node root, SelectorBudget& budget, Reach reach = Reach::kBelow) const;

  // Is `node` an element that matches? The document's root element is :scope.
  bool matches(Node node, SelectorBudget& budget) const;

  Selector(Selector&&) noexcept;
  Selector& operator=(Selector&&) noexcept;
  ~Selector();

 private:
  explicit Selector(std::unique_ptr<const SelectorProgram> program);
  std::unique_ptr<const SelectorProgram> program_;
};

}  // namespace placer
