// RDFa Lite 1.1 (and the parts of RDFa Core that pages use).
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Rdfa : public Extractor {
 public:
  std::string_view format() const override { return "rdfa"; }

  nlohmann::json items(const Page& page) const override;

  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
