#include "scraper/page/selector_parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/page/selector_nth.h"
#include "scraper/page/selector_text.h"

namespace placer {
namespace {

constexpr int kMostNested = 16;             // lists within each other
constexpr std::size_t kMostCompounds = 64;  // of one complex selector

struct PlainPseudo {
  std::string_view name;
  SimpleKind kind;
};

constexpr PlainPseudo kPlainPseudos[] = {{"active", SimpleKind::kNothing},
                                         {"any-link", SimpleKind::kLink},
                                         {"checked", SimpleKind::kChecked},
                                         {"disabled", SimpleKind::kDisabled},
                                         {"empty", SimpleKind::kEmpty},
                                         {"enabled", SimpleKind::kEnabled},
                                         {"first-child", SimpleKind::kFirstChild},
                                         {"focus", SimpleKind::kNothing},
                                         {"focus-visible", SimpleKind::kNothing},
                                         {"focus-within", SimpleKind::kNothing},
                                         {"hover", SimpleKind::kNothing},
                                         {"last-child", SimpleKind::kLastChild},
                                         {"link", SimpleKind::kLink},
                                         {"optional", SimpleKind::kOptional},
                                         {"required", SimpleKind::kRequired},
                                         {"root", SimpleKind::kRoot},
                                         {"scope", SimpleKind::kScope},
                                         {"target", SimpleKind::kNothing},
                                         {"visited", SimpleKind::kNothing}};

constexpr std::array<std::string_view, 4> kPseudoElements = {"before", "after", "first-line",
                                                             "first-letter"};

// Recursive descent; its depth is bounded by kMostNested. Functions that return bool say whether to
// go on; the first fault is kept.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  tl::expected<SelectorProgram, SelectorError> parse() {
    SelectorProgram program;
    if (parse_list(program.alternatives, /*relative=*/false) && !text_.at_end()) fault_here();
    if (error_) return tl::unexpected(*std::move(error_));
    program.nth_slots = nth_slots_;
    return program;
  }

 private:
  bool fail_at(std::size_t position, std::string message) {
    if (!error_) error_ = SelectorError{text_.column(position), std::move(message)};
    return false;
  }
  bool fail(std::string message) { return fail_at(text_.position(), std::move(message)); }
  bool fault_here() {
    if (text_.at_end()) return fail("the selector ends where an element was expected");
    return fail(fmt::format("expected a selector, found '{}'", text_.character()));
  }

  // Up to the end or a ')' that is not its own.
  bool parse_list(std::vector<ComplexSelector>& list, bool relative) {
    do {
      text_.skip_space();
      if (!parse_complex(list.emplace_back(), relative)) return false;
    } while (text_.take(','));
    return true;
  }

  bool at_complex_end() const {
    return text_.at_end() || text_.peek() == ',' || text_.peek() == ')';
  }

  static std::optional<Combinator> combinator_of(char c) {
    if (c == '>') return Combinator::kChild;
    if (c == '+') return Combinator::kNextSibling;
    if (c == '~') return Combinator::kSubsequentSibling;
    return std::nullopt;
  }

  bool parse_complex(ComplexSelector& complex, bool relative) {
    if (relative) {
      const auto combinator = combinator_of(text_.peek());
      if (combinator) text_.advance();
      text_.skip_space();
      SimpleSelector anchor;
      anchor.kind = SimpleKind::kAnchor;
      complex.compounds.emplace_back().push_back(std::move(anchor));
      complex.combinators.push_back(combinator.value_or(Combinator::kDescendant));
    }
    while (true) {
      if (complex.compounds.size() == kMostCompounds) return fail("too many steps");
      if (!parse_compound(complex.compounds.emplace_back())) return false;
      const bool space = text_.skip_space();
      if (at_complex_end()) return true;
      if (ended_) return fail("nothing may follow a pseudo-element");
      const auto combinator = combinator_of(text_.peek());
      if (!combinator && !space) return fault_here();
      if (combinator) text_.advance();
      text_.skip_space();
      complex.combinators.push_back(combinator.value_or(Combinator::kDescendant));
    }
  }

  bool parse_compound(CompoundSelector& compound) {
    ended_ = false;
    bool any = false;
    if (!parse_type(compound, any)) return false;
    while (true) {
      text_.skip_comments();
      const char c = text_.peek();
      if (c != '#' && c != '.' && c != '[' && c != ':') break;
      if (ended_) return fail("nothing may follow a pseudo-element");
      any = true;
      if (!parse_simple(c, compound)) return false;
    }
    return any || fault_here();
  }

