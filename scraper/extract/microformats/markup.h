// A tree written as HTML (HTML standard, section 13.3, "Serializing HTML fragments").
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "scraper/page/tree.h"

namespace placer {

// What stands within `element`; nothing when that is longer than `max_bytes`. Comments are left
// out, as they are from the tree.
std::optional<std::string> inner_html(Node element, std::size_t max_bytes);

// The same, with the element's own tags.
std::optional<std::string> outer_html(Node element, std::size_t max_bytes);

}  // namespace placer
