#include "scraper/page/selector_match.h"

#include <algorithm>
#include <utility>

#include "scraper/page/selector_nth.h"
#include "scraper/page/selector_state.h"

namespace placer {

bool SelectorMatch::step(std::uint64_t count) {
  budget_.steps -= std::min(count, budget_.steps);
  return budget_.steps > 0;
}

Node SelectorMatch::next_element(Node node) {
  do {
    node = node.next_sibling();
  } while (node && !node.is_element() && step());
  return node;
}

Node SelectorMatch::previous_element(Node node) {
  do {
    node = node.previous_sibling();
  } while (node && !node.is_element() && step());
  return node;
}

bool SelectorMatch::matches_any(const std::vector<ComplexSelector>& list, Node element) {
  return std::ranges::any_of(list, [&](const ComplexSelector& complex) {
    return match_up_to(complex, complex.compounds.size() - 1, element) == Verdict::kMatches;
  });
}

// Does `element` match the compound `last`, with what stands left of it?
SelectorMatch::Verdict SelectorMatch::match_up_to(const ComplexSelector& complex, std::size_t last,
                                                  Node element) {
  if (!step()) return Verdict::kFailsAbove;
  if (!matches_compound(complex.compounds[last], element)) return Verdict::kFailsHere;
  if (last == 0) return Verdict::kMatches;
  switch (complex.combinators[last - 1]) {
    case Combinator::kDescendant:
      return match_ancestors(complex, last - 1, element);
    case Combinator::kChild: {
      const Node up = element.parent();
      return up ? match_up_to(complex, last - 1, up) : Verdict::kFailsAbove;
    }
    case Combinator::kNextSibling: {
      const Node previous = previous_element(element);
      return previous ? match_up_to(complex, last - 1, previous) : Verdict::kFailsAmongSiblings;
    }
    case Combinator::kSubsequentSibling:
      return match_siblings(complex, last - 1, element);
  }
  return Verdict::kFailsHere;
}

SelectorMatch::Verdict SelectorMatch::match_ancestors(const ComplexSelector& complex,
                                                      std::size_t last, Node element) {
  for (Node up = element.parent(); up; up = up.parent()) {
    const Verdict verdict = match_up_to(complex, last, up);
    if (verdict == Verdict::kMatches || verdict == Verdict::kFailsAbove) return verdict;
  }
  return Verdict::kFailsAbove;
}

SelectorMatch::Verdict SelectorMatch::match_siblings(const ComplexSelector& complex,
                                                     std::size_t last, Node element) {
  for (Node left = previous_element(element); left; left = previous_element(left)) {
    const Verdict verdict = match_up_to(complex, last, left);
    if (verdict != Verdict::kFailsHere) return verdict;
  }
  return Verdict::kFailsAmongSiblings;
}

bool SelectorMatch::matches_compound(const CompoundSelector& compound, Node element) {
  return std::ranges::all_of(
      compound, [&](const SimpleSelector& simple) { return matches_simple(simple, element); });
}

bool SelectorMatch::matches_simple(const SimpleSelector& simple, Node element) {
  switch (simple.kind) {
    case SimpleKind::kNothing:
      return false;
    case SimpleKind::kType:
      return element.tag() == simple.name;
    case SimpleKind::kId:
      return element.attribute("id") == std::string_view(simple.name);
    case SimpleKind::kClass:
      return has_words(simple, element, "class");
    case SimpleKind::kAttribute:
      return matches_attribute(simple, element);
    case SimpleKind::kNot:
      return !matches_any(simple.of, element);
    case SimpleKind::kIs:
      return matches_any(simple.of, element);
    case SimpleKind::kHas:
      return std::ranges::any_of(
          simple.of, [&](const ComplexSelector& of) { return matches_has(of, element); });
    case SimpleKind::kAnchor:
      return element == anchor_;
    case SimpleKind::kNth:
      return matches_nth(simple, element);
    case SimpleKind::kFirstChild:
      return !previous_element(element);
    case SimpleKind::kLastChild:
      return !next_element(element);
    case SimpleKind::kRoot:
      return is_root(element);
    case SimpleKind::kScope:
      return scope_ ? element == scope_ : is_root(element);
    case SimpleKind::kEmpty:
      return is_empty(element);
    case SimpleKind::kLink:
      return is_link(element);
    case SimpleKind::kEnabled:
      return can_be_disabled(element) && !is_disabled(element);
    case SimpleKind::kDisabled:
      return can_be_disabled(element) && is_disabled(element);
    case SimpleKind::kChecked:
      return is_checked(element);
    case SimpleKind::kRequired:
      return can_be_required(element) && element.attribute("required");
    case SimpleKind::kOptional:
      return can_be_required(element) && !element.attribute("required");
    case SimpleKind::kLang:
      return is_in_language(simple.ranges, element);
  }
  return false;
}

bool SelectorMatch::matches_attribute(const SimpleSelector& simple, Node element) {
  const bool html = element.is_html();
  const std::string_view wanted = html ? simple.lower_name : simple.name;
  const std::size_t count = element.attribute_count();
  step(count / 4);
  for (std::size_t i = 0; i < count; ++i) {
    auto [name, value] = element.attribute_at(i);
    if (simple.any_namespace && !html) name.remove_prefix(name.find(':') + 1);
    if (name == wanted) return matches_value(simple, element, value);
  }
  return false;
}

bool SelectorMatch::matches_value(const SimpleSelector& simple, Node element,
                                  std::string_view value) {
  step(value.size() / 64);
  const bool ignore_case = simple.letter_case == LetterCase::kIgnore ||
                           (simple.letter_case == LetterCase::kByName && element.is_html() &&
                            ignores_case_of_values(simple.lower_name));
  return passes(simple.test, value, simple.value, ignore_case);
}

bool SelectorMatch::has_words(const SimpleSelector& simple, Node element,
                              std::string_view attribute) {
  const auto words = element.attribute(attribute);
  if (!words) return false;
  step(words->size() / 64);
  return passes(AttributeTest::kIncludes, *words, simple.name, /*ignore_case=*/false);
}

bool SelectorMatch::matches_nth(const SimpleSelector& nth, Node element) {
  if (!nth.of.empty() && !matches_any(nth.of, element)) return false;
  if (positions_[nth.slot].find(element.raw()) == positions_[nth.slot].end()) {
    // Counting may ask this very question again, so the map is written when it is done.
    Positions counted;
    count_siblings(nth, element, counted);
    positions_[nth.slot].merge(counted);
  }
  const auto position = positions_[nth.slot].find(element.raw());
  if (position == positions_[nth.slot].end() || position->second == 0) return false;
  return is_among(position->second, {nth.step, nth.offset});
}

// Numbers all children of the element's parent, so that each parent is walked once.
void SelectorMatch::count_siblings(const SimpleSelector& nth, Node element, Positions& positions) {
  std::vector<Node> siblings;
  const Node up = element.parent();
  Node first = up ? up.first_child() : element;
  if (!first.is_element()) first = next_element(first);
  for (Node node = first; node && step(); node = next_element(node)) siblings.push_back(node);
  if (nth.from_end) std::ranges::reverse(siblings);
  std::unordered_map<std::string_view, std::uint32_t> by_type;
  std::uint32_t counted = 0;
  for (const Node node : siblings) {
    std::uint32_t& count = nth.of_type ? by_type[node.tag()] : counted;
    const bool counts = nth.of.empty() || matches_any(nth.of, node);
    positions[node.raw()] = counts ? ++count : 0;
  }
}

bool SelectorMatch::matches_has(const ComplexSelector& relative, Node anchor) {
  const Node outer = std::exchange(anchor_, anchor);
  const std::size_t last = relative.compounds.size() - 1;
  const Combinator first = relative.combinators[0];
  const bool beside = first == Combinator::kNextSibling || first == Combinator::kSubsequentSibling;
  bool found = false;
  if (!beside && (last > 1 || first == Combinator::kDescendant)) {
    found = matches_has_below(relative, anchor);
  } else {
    Node node = beside ? next_element(anchor) : anchor.first_child();
    if (node && !node.is_element()) node = next_element(node);
    for (; node && !found && step(); node = next_element(node)) {
      found = match_up_to(relative, last, node) == Verdict::kMatches ||
              (last > 1 && matches_has_below(relative, node));
      if (last == 1 && first == Combinator::kNextSibling) break;
    }
  }
  anchor_ = outer;
  return found;
}

bool SelectorMatch::matches_has_below(const ComplexSelector& relative, Node top) {
  const std::size_t last = relative.compounds.size() - 1;
  for (Node node = top.next_below(top); node && step(); node = node.next_below(top)) {
    if (node.is_element() && match_up_to(relative, last, node) == Verdict::kMatches) return true;
  }
  return false;
}

bool SelectorMatch::is_empty(Node element) {
  for (Node child = element.first_child(); child && step(); child = child.next_sibling()) {
    if (child.is_element() || !child.text().empty()) return false;
  }
  return true;
}

// HTML, section 4.10.19.5; an option is disabled with its optgroup (4.10.10).
bool SelectorMatch::is_disabled(Node element) {
  if (element.attribute("disabled")) return true;
  if (element.tag() == "option") {
    const Node up = element.parent();
    return up && up.tag() == "optgroup" && up.attribute("disabled");
  }
  if (element.tag() == "optgroup") return false;
  Node child = element;
  for (Node up = element.parent(); up && step(); child = up, up = up.parent()) {
    if (up.tag() != "fieldset" || !up.attribute("disabled")) continue;
    if (child.tag() != "legend") return true;
    Node before = previous_element(child);
    while (before && before.tag() != "legend") before = previous_element(before);
    if (before) return true;  // only the first legend stays usable
  }
  return false;
}

bool SelectorMatch::is_in_language(const std::vector<std::string>& ranges, Node element) {
  for (Node node = element; node && step(); node = node.parent()) {
    auto language = node.attribute("lang");
    if (!language) language = node.attribute("xml:lang");
    if (!language) continue;
    return std::ranges::any_of(
        ranges, [&](const std::string& range) { return is_in_range(*language, range); });
  }
  return false;
}

}  // namespace placer
