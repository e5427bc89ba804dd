// Postal addresses: from a schema.org place to the addr_* fields.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/place/place.h"

namespace placer {

struct StreetLine {
  std::string street;
  std::string housenumber;  // empty: not told apart
  std::string unit;         // "Suite 5"; empty: none
};

// Tells a street line's housenumber and unit apart where that is sure: the number stands where the
// country writes it, or beside a word for "street". `country` is an alpha-2 code or empty. What
// is not sure stays in `street`.
StreetLine split_street(std::string_view line, std::string_view country);

// Fills the addr_* fields from the "address" of `fields`, or of its "location". An address in parts
// gives the parts, and addr_full put together from them. One that is a plain string, or whose
// street holds all of it, gives addr_full as it stands, and the parts where it is sure what they
// are (address_text.h). addr_country is the stated one only; likely_country goes further.
void fill_address(const nlohmann::json& fields, Place& place);

// The country a place's national telephone numbers and address belong to. The ladder, strongest
// first: the stated country; the top-level domain of the place's website; that of the page; the
// coordinates. A domain's country that cannot hold the coordinates is passed over. Empty: unknown.
std::string likely_country(const Place& place, std::string_view page_host,
                           std::string_view website_host);

}  // namespace placer