  // "div", "*", "*|div", "|div"; leaves the text alone when nothing of it comes next.
  bool parse_type(CompoundSelector& compound, bool& any) {
    const std::size_t begin = text_.position();
    const bool star = text_.take('*');
    std::optional<std::string> name;
    if (!star) name = text_.take_name();
    any = star || name.has_value();
    if (text_.peek() == '|') {
      if (name) return no_namespace(begin, *name);
      text_.advance();
      if (!star) compound.emplace_back();  // every element of a page has a namespace
      any = text_.take('*');
      if (!any) name = text_.take_name();
      if (!any && !name) return fail("expected an element's name after '|'");
      any = true;
    }
    if (!name) return true;
    SimpleSelector type;
    type.kind = SimpleKind::kType;
    type.name = ascii::lower_case(*name);
    compound.push_back(std::move(type));
    return true;
  }

  bool no_namespace(std::size_t begin, const std::string& prefix) {
    return fail_at(begin, "the namespace prefix '" + prefix +
                              "' is not declared (for a ':' in a name write '\\:')");
  }

  bool parse_simple(char begin, CompoundSelector& compound) {
    switch (begin) {
      case '#':
        return parse_named(SimpleKind::kId, "an id after '#'", compound);
      case '.':
        return parse_named(SimpleKind::kClass, "a class name after '.'", compound);
      case '[':
        return parse_attribute(compound);
      default:
        return parse_pseudo(compound);
    }
  }

  bool parse_named(SimpleKind kind, const char* what, CompoundSelector& compound) {
    text_.advance();
    auto name = text_.take_name();
    if (!name) return fail(std::string("expected ") + what);
    SimpleSelector& simple = compound.emplace_back();
    simple.kind = kind;
    simple.name = *std::move(name);
    return true;
  }

  bool parse_attribute(CompoundSelector& compound) {
    text_.advance();
    text_.skip_space();
    const std::size_t begin = text_.position();
    SimpleSelector simple;
    simple.kind = SimpleKind::kAttribute;
    std::optional<std::string> name;
    if (text_.peek() == '*' && text_.peek(1) == '|') {
      text_.advance(2);
      simple.any_namespace = true;
    } else if (text_.peek() == '|' && text_.peek(1) != '=') {
      text_.advance();
    }
    name = text_.take_name();
    if (!name) return fail("expected an attribute's name");
    if (text_.peek() == '|' && text_.peek(1) != '=') return no_namespace(begin, *name);
    simple.name = *std::move(name);
    simple.lower_name = ascii::lower_case(simple.name);
    text_.skip_space();
    if (!text_.at_end() && text_.peek() != ']' && !parse_attribute_test(simple)) return false;
    text_.skip_space();
    if (!text_.take(']') && !text_.at_end()) return fail("expected ']'");
    compound.push_back(std::move(simple));
    return true;
  }

  bool parse_attribute_test(SimpleSelector& simple) {
    constexpr std::string_view kOperators = "=~|^$*";
    const std::size_t index = kOperators.find(text_.peek());
    if (index == std::string_view::npos || (index > 0 && text_.peek(1) != '=')) {
      return fail("expected ']' or one of = ~= |= ^= $= *=");
    }
    text_.advance(index == 0 ? 1 : 2);
    simple.test =
        static_cast<AttributeTest>(static_cast<std::size_t>(AttributeTest::kEquals) + index);
    text_.skip_space();
    auto value = text_.take_name();
    if (!value) value = text_.take_string();
    if (!value) return fail("expected a name, or a value in quotes");
    simple.value = *std::move(value);
    text_.skip_space();
    const std::size_t begin = text_.position();
    const auto flag = text_.take_name();
    if (!flag) return true;
    if (*flag == "i" || *flag == "I") {
      simple.letter_case = LetterCase::kIgnore;
    } else if (*flag == "s" || *flag == "S") {
      simple.letter_case = LetterCase::kKeep;
    } else {
      return fail_at(begin, "expected ']' (a value with spaces needs quotes)");
    }
    return true;
  }

  bool parse_pseudo(CompoundSelector& compound) {
    const std::size_t begin = text_.position();
    text_.advance();
    const bool is_element = text_.take(':');
    const auto written = text_.take_name();
    if (!written) return fail("expected a name after ':'");
    const std::string name = ascii::lower_case(*written);
    const bool has_argument = text_.take('(');
    if (std::ranges::find(kPseudoElements, name) != kPseudoElements.end() && !has_argument) {
      if (nested_ > 0) return fail_at(begin, "a pseudo-element may not stand in a list");
      compound.emplace_back();
      ended_ = true;
      return true;
    }
    if (is_element) return unknown_pseudo_element(begin, name);
    if (has_argument) return parse_function(begin, name, compound);
    if (name == "first-of-type") return add_of_type(/*from_end=*/false, compound);
    if (name == "last-of-type") return add_of_type(/*from_end=*/true, compound);
    if (name == "only-of-type") {
      return add_of_type(false, compound) && add_of_type(true, compound);
    }
    if (name == "only-child") {
      compound.emplace_back().kind = SimpleKind::kFirstChild;
      compound.emplace_back().kind = SimpleKind::kLastChild;
      return true;
    }
    const auto* const plain = std::ranges::find(kPlainPseudos, name, &PlainPseudo::name);
    if (plain == std::end(kPlainPseudos)) {
      return fail_at(begin, "unknown pseudo-class ':" + name + "'");
    }
    compound.emplace_back().kind = plain->kind;
    return true;
  }

