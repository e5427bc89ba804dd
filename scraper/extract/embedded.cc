#include "scraper/extract/embedded.h"

namespace placer {

nlohmann::json Embedded::items(const Page& /*page*/) const { return nlohmann::json::array(); }

std::vector<RawPlace> Embedded::places(const Page& /*page*/) const { return {}; }

}  // namespace placer
