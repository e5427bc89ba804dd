// Places in JSON that is there for scripts, not for readers.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Embedded : public Extractor {
 public:
  std::string_view format() const override { return "embedded"; }

  nlohmann::json items(const Page& page) const override;

  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
