// String literals of broken JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace placer {

// Appends the string literal whose opening quote stands before `begin` to `out`, quoted and valid
// by RFC 8259 section 7, and returns where the text goes on. A quote ends the literal only when
// something follows that may follow a string; others are part of it. So is everything up to the end
// of a text that has no such quote.
std::size_t append_repaired_string(std::string_view text, std::size_t begin, std::string& out);

// Bytes of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7); 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text, std::size_t at);

}  // namespace placer
