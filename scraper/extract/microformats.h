// Microformats 2: h-card, h-adr, h-geo, and classic hCard, adr, geo.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Microformats : public Extractor {
 public:
  std::string_view format() const override { return "microformats"; }

  nlohmann::json items(const Page& page) const override;

  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
