#include "scraper/extract/opengraph.h"

namespace placer {

nlohmann::json OpenGraph::items(const Page& /*page*/) const { return nlohmann::json::array(); }

std::vector<RawPlace> OpenGraph::places(const Page& /*page*/) const { return {}; }

}  // namespace placer
