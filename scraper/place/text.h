// Text as publishers write it, made fit to store: valid UTF-8, one line, no markup.
//
// All functions are pure and safe for concurrent use; malformed input gives U+FFFD, never an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// Markup removed, character references decoded (a second time when they were escaped twice), no
// control, zero-width or bidirectional formatting characters, white space collapsed and trimmed.
std::string plain_text(std::string_view text);

// The same with markup and character references left as they are.
std::string one_line(std::string_view text);

// The longest prefix of at most `max_bytes` that ends between two characters, with "..." in place
// of what was cut. Cuts at a space when one is near.
std::string shortened(std::string text, std::size_t max_bytes);

// For comparing: NFKC with case folding, no accents, letters and digits only, words separated by
// one space. "Café  Zoë!" -> "cafe zoe". Empty when nothing but punctuation is left.
std::string folded(std::string_view text);

// Where the next ASCII digit stands, from `from` on; npos: nowhere.
std::size_t find_digit(std::string_view text, std::size_t from);

std::string lower_ascii(std::string_view text);
std::string_view trimmed(std::string_view text);  // of ASCII white space

// Parts between any of the separators, trimmed, the empty ones left out.
std::vector<std::string_view> split_any(std::string_view text, std::string_view separators);

// "52.5", "-0,12", "+4": one optional decimal point or comma, nothing else around it. No
// exponents, no infinities.
std::optional<double> parse_decimal(std::string_view text);

// "1234", "1,234", "1.234", "1 234" (groups of three): a whole number without a sign.
std::optional<std::int64_t> parse_count(std::string_view text);

}  // namespace placer
