// HTTP/1.1 as the test web server speaks it: a request from bytes, a response to bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/web/server.h"

namespace placer::web {

// How much of a buffer one request's head took, and whether it made sense.
struct ParsedRequest {
  WebRequest request;
  std::size_t bytes = 0;
  bool valid = true;
  bool keep_alive = true;
};

// The first request of `buffer`; nullopt while its head is incomplete.
std::optional<ParsedRequest> parse_request(std::string_view buffer);

// The bytes of an ordinary response, or of the finite part of an endless one.
std::string serialize(const Reply& reply, bool keep_alive, bool head_only);

// Bytes that go on an endless body or endless headers, one turn.
std::string_view endless_chunk();
std::string_view endless_header_lines();

std::string_view reason_phrase(int status);

}  // namespace placer::web
