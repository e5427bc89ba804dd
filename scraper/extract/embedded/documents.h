// The JSON documents that a page embeds, for those who search them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scraper/page/page.h"

namespace placer {

struct EmbeddedDocument {
  std::string path;  // where in the page (embedded.h)
  nlohmann::json value;
  bool marker = false;  // the data attributes of one element, not JSON
};

// Those that mention places (dictionary.h), in the page's order. Linear in the page; the rest of a
// page costs one look at the text of its scripts and attributes.
std::vector<EmbeddedDocument> embedded_documents(const Page& page);

}  // namespace placer
