#include "scraper/frontier/host.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "scraper/frontier/ip.h"
#include "scraper/frontier/percent.h"

namespace placer {
namespace {

constexpr std::size_t kMaxInternationalName = 2048;

enum HostOctet : std::uint8_t {
  kPlain,
  kUpper,
  kForbidden,  // a forbidden domain code point
  kEncoded,    // '%' or not ASCII: needs a second look
};

constexpr std::array<std::uint8_t, 256> make_host_octets() {
  std::array<std::uint8_t, 256> octets{};
  for (std::size_t i = 0; i < 256; ++i) {
    if (i <= 0x20 || i == 0x7F) octets[i] = kForbidden;
    if (i >= 0x80 || i == '%') octets[i] = kEncoded;
    if (i >= 'A' && i <= 'Z') octets[i] = kUpper;
  }
  for (const char c : std::string_view("#/:<>?@[\\]^|")) {
    octets[static_cast<unsigned char>(c)] = kForbidden;
  }
  return octets;
}

constexpr std::array<std::uint8_t, 256> kHostOctets = make_host_octets();

// Takes a name in ASCII. REQUIRES that no '%' in it stands for an octet.
bool append_ascii_name(std::string_view name, std::string& out) {
  const std::size_t begin = out.size();
  bool upper = false;
  for (const char c : name) {
    const auto octet = kHostOctets[static_cast<unsigned char>(c)];
    if (octet == kForbidden || octet == kEncoded) return false;
    upper = upper || octet == kUpper;
  }
  out += name;
  if (upper) {
    std::transform(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                   out.begin() + static_cast<std::ptrdiff_t>(begin), ascii_lower);
  }
  const std::string_view lowered = std::string_view(out).substr(begin);
  if (!ends_in_number(lowered)) return true;
  const auto address = parse_ipv4(lowered);
  if (!address) return false;
  out.resize(begin);
  append_ipv4(*address, out);
  return true;
}

// Opened once and never closed: ICU's tables live as long as the program.
const UIDNA* uts46() {
  static const UIDNA* const kIdna = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UIDNA* idna =
        uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                            UIDNA_NONTRANSITIONAL_TO_UNICODE,
                        &error);
    return U_SUCCESS(error) ? idna : nullptr;
  }();
  return kIdna;
}

// "Domain to ASCII" with beStrict false: no limits on length, hyphens anywhere.
std::optional<std::string> domain_to_ascii(std::string_view name) {
  constexpr std::uint32_t kTolerated =
      UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
      UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (name.size() > kMaxInternationalName || uts46() == nullptr) return std::nullopt;
  std::string ascii(256, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UIDNAInfo found = UIDNA_INFO_INITIALIZER;
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t size = uidna_nameToASCII_UTF8(
        uts46(), name.data(), static_cast<std::int32_t>(name.size()), ascii.data(),
        static_cast<std::int32_t>(ascii.size()), &found, &error);
    const bool too_small = error == U_BUFFER_OVERFLOW_ERROR;
    if ((U_FAILURE(error) && !too_small) || (found.errors & ~kTolerated) != 0) return std::nullopt;
    ascii.resize(static_cast<std::size_t>(size));
    if (!too_small) return ascii;
  }
  return std::nullopt;
}

bool append_encoded_name(std::string_view input, std::string& out) {
  const std::string octets = percent_decoded(input);
  if (is_ascii(octets)) return append_ascii_name(octets, out);
  std::string name;
  append_well_formed_utf8(octets, name);
  const auto ascii = domain_to_ascii(name);
  return ascii && !ascii->empty() && append_ascii_name(*ascii, out);
}

}  // namespace

bool append_host(std::string_view input, std::string& out) {
  if (input.front() == '[') {
    if (input.size() < 2 || input.back() != ']') return false;
    const auto address = parse_ipv6(input.substr(1, input.size() - 2));
    if (!address) return false;
    out += '[';
    append_ipv6(*address, out);
    out += ']';
    return true;
  }
  const bool encoded = std::any_of(input.begin(), input.end(), [](char c) {
    return kHostOctets[static_cast<unsigned char>(c)] == kEncoded;
  });
  return encoded ? append_encoded_name(input, out) : append_ascii_name(input, out);
}

}  // namespace placer
