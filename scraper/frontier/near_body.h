// When two pages count as one, by the simhash of their words (page/simhash.h).
#pragma once

#include <bit>
#include <cstdint>

namespace placer {

// They differ in a word or two of some hundred. Of 64 bits, pages with nothing in common differ in
// about 32, and hardly ever in fewer than 16.
inline bool near_body(std::uint64_t a, std::uint64_t b) {
  constexpr int kNear = 6;
  return std::popcount(a ^ b) <= kNear;
}

}  // namespace placer
