// Literals in JavaScript source: what scripts on pages assign, pass and return.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace placer {

struct ScriptLiteral {
  std::string name;  // the variable, property or function it goes to: "stores"; may be empty
  std::string json;  // RFC 8259 text
};

// The outermost object and array literals of a script (ECMA-262 section 13.2), in source order, as
// JSON: single-quoted strings, unquoted keys, comments, trailing commas, !0 and void 0 are
// rewritten; values that are more than literals (calls, sums, functions) become null. Literals
// inside such values, and strings that hold JSON ("JSON.parse('...')"), follow on their own.
//
// One pass without recursion, in time and memory linear in `source`. What is no JavaScript gives
// something or nothing. Literals shorter than 20 bytes and those beyond the 2,000th are left out.
std::vector<ScriptLiteral> script_literals(std::string_view source);

// The text of the string literal that begins at `at`, with its quotes, and `at` moved behind it.
// Escapes are those of section 12.9.4; lone surrogates become U+FFFD.
std::string script_string(std::string_view source, std::size_t& at);

}  // namespace placer
