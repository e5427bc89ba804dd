// The address guard: which IP addresses a crawler may open connections to.
//
// Everything that the IANA special-purpose registries (RFC 6890 and its updates) do not call
// globally reachable is refused, and so are addresses that carry such an IPv4 address inside
// (NAT64, 6to4, Teredo). It looks at the address that is about to be connected to, after name
// resolution, so that no DNS answer, redirect or odd spelling gets around it.
//
// Pure functions, safe for concurrent use.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string_view>

#include "scraper/result.h"

namespace placer {

// Why `address` is refused ("loopback", "private network", ...); nullopt when it is allowed.
// Anything but AF_INET and AF_INET6 is refused.
std::optional<std::string_view> refused_because(const sockaddr* address);

// The same for "10.0.0.1", "::1" or "[::1]"; kInvalidArgument when `text` is no IP address in its
// standard form.
Result<std::optional<std::string_view>> ip_refused_because(std::string_view text);

}  // namespace placer
