// From a place as a page states it to the record: every field cleaned, nothing invented.
#pragma once

#include <string>
#include <string_view>

#include "scraper/extractor.h"
#include "scraper/message.h"

namespace placer {

struct CleanContext {
  std::string page_url;  // absolute; relative URLs of the place resolve against it
  std::string language;  // of the page, BCP 47; empty: unknown
};

// Pure, safe for concurrent use; any JSON gives an Observation, perhaps an empty one. What cannot
// be understood for certain is left out of the Place and stays in `raw`. All text is valid UTF-8
// without control characters.
//
// Choices that are not in place.h:
//   ref       branchCode, else identifier, else "@id" unless that is the page's own URL or a blank
//             node
//   branch    what follows "BRAND - " in the name
//   country   stated, else the top-level domain of website or page when there is an address
//   phone     national numbers are read in that country; extensions and faxes go to tags
//   website   "url" only: a page about a place is not the place's website
//   rating    on a scale of 5 when none is stated (schema.org); out of range: left out
//   lat, lon  (0, 0) is left out; swapped back only when that alone makes them valid, or puts them
//             into the stated country; the tag "note:placer" tells of that, and of coordinates
//             outside of the stated country
Observation clean(const RawPlace& raw, std::string_view format, const CleanContext& context);

}  // namespace placer
