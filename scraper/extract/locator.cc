#include "scraper/extract/locator.h"

namespace placer {

nlohmann::json Locator::items(const Page& /*page*/) const { return nlohmann::json::array(); }

std::vector<RawPlace> Locator::places(const Page& /*page*/) const { return {}; }

std::vector<Link> Locator::links(const Page& /*page*/) const { return {}; }

}  // namespace placer
