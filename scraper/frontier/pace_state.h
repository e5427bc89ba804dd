// What is durable of the politeness towards one host: columns of `host`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "scraper/instant.h"

namespace placer {

// What a crawl did to one host, for `placer status --politeness`.
struct PaceRecord {
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;                           // answered with 429 or 503
  std::uint64_t early = 0;                             // began before they were allowed; always 0
  std::uint32_t most_in_flight = 0;                    // at the same time
  std::optional<std::chrono::milliseconds> min_gap;    // between the starts of two requests
  std::optional<std::chrono::milliseconds> min_delay;  // the least that held when one started
};

struct PaceState {
  Instant next_allowed{};                // no request starts earlier
  std::chrono::milliseconds pause{0};    // from when next_allowed was set until then
  Instant last_start{};                  // of a request; the epoch: none yet
  std::chrono::milliseconds delay{0};    // that held at the last start
  std::chrono::milliseconds slowed{0};   // the delay that adapting asks for; 0: none
  std::chrono::microseconds latency{0};  // to the first byte, as is usual here; 0: unknown
  std::uint32_t failures = 0;            // in a row: refusals, time-outs, no connection
  PaceRecord record;
};

}  // namespace placer
