// Failures as values.
//
// What a broken or hostile web can cause has to travel through a pipe, so it is an Error, never an
// exception. Exceptions mean a broken invariant or a failed start, and are caught once, in main().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace placer {

// What code branches on. The names (error_name) are stored in page.error and are promises.
enum class ErrorCode : std::uint8_t {
  kInvalidUrl,
  kUnresolvedHost,
  kConnect,
  kTimeout,
  kTls,
  kAddressRefused,  // the address guard: a private, loopback, ... address
  kProtocol,        // not HTTP, a truncated body, a reset connection
  kHeadersTooLarge,
  kBodyTooLarge,  // decompressed
  kContentEncoding,
  kContentType,  // nothing placer reads; the body was not taken
  kParseDeadline,
  kParseMemory,
  kRobotsUnreachable,
  kWorkerCrashed,  // a worker died of the page: a fault signal, its limits, or a hang
  kWorkerKilled,   // a worker was killed from outside; says nothing about the page
  kNoDescriptors,  // this machine has no descriptor or memory left for a socket
  kCancelled,
  kStorage,
  kLocked,  // another run holds the database
  kInvalidArgument,
};

// A stable lower-case name with hyphens: "body-too-large".
std::string_view error_name(ErrorCode code);

// True when the same request may well succeed later (RFC 9110 leaves that to the client).
bool is_transient(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;  // what was attempted on what: "GET https://x/: timed out after 10 s"
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace placer
