// The Encoding Standard's names and labels, and conversion to UTF-8.
//
// https://encoding.spec.whatwg.org/. ICU converts; its closest converter stands for each of the
// standard's encodings, and invalid sequences become U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace placer {

// One row of the standard's table (section 4.2). Instances are constants.
struct Encoding {
  std::string_view name;    // "windows-1252"
  const char* converter;    // ICU's name; empty where this file decodes itself
  std::string_view labels;  // lower case, separated by spaces
};

// "Get an encoding" from a label in any case, with ASCII white space around it; null when the
// standard knows no such label.
const Encoding* find_encoding(std::string_view label);

// REQUIRES: `label` is one of the standard's.
const Encoding& encoding(std::string_view label);

// True when `text` is well-formed UTF-8 (no surrogates, nothing overlong).
bool is_valid_utf8(std::string_view text);

bool has_only_ascii(std::string_view text);

// `bytes` in UTF-8, always well-formed. Input that is UTF-8 already is moved, not copied.
// A byte order mark is text here: strip it first.
std::string to_utf8(std::string bytes, const Encoding& from);

}  // namespace placer
