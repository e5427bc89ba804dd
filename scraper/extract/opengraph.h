// OpenGraph and geo meta elements.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class OpenGraph : public Extractor {
 public:
  std::string_view format() const override { return "opengraph"; }

  nlohmann::json items(const Page& page) const override;

  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
