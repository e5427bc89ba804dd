// Looking for octets, many at a time where the compiler has vectors (SSE2 on x86-64).
#pragma once

#include <bit>
#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace placer {

#ifdef __SSE2__
// One bit for each of 16 octets that is one of `first` ... `first + count - 1`.
inline unsigned octets_in_range(__m128i octets, char first, int count) {
  const __m128i from_first = _mm_sub_epi8(octets, _mm_set1_epi8(first));
  const __m128i beyond = _mm_subs_epu8(from_first, _mm_set1_epi8(static_cast<char>(count - 1)));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(beyond, _mm_setzero_si128())));
}

inline __m128i load_16(const char* octets) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
}
#endif

struct OctetFound {
  std::size_t at;     // the text's size when it is nowhere
  bool passed_other;  // did the other octet stand before it?
};

// The first `octet` at `from` or behind it, and whether `other` stands between.
inline OctetFound find_octet(std::string_view text, std::size_t from, char octet, char other) {
  bool passed = false;
  std::size_t i = from;
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi8(octet);
  const __m128i noted = _mm_set1_epi8(other);
  for (; i + 16 <= text.size(); i += 16) {
    const __m128i piece = load_16(text.data() + i);
    const auto hits = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(piece, wanted)));
    const auto notes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(piece, noted)));
    if (hits != 0) {
      const unsigned before = (hits & (0U - hits)) - 1;
      return {i + static_cast<std::size_t>(std::countr_zero(hits)),
              passed || (notes & before) != 0};
    }
    passed = passed || notes != 0;
  }
#endif
  for (; i < text.size() && text[i] != octet; ++i) passed = passed || text[i] == other;
  return {i, passed};
}

}  // namespace placer
