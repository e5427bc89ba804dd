#include "scraper/extract/microformats.h"

namespace placer {

nlohmann::json Microformats::items(const Page& /*page*/) const { return nlohmann::json::array(); }

std::vector<RawPlace> Microformats::places(const Page& /*page*/) const { return {}; }

}  // namespace placer
