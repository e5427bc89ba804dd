// Which observations are of the same place: an exact key, and the id made of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scraper/place/place.h"

namespace placer {

// Two observations with equal keys are the same place. A pure function of one observation, so
// that the result does not depend on the order in which pages arrive.
//
// The key is the folded name and the strongest evidence the observation has:
//   1. street and housenumber (in any order) with postcode, else city, else the page's host
//   2. the address as one line
//   3. coordinates, rounded to 4 decimals (11 m)
//   4. the first telephone number
//   5. the publisher's own id (ref) on the page's host
//   6. the website's host and path (a bare front page counts as its host), else the page's host,
//      with postcode or city when they are known
// The order favours what a list page repeats of a detail page, and what tells the branches of a
// chain apart before what they share (one telephone number, one website). A place without a name
// is keyed by 1 to 5 and its website, then by the whole page URL.
std::string identity_key(const Place& place, std::string_view page_url);

// XXH3 of the key, folded to 53 bits so that it survives JSON and JavaScript; never 0.
std::uint64_t place_id_of(std::string_view identity_key);

// How much is known: the share, 0 to 1, of ten main fields that are present: name, category,
// address (street or one line), city, postcode, country, coordinates, phone, website, hours.
double completeness(const Place& place);

}  // namespace placer
