// Durations, sizes and whole numbers as a job file writes them, and near misses among known words.
//
// Exact both ways: parse_x(format_x(v)) gives v. All functions are pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// "1500ms", "1.5s", "10m", "1h", "3d", or "0". Empty: not such a text, not a whole number of
// milliseconds, or more than about 290 000 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// In the largest unit that is exact: "1500ms", "90s", "1h".
std::string format_duration(std::chrono::milliseconds duration);

// "10MiB", "64KiB", "500KB", "1.5GiB", or plain bytes "1024". Units of 1024 are B, KiB, MiB, GiB,
// TiB, of 1000 KB, MB, GB, TB. Empty: not such a text, not a whole number of bytes, above 2^63 - 1.
std::optional<std::uint64_t> parse_size(std::string_view text);

// In the largest unit of 1024 that is exact: "10MiB", "1000B".
std::string format_size(std::uint64_t bytes);

// Decimal digits without sign, leading zeros or separators. Values beyond 2^64 - 1 give that.
std::optional<std::uint64_t> parse_whole(std::string_view text);

// The word nearest to `text` by Damerau-Levenshtein distance (case does not count), or empty when
// none is near enough to be what was meant.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& words);

// `text` in single quotes for a message: control characters escaped, cut after 60 bytes.
std::string in_quotes(std::string_view text);

}  // namespace placer
