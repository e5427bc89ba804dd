// Gumbo's numbers for the names of elements.
#pragma once

#include <gumbo.h>

#include <string_view>

namespace placer {

// GUMBO_TAG_UNKNOWN when Gumbo knows no such name. `name` is in lower case.
GumboTag tag_of_name(std::string_view name);

// In lower case. REQUIRES: not GUMBO_TAG_UNKNOWN.
std::string_view name_of_tag(GumboTag tag);

}  // namespace placer
