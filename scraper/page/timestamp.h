// The dates of sitemaps and feeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace placer {

// Seconds since 1970, UTC, of a date in one of two formats, with white space around it:
//
// - W3C's profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime) from "2026" to
//   "2026-11-21T08:30:00.25+01:00". What is left out is the earliest that fits; a blank for the T,
//   offsets without colon and times without offset (UTC) are common and taken as well.
// - RFC 822 section 5 and RFC 5322 section 3.3, as RSS has it: "Sat, 21 Nov 2026 08:30 +0100". Day
//   of the week, time and zone may be missing; years of two digits lie in 1950 ... 2049.
//
// Nothing for any other text, for dates that no calendar has, and before 1970. Knows no clock:
// whether a date lies in the future is for the caller to say.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace placer
