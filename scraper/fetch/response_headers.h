// The header fields of a response that a crawler acts on.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// Fields of one response, as sent, outer white space removed. Empty: not sent. Where a field may
// come once only and came more often, the last one counts.
struct ResponseHeaders {
  std::uint16_t status = 0;
  std::string content_type;
  std::uint64_t content_length = 0;  // 0: not stated
  std::string etag;
  std::string last_modified;
  std::string location;
  std::string retry_after;
  std::string date;
  std::vector<std::string> link;
  std::vector<std::string> x_robots_tag;

  // Takes one line; a status line begins a new response, so that a 1xx leaves nothing behind.
  void take(std::string_view line);
};

// RFC 9110 section 10.2.3: seconds (a fraction is rounded up), or an HTTP date in one of its three
// forms (0 when it has passed). nullopt: neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now);

// The Retry-After of a response. Its date is one of the server's clock: it counts from the
// response's own Date where there is one, which two clocks that differ do not change.
std::optional<std::chrono::seconds> retry_after_of(const ResponseHeaders& response,
                                                   std::chrono::system_clock::time_point now);

// True for the types that pages and their structured data come in, and for a missing or garbled
// Content-Type, which says nothing.
bool is_readable_page(std::string_view content_type);

}  // namespace placer
