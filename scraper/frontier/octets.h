// Numbers as octets, the lowest first: for small values that are stored as one column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace placer {

template <class Number>
void append_octets(Number number, std::string& out) {
  const auto value = static_cast<std::uint64_t>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

// Takes a number from the front of `text`; false when it is too short.
template <class Number>
bool take_octets(std::string_view& text, Number& number) {
  if (text.size() < sizeof(Number)) return false;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  text.remove_prefix(sizeof(Number));
  number = static_cast<Number>(value);
  return true;
}

}  // namespace placer
