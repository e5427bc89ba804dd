#include "scraper/frontier/ip.h"

#include <algorithm>
#include <charconv>

#include "scraper/ascii.h"

namespace placer {
namespace {

using ascii::is_digit;

template <typename Number>
void append_number(Number number, int base, std::string& out) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

// An IPv4 number. What exceeds 32 bits comes back as 2^32, which is too large everywhere.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
  constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 32;
  if (text.empty()) return std::nullopt;
  int base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool hexadecimal = text[1] == 'x' || text[1] == 'X';
    base = hexadecimal ? 16 : 8;
    text.remove_prefix(hexadecimal ? 2 : 1);
    if (text.empty()) return 0;
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return kTooLarge;
  return std::min(number, kTooLarge);
}

// "1.2.3.4" in the last 32 bits of an IPv6 address: decimal without leading zeros.
bool read_embedded_ipv4(std::string_view text, std::uint16_t* pieces) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
    std::uint8_t number = 0;
    if (text.empty() || !is_digit(text[0])) return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || (text[0] == '0' && digits > 1)) return false;
    text.remove_prefix(digits);
    pieces[i / 2] = static_cast<std::uint16_t>(pieces[i / 2] * 256 + number);
  }
  return text.empty();
}

}  // namespace

bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty() || !is_digit(last[0])) return false;
  return std::all_of(last.begin(), last.end(), is_digit) || ipv4_number(last).has_value();
}

std::optional<std::uint32_t> parse_ipv4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::uint64_t address = 0;
  for (int shift = 24;; shift -= 8) {
    const std::size_t dot = host.find('.');
    const auto number = ipv4_number(host.substr(0, dot));
    if (!number) return std::nullopt;
    if (dot == std::string_view::npos) {
      if (*number >= std::uint64_t{1} << (shift + 8)) return std::nullopt;
      return static_cast<std::uint32_t>(address | *number);
    }
    if (*number > 255 || shift == 0) return std::nullopt;
    address |= *number << shift;
    host.remove_prefix(dot + 1);
  }
}

void append_ipv4(std::uint32_t address, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    append_number((address >> shift) & 0xFF, 10, out);
    if (shift > 0) out += '.';
  }
}

std::optional<Ipv6Pieces> parse_ipv6(std::string_view text) {
  Ipv6Pieces pieces{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;  // where "::" stands
  if (text.starts_with(':')) {
    if (!text.starts_with("::")) return std::nullopt;
    text.remove_prefix(2);
    gap = 0;
  }
  while (!text.empty()) {
    if (count == pieces.size()) return std::nullopt;
    if (text[0] == ':') {
      if (gap) return std::nullopt;
      text.remove_prefix(1);
      gap = count;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(":."), text.size());
    if (end < text.size() && text[end] == '.') {
      if (count > 6 || !read_embedded_ipv4(text, &pieces[count])) return std::nullopt;
      count += 2;
      break;
    }
    const auto parsed = std::from_chars(text.data(), text.data() + end, pieces[count], 16);
    if (end > 4 || parsed.ec != std::errc() || parsed.ptr != text.data() + end) return std::nullopt;
    ++count;
    text.remove_prefix(end);
    if (text.empty()) break;
    text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
  }
  if (gap.has_value() == (count == pieces.size())) return std::nullopt;
  if (gap) {
    const auto at = pieces.begin() + static_cast<std::ptrdiff_t>(*gap);
    std::rotate(at, pieces.begin() + static_cast<std::ptrdiff_t>(count), pieces.end());
  }
  return pieces;
}

void append_ipv6(const Ipv6Pieces& pieces, std::string& out) {
  std::size_t gap = pieces.size();
  std::size_t gap_size = 1;  // a single zero is written out
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::size_t end = i;
    while (end < pieces.size() && pieces[end] == 0) ++end;
    if (end - i > gap_size) {
      gap = i;
      gap_size = end - i;
    }
    i = std::max(i, end);
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i == gap) {
      out += i == 0 ? "::" : ":";
      i += gap_size - 1;
      continue;
    }
    append_number(pieces[i], 16, out);
    if (i + 1 < pieces.size()) out += ':';
  }
}

}  // namespace placer
