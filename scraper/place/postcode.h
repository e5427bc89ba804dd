// Postal codes in running text, by the forms countries give them (UPU S42, Universal Postal Union).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// Where the code stands in an address line.
enum class PostcodeOrder {
  kAfterState,  // "Austin, TX 78701"
  kAfterCity,   // "London W1J 7BU"
  kBeforeCity,  // "10115 Berlin"
};

struct Postcode {
  std::size_t begin = 0;  // bytes of the text, a country prefix ("D-") included
  std::size_t end = 0;
  std::string code;          // in the country's own spelling: "W1J 7BU"
  std::string_view country;  // alpha-2; empty: a form that many countries share
  PostcodeOrder order = PostcodeOrder::kBeforeCity;
  bool certain = false;  // the form alone says that it is a code of this country
};

// All that may be postal codes, in order; where several forms fit, several in a row, the likeliest
// first. `country` (alpha-2, or empty) is where the text is thought to be from: forms without any
// mark of their own are read for it only; without it, "99999 Name" is read for no country.
// At most 4000; linear in the text.
std::vector<Postcode> find_postcodes(std::string_view text, std::string_view country);

// Does `code` have the form of the country's codes? True for countries whose form is not known.
bool is_postcode_of(std::string_view code, std::string_view country);

}  // namespace placer
