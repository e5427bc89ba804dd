// What a page says of its one place in plain words.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class PageText : public Extractor {
 public:
  std::string_view format() const override { return "text"; }

  nlohmann::json items(const Page& page) const override;

  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
