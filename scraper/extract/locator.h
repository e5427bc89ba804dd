// Store locators: platforms that many chains use, each with its own endpoint.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Locator : public Extractor {
 public:
  std::string_view format() const override { return "locator"; }

  nlohmann::json items(const Page& page) const override;

  std::vector<RawPlace> places(const Page& page) const override;

  // The platform's endpoints, when the page shows one.
  std::vector<Link> links(const Page& page) const override;
};

}  // namespace placer
