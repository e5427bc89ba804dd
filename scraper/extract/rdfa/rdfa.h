// RDFa Lite 1.1, and RDFa Core 1.1 but for lists (https://www.w3.org/TR/rdfa-core/,
// https://www.w3.org/TR/html-rdfa/).
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Rdfa : public Extractor {
 public:
  std::string_view format() const override { return "rdfa"; }

  // JSON-LD, flattened and expanded: an object for each resource that something is said of, in the
  // order of their first mention.
  //   {"@id": "https://example.org/#cafe", "@type": ["http://schema.org/CafeOrCoffeeShop"],
  //    "http://schema.org/name": [{"@value": "X", "@language": "en"}],
  //    "http://schema.org/geo": [{"@id": "_:b0"}]}
  // The page is read to the letter of the standard. Text is as a reader sees it: white space
  // collapsed, without script and style; XML literals keep their markup.
  nlohmann::json items(const Page& page) const override;

  // The page is read forgivingly (names.h), other vocabularies in schema.org's terms
  // (schema.h). Paths are "item[K]/location[1]": K counts the resources that are no other's
  // value, the other number the values of the property, both from 1.
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
