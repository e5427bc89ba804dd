// JSON as the web writes it.
//
// RFC 8259 first. Only text that fails it goes through one linear repair: comments (//, /* */,
// <!-- -->), CDATA and comment wrappers, byte order marks and odd spaces, missing, doubled and
// trailing commas, ';', missing values, unquoted keys, numbers such as ".5" or "+1", NaN,
// undefined, raw control characters, bad escapes, quotes inside strings, lone surrogates, invalid
// UTF-8, stray closing brackets, truncation. Text that still fails is tried once more with its
// character references decoded. Single quotes are not read.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace placer {

// What may be read: a dom takes far more memory than its text, and copying or writing one recurses.
struct JsonBudget {
  std::size_t depth = 512;       // arrays and objects within each other
  std::size_t values = 500'000;  // of all texts read with this budget; reading counts it down
};

// The value of `text`; of several members with one name the last is kept. Several arrays or objects
// in a row are one array. Nothing when `text` is beyond repair, empty or over the budget. Never
// throws, takes time linear in the text; the strings of the result are valid UTF-8.
std::optional<nlohmann::json> read_json(std::string_view text, JsonBudget& budget);
std::optional<nlohmann::json> read_json(std::string_view text);

}  // namespace placer
