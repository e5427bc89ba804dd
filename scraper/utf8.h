// UTF-8 (RFC 3629).
#pragma once

#include <cstdint>
#include <string>

namespace placer {

inline constexpr std::uint32_t kReplacementCodePoint = 0xFFFD;

// Whether `code` is a Unicode scalar value: no surrogate, at most U+10FFFF.
constexpr bool is_scalar_value(std::uint32_t code) {
  return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

// REQUIRES: code <= 0x10FFFF. Surrogates are encoded as they stand, which is no UTF-8.
inline void append_utf8(std::uint32_t code, std::string& out) {
  const auto put = [&out](std::uint32_t octet) { out += static_cast<char>(octet); };
  const auto tail = [&](std::uint32_t shift) { put(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    put(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace placer
