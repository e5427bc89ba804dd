// What a page says of places in plain words: addresses, telephone numbers, opening hours.
//
// For pages without markup. Pages about one business, and lists of branches, state an address, or a
// number in a line of its own; news and blog posts with a number in their text state no place, and
// nor does a heading beside a number that stands on every page of the site.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class PageText : public Extractor {
 public:
  std::string_view format() const override { return "text"; }

  // All that was found, by kind: {"phones", "faxes", "postcodes", "streets", "cities", "states",
  // "hours", "names", "emails"}; each an array of {"text", "line"} and, where it is understood,
  // "e164" or "osm". Lines count from 1.
  nlohmann::json items(const Page& page) const override;

  // A place needs a name, and an address with a street or a telephone number in a line of its own.
  // Several different addresses are several places, each with the telephone numbers and hours that
  // follow it, and the heading or line above it as its name. One without such a name is no place
  // (imprints name courts, authorities and agencies), but one takes the owner's: the one beside the
  // owner's name, else the first that stands in a line of its own. Paths are "body/line 14": the
  // line of text, from 1, where the address (or number) begins. Telephone numbers are given as
  // E.164, hours in OSM's syntax; `items` has them as written.
  //
  // Numbers and links in header, navigation and footer, and links whose text is no number, are the
  // site's: without an address only a page whose owner the whole site names, or its home or contact
  // page, makes a place of them, and another's address gets none of them that is not beside it.
  // Places without an address are of last resort.
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
