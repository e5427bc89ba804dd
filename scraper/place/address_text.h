// Postal addresses in plain text: found on a page, or split where a publisher wrote one line.
//
// An address is known by its postal code (postcode.h) with a city beside it; the street is what
// stands before them. Pure, safe for concurrent use, linear in the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// As written, white space and separators apart. Empty: not stated.
struct WrittenAddress {
  std::size_t begin = 0;  // bytes of the text: from street or city
  std::size_t end = 0;    // to postal code, city or country, whichever is last
  std::string street;     // "720 Brazos Street, Ste 110", "PO Box 50188"
  std::string city;
  std::string state;
  std::string postcode;
  std::string country;  // alpha-2: stated behind the address, or proven by the form of the code
};

// The addresses of a text in several lines, in order, at most 500. `country` (alpha-2 or empty) is
// where the text is thought to be from; a code that several countries could have issued needs a
// street beside it. Lines of "City, ST" without a code are addresses too when a street precedes.
std::vector<WrittenAddress> find_addresses(std::string_view text, std::string_view country);

// A whole line that is one address and nothing else: street, city and postal code are there, and
// nothing is left over. Nothing when that is not sure.
std::optional<WrittenAddress> split_address(std::string_view line, std::string_view country);

}  // namespace placer
