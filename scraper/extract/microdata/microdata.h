// Microdata (HTML standard, section 5).
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Microdata : public Extractor {
 public:
  std::string_view format() const override { return "microdata"; }

  // The top-level items in tree order, items within them nested:
  //   {"type": "http://schema.org/Cafe", "id": "...", "properties": {"name": "X", "url": [...]}}
  // A single type or value stands bare, several in an array. "type" and "id" are absent when not
  // given; an item without properties has its text as "value" instead. An item within itself is
  // left out. Text is as a reader sees it: white space collapsed, without script and style.
  nlohmann::json items(const Page& page) const override;

  // Paths are "item[K]/location[1]": K counts the top-level items, the other number the values of
  // the property, both from 1. Items with an itemprop that belong to no item are read too:
  // "orphan[K]".
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
