// IP addresses as the URL Standard reads and writes them (sections 3.5 and 3.6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace placer {

// The last label is a number: such a host is an IPv4 address or invalid.
bool ends_in_number(std::string_view host);

// One to four numbers, each decimal, octal ("0..") or hexadecimal ("0x.."), the last filling what
// is left: "127.1" and "0x7f000001" are 127.0.0.1. In host order.
std::optional<std::uint32_t> parse_ipv4(std::string_view host);

void append_ipv4(std::uint32_t address, std::string& out);

using Ipv6Pieces = std::array<std::uint16_t, 8>;

// Without the brackets; no zone.
std::optional<Ipv6Pieces> parse_ipv6(std::string_view text);

// Lower case, the first longest run of two or more zeros as "::".
void append_ipv6(const Ipv6Pieces& pieces, std::string& out);

}  // namespace placer
