// One page through every extractor, with checks of what comes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace placer::fuzz {

// The first two bytes of an input choose the page's URL and its Content-Type; the rest is its body.
inline constexpr std::size_t kHeaderBytes = 2;

// Parses the page and reads it with every format. Aborts, with a line on stderr, when something
// that is to be stored is not valid UTF-8, holds control characters, or is no number, or when the
// place has no id. Inputs shorter than the header are nothing. Returns the places found.
std::size_t extract_and_check(std::string_view input);

}  // namespace placer::fuzz
