// Microformats 2 and classic microformats (https://microformats.org/wiki/microformats2-parsing).
//
// h-card, h-adr and h-geo state places, and so do the classic vcard, adr and geo; which of them do
// is said in place.h. The other vocabularies are read because they stand around those.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Microformats : public Extractor {
 public:
  std::string_view format() const override { return "microformats"; }

  // The "items" array of the specification's JSON:
  //   {"type": ["h-card"], "properties": {"name": ["X"], "photo": [{"value": "...", "alt": "..."}],
  //    "adr": [{"type": ["h-adr"], "properties": {...}, "value": "..."}]}, "children": [...]}
  // with "id" and "lang" where the item states them. Every value is in an array.
  nlohmann::json items(const Page& page) const override;

  // Paths are "h-card[K]": K counts the page's items of that type in tree order, nested ones too,
  // from 1; a classic vcard is an h-card.
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
