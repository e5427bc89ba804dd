// Hosts of http and https URLs: names, IPv4 and IPv6 addresses (URL Standard section 3.5).
#pragma once

#include <string>
#include <string_view>

namespace placer {

// Appends the serialized host that `input` (well-formed UTF-8, not empty) names: ASCII, lower
// case, IDNA labels as "xn--", IPv4 in any of its forms as four decimal numbers, IPv6 in brackets
// and compressed. False when it names none; `out` may then hold a part of it.
//
// Names go through UTS 46, nontransitional, unless they are ASCII: browsers take those as they
// are, lower-cased, even where an "xn--" label is invalid. The limits of DNS on lengths are not
// checked, but a name that is not ASCII and longer than 2,048 octets is refused (punycode takes
// quadratic time). Safe to call from any thread.
bool append_host(std::string_view input, std::string& out);

}  // namespace placer
