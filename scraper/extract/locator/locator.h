// Store locators: platforms that many chains use, each with its own endpoint.
//
// links() of a page that shows a platform (platform.h) names its endpoint; places() of the
// answer are the stores, read by their keys (dictionary_place.h); links() of the answer is the next
// page of it. Endpoints go through the frontier as any URL: robots.txt, politeness and the limits
// of the job hold for them, only its scope does not.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Locator : public Extractor {
 public:
  std::string_view format() const override { return "locator"; }

  // {"platform": ..., "endpoint": ..., "body": ...} for each platform that the page shows.
  nlohmann::json items(const Page& page) const override;

  // Of an answer: at most 20,000, paths are JSON Pointers: "/results/locations/3".
  std::vector<RawPlace> places(const Page& page) const override;

  std::vector<Link> links(const Page& page) const override;
};

}  // namespace placer
