#include "scraper/extract/rdfa.h"

namespace placer {

nlohmann::json Rdfa::items(const Page& /*page*/) const { return nlohmann::json::array(); }

std::vector<RawPlace> Rdfa::places(const Page& /*page*/) const { return {}; }

}  // namespace placer
