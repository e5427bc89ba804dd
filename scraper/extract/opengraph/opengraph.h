// OpenGraph (https://ogp.me, with the business, place and restaurant objects that Facebook added)
// and the meta elements that say where a page's subject is (geo.position, geo.region,
// geo.placename, ICBM).
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class OpenGraph : public Extractor {
 public:
  std::string_view format() const override { return "opengraph"; }

  // At most one object for OpenGraph, then at most one for geo:
  //   [{"namespace": {"og": "http://ogp.me/ns#"}, "properties": [["og:title", "X"], ...]},
  //    {"geo": [["geo.position", "52.5;13.4"], ...]}]
  // Properties are in tree order, as written, those whose prefix is OpenGraph's or declared in a
  // prefix attribute of html or head. A page's metas count wherever they stand.
  nlohmann::json items(const Page& page) const override;

  // None or one, with the path "meta": see place.h.
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