  bool unknown_pseudo_element(std::size_t begin, const std::string& name) {
    std::string message = "unknown pseudo-element '::" + name + "'";
    if (name == "text") message += " (an element's text is what a selector yields anyway)";
    if (name == "attr") message += " (write 'SELECTOR @attribute' in a rule)";
    return fail_at(begin, std::move(message));
  }

  bool add_of_type(bool from_end, CompoundSelector& compound) {
    SimpleSelector& nth = compound.emplace_back();
    nth.kind = SimpleKind::kNth;
    nth.offset = 1;
    nth.from_end = from_end;
    nth.of_type = true;
    nth.slot = nth_slots_++;
    return true;
  }

  // The argument of :name( up to and with its ')'.
  bool parse_function(std::size_t begin, const std::string& name, CompoundSelector& compound) {
    SimpleSelector simple;
    text_.skip_space();
    bool good = false;
    if (name == "not") {
      simple.kind = SimpleKind::kNot;
      good = parse_nested(simple.of, /*relative=*/false);
    } else if (name == "is" || name == "where" || name == "matches") {
      simple.kind = SimpleKind::kIs;
      good = parse_nested(simple.of, /*relative=*/false);
    } else if (name == "has") {
      if (in_has_) return fail_at(begin, ":has() may not stand within :has()");
      simple.kind = SimpleKind::kHas;
      in_has_ = true;
      good = parse_nested(simple.of, /*relative=*/true);
      in_has_ = false;
    } else if (name.starts_with("nth-")) {
      good = parse_nth(begin, name, simple);
    } else if (name == "lang") {
      simple.kind = SimpleKind::kLang;
      good = parse_ranges(simple.ranges);
    } else {
      return fail_at(begin, "unknown pseudo-class ':" + name + "()'");
    }
    if (!good) return false;
    text_.skip_space();
    if (!text_.take(')') && !text_.at_end()) return fail("expected ')'");
    compound.push_back(std::move(simple));
    ended_ = false;
    return true;
  }

  bool parse_nested(std::vector<ComplexSelector>& list, bool relative) {
    if (nested_ >= kMostNested) return fail("too many lists within each other");
    ++nested_;
    const bool good = parse_list(list, relative);
    --nested_;
    return good;
  }

  bool parse_nth(std::size_t begin, std::string_view name, SimpleSelector& simple) {
    simple.kind = SimpleKind::kNth;
    simple.from_end = name == "nth-last-child" || name == "nth-last-of-type";
    simple.of_type = name == "nth-of-type" || name == "nth-last-of-type";
    if (!simple.from_end && !simple.of_type && name != "nth-child") {
      return fail_at(begin, "unknown pseudo-class ':" + std::string(name) + "()'");
    }
    simple.slot = nth_slots_++;
    const auto wanted = take_an_plus_b(text_);
    if (!wanted) return fail("expected a position such as 2, odd or 3n+1");
    simple.step = wanted->step;
    simple.offset = wanted->offset;
    if (!text_.skip_space() || simple.of_type) return true;
    const std::size_t word = text_.position();
    const auto of = text_.take_name();
    if (!of) return true;
    if (!ascii::equals_ignoring_case(*of, "of")) return fail_at(word, "expected 'of' or ')'");
    return parse_nested(simple.of, /*relative=*/false);
  }

  bool parse_ranges(std::vector<std::string>& ranges) {
    do {
      text_.skip_space();
      auto range = text_.take_string();
      if (!range) {
        const bool any = text_.take('*');
        range = text_.take_name();
        if (any) range = "*" + range.value_or("");
      }
      if (!range) return fail("expected a language such as en or \"*-CH\"");
      ranges.push_back(ascii::lower_case(*range));
      text_.skip_space();
    } while (text_.take(','));
    return true;
  }

  SelectorText text_;
  std::optional<SelectorError> error_;
  std::uint32_t nth_slots_ = 0;
  int nested_ = 0;
  bool in_has_ = false;
  bool ended_ = false;  // this compound has its pseudo-element
};

}  // namespace

tl::expected<SelectorProgram, SelectorError> parse_selector(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace placer
