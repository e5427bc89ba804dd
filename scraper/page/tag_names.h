// Gumbo's numbers for the names of elements.
#pragma once

#include <gumbo.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace placer {

// GUMBO_TAG_UNKNOWN when Gumbo knows no such name. `name` is in lower case.
GumboTag tag_of_name(std::string_view name);

// The same for a name of at most so many octets, the first of them the lowest of `key`.
inline constexpr std::size_t kLongestTagKey = 8;
GumboTag tag_of_key(std::uint64_t key);

// In lower case. REQUIRES: not GUMBO_TAG_UNKNOWN.
std::string_view name_of_tag(GumboTag tag);

}  // namespace placer
