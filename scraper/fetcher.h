// The seam to HTTP.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "scraper/message.h"

namespace placer {

// One exchange that ended, well or badly.
struct Fetched {
  Outcome outcome;  // everything but links, places and page facts
  // Decompressed: a page's at most FetchOptions::max_body bytes, a sitemap's 50 MiB, cut there.
  std::string body;
  std::vector<std::string> link_headers;    // RFC 8288, as sent
  std::vector<std::string> robots_headers;  // X-Robots-Tag, as sent
  std::string location;                     // of a 3xx, as sent
};

// Runs HTTP exchanges; several at once when the caller starts several.
//
// Thread safety: confined to one thread. Every start() yields exactly one Fetched. Destruction
// abandons what is in flight.
class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Begins an exchange. Never blocks, never follows a redirect.
  virtual void start(Request request) = 0;

  // Waits until an exchange ends, `wake_fd` (when not -1) is readable, or `max_wait` is over;
  // returns what has ended, possibly nothing.
  virtual std::vector<Fetched> poll(std::chrono::milliseconds max_wait, int wake_fd) = 0;

  virtual std::size_t in_flight() const = 0;
};

}  // namespace placer
