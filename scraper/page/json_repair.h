// The repair pass of read_json (json_text.h), by itself.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace placer {

// `text` rewritten as RFC 8259 JSON, in one pass from left to right. Nothing when that takes more
// than guessing, or when arrays and objects nest deeper than `max_depth`.
std::optional<std::string> repair_json(std::string_view text, std::size_t max_depth);

}  // namespace placer
