#include "scraper/extract/page_text.h"

namespace placer {

nlohmann::json PageText::items(const Page& /*page*/) const { return nlohmann::json::array(); }

std::vector<RawPlace> PageText::places(const Page& /*page*/) const { return {}; }

}  // namespace placer
