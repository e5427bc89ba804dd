// How a run fares host by host, for the live display.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "scraper/cli/live/screen.h"
#include "scraper/crawl_state.h"
#include "scraper/frontier/text_hash.h"

namespace placer::cli {

// Counts the first kMostHosts hosts that are asked, so that memory stays the same however many
// there are.
class HostTally {
 public:
  static constexpr std::size_t kMostHosts = 4000;

  void count(const Completion& completion);

  // The `limit` busiest hosts: by requests in the last whole ten seconds (or since this was last
  // asked), then by pages, then by name; so rows stay in place long enough to be read. `elapsed`:
  // since the run began; `now`: by the clock of Completion::at.
  HostTable busiest(std::size_t limit, std::chrono::milliseconds elapsed, Instant now);

 private:
  struct Host {
    std::uint64_t pages = 0;
    std::uint64_t places = 0;
    std::uint64_t errors = 0;
    std::uint64_t queued = 0;
    std::uint64_t requests = 0;  // since the window began
    double rate = 0;             // in the window before
    std::uint16_t status = 0;    // of the last answer
    std::optional<ErrorCode> error;
    Instant next_allowed{};
  };
  static HostRow row_of(const std::string& name, const Host& host, Instant now);
  void begin_window(std::chrono::milliseconds elapsed);

  TextMap<Host> hosts_;
  bool more_ = false;
  std::chrono::milliseconds window_{0};  // when it began
};

}  // namespace placer::cli
