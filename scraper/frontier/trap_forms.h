// URLs that are traps by their form alone, whatever they answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "scraper/frontier/url_shape.h"

namespace placer {

enum class TrapReason : std::uint8_t {
  kEndlessDepth,        // more than 20 segments
  kRepeatedSegments,    // one stands there more than three times, or a group three times in a row
  kRepeatedParameters,  // one name more than four times, or more than 20 parameters
  kDistantDate,         // of a calendar: before 1990, or more than two years ahead
  kBarrenPattern,       // many URLs like this one have been fetched, and nothing came of them
};
std::string_view trap_reason_name(TrapReason reason);

// Never kBarrenPattern.
std::optional<TrapReason> trap_form(const UrlShape& url, std::chrono::sys_days today);

}  // namespace placer
