// What a selector compiles to: the grammar of Selectors Level 4 (section 3) as values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace placer {

enum class Combinator : std::uint8_t { kDescendant, kChild, kNextSibling, kSubsequentSibling };

enum class SimpleKind : std::uint8_t {
  kNothing,    // pseudo-elements, :hover, elements without a namespace
  kType,       // name, lower case
  kId,         // name
  kClass,      // name
  kAttribute,  // name, attribute, value
  kNot,        // of
  kIs,         // of
  kHas,        // of: each begins with kAnchor
  kAnchor,     // the element that a :has() asks about
  kNth,        // step, offset, from_end, of_type, slot, of
  kFirstChild,
  kLastChild,
  kRoot,
  kScope,
  kEmpty,
  kLink,
  kEnabled,
  kDisabled,
  kChecked,
  kRequired,
  kOptional,
  kLang,  // ranges
};

enum class AttributeTest : std::uint8_t {
  kExists,
  kEquals,    // =
  kIncludes,  // ~= one of its words
  kDash,      // |= equal, or goes on with '-'
  kPrefix,    // ^=
  kSuffix,    // $=
  kContains,  // *=
};

enum class LetterCase : std::uint8_t { kByName, kIgnore, kKeep };

struct ComplexSelector;

struct SimpleSelector {
  SimpleKind kind = SimpleKind::kNothing;
  std::string name;

  AttributeTest test = AttributeTest::kExists;
  LetterCase letter_case = LetterCase::kByName;
  bool any_namespace = false;  // [*|name]
  std::string lower_name;      // what HTML elements call it
  std::string value;

  std::int32_t step = 0;    // A of An+B
  std::int32_t offset = 0;  // B
  bool from_end = false;
  bool of_type = false;
  std::uint32_t slot = 0;  // which of the program's kNth this is

  std::vector<std::string> ranges;  // of :lang(), lower case
  std::vector<ComplexSelector> of;
};

using CompoundSelector = std::vector<SimpleSelector>;  // all hold of one element; empty: any

struct ComplexSelector {
  std::vector<CompoundSelector> compounds;  // as written, from left to right; at least one
  std::vector<Combinator> combinators;      // [i] stands between compounds i and i + 1
};

struct SelectorProgram {
  std::vector<ComplexSelector> alternatives;
  std::uint32_t nth_slots = 0;
};

}  // namespace placer
