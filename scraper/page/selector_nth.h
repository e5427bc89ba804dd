// The argument of :nth-child() and its like: An+B (CSS Syntax Level 3, section 6).
#pragma once

#include <cstdint>
#include <optional>

#include "scraper/page/selector_text.h"

namespace placer {

struct AnPlusB {
  std::int32_t step = 0;    // A
  std::int32_t offset = 0;  // B
};

// Reads "odd", "even", "-n + 3", "2n", "5", ...; numbers beyond a million stand for a million.
// Nothing when it is none of these; then `text` is where the fault is.
std::optional<AnPlusB> take_an_plus_b(SelectorText& text);

// Is `index` (1-based) among A*n+B for n = 0, 1, 2, ...?
bool is_among(std::int64_t index, const AnPlusB& wanted);

}  // namespace placer
