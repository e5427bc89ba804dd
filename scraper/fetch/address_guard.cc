#include "scraper/fetch/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace placer {
namespace {

using Reason = std::optional<std::string_view>;
using Bytes = std::span<const std::uint8_t>;

struct Block4 {
  std::uint32_t network;
  unsigned bits;
  std::string_view reason;
};

constexpr std::uint32_t ip4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA IPv4 Special-Purpose Address Registry; the first match counts.
constexpr Block4 kBlocks4[] = {
    {ip4(169, 254, 169, 254), 32, "cloud metadata"},
    {ip4(168, 63, 129, 16), 32, "cloud metadata"},  // public, but answers only inside one cloud
    {ip4(255, 255, 255, 255), 32, "broadcast"},
    {ip4(0, 0, 0, 0), 8, "this network"},
    {ip4(10, 0, 0, 0), 8, "private network"},
    {ip4(100, 64, 0, 0), 10, "carrier-grade NAT"},
    {ip4(127, 0, 0, 0), 8, "loopback"},
    {ip4(169, 254, 0, 0), 16, "link-local"},
    {ip4(172, 16, 0, 0), 12, "private network"},
    {ip4(192, 0, 0, 0), 24, "IETF protocol assignments"},
    {ip4(192, 0, 2, 0), 24, "documentation"},
    {ip4(192, 88, 99, 0), 24, "6to4 relay"},
    {ip4(192, 168, 0, 0), 16, "private network"},
    {ip4(198, 18, 0, 0), 15, "benchmarking"},
    {ip4(198, 51, 100, 0), 24, "documentation"},
    {ip4(203, 0, 113, 0), 24, "documentation"},
    {ip4(224, 0, 0, 0), 4, "multicast"},
    {ip4(240, 0, 0, 0), 4, "reserved"},
};

Reason refused4(std::uint32_t address) {
  for (const Block4& block : kBlocks4) {
    if ((address ^ block.network) >> (32 - block.bits) == 0) return block.reason;
  }
  return std::nullopt;
}

std::uint32_t embedded4(Bytes bytes, std::size_t at) {
  return ip4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

struct Block6 {
  std::array<std::uint8_t, 16> network;
  unsigned bits;
  std::string_view reason;
};

// IANA IPv6 Special-Purpose Address Registry and RFC 4291; the first match counts.
constexpr Block6 kBlocks6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 128, "unspecified"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "IPv4-mapped"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "IPv4-translated"},
    {{}, 96, "IPv4-compatible"},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "local NAT64"},
    {{0x01, 0x00}, 64, "discard"},
    {{0x20, 0x01, 0x00, 0x02}, 48, "benchmarking"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
    {{0x20, 0x01, 0x00, 0x10}, 28, "ORCHID"},
    {{0x20, 0x01, 0x00, 0x20}, 28, "ORCHID"},
    {{0x3f, 0xff}, 20, "documentation"},
    {{0x5f, 0x00}, 16, "segment routing"},
    {{0xfc}, 7, "unique local"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xfe, 0xc0}, 10, "site-local"},
    {{0xff}, 8, "multicast"},
};

bool in_block(Bytes address, Bytes network, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(network.data(), network.data() + whole, address.data())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (address[whole] ^ network[whole]) >> (8 - rest) == 0;
}

bool has_prefix(Bytes address, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

Reason refused6(Bytes address) {
  for (const Block6& block : kBlocks6) {
    if (in_block(address, block.network, block.bits)) return block.reason;
  }
  // RFC 6052 section 2.1, RFC 3056 section 2, RFC 4380 section 4 (server, then inverted client).
  if (has_prefix(address, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
    return refused4(embedded4(address, 12));
  }
  if (has_prefix(address, {0x20, 0x02})) return refused4(embedded4(address, 2));
  if (has_prefix(address, {0x20, 0x01, 0x00, 0x00})) {
    const Reason server = refused4(embedded4(address, 4));
    return server ? server : refused4(~embedded4(address, 12));
  }
  if (has_prefix(address, {0x20, 0x01}) && address[2] < 0x02) return "IETF protocol assignments";
  if (address[0] >> 5 != 1) return "reserved";  // global unicast is 2000::/3
  return std::nullopt;
}

}  // namespace

Reason refused_because(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return refused4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    return refused6(Bytes(v6.sin6_addr.s6_addr, 16));
  }
  return "not an IP address";
}

Result<Reason> ip_refused_because(std::string_view text) {
  std::string plain(text);
  if (plain.size() > 2 && plain.front() == '[' && plain.back() == ']') {
    plain = plain.substr(1, plain.size() - 2);
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, plain.c_str(), &v4.sin_addr) == 1) {
    return refused_because(reinterpret_cast<const sockaddr*>(&v4));
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET6, plain.c_str(), &v6.sin6_addr) == 1) {
    return refused_because(reinterpret_cast<const sockaddr*>(&v6));
  }
  return fail(ErrorCode::kInvalidArgument, "not an IP address: " + std::string(text));
}

}  // namespace placer
