#include "scraper/extract/json_ld.h"

#include <algorithm>
#include <string>
#include <utility>

#include "scraper/extract/schema/places.h"
#include "scraper/page/json_text.h"

namespace placer {
namespace {

using nlohmann::json;

struct Block {
  std::size_t script;  // 1-based, among the JSON-LD scripts
  json document;
};

// A MIME type with any parameters (WHATWG MIME Sniffing, section 4.4).
bool is_json_ld(std::string_view type) {
  constexpr std::string_view kSpace = " \t\r\n\f";
  constexpr std::string_view kEssence = "application/ld+json";
  type = type.substr(0, type.find(';'));
  type.remove_prefix(std::min(type.find_first_not_of(kSpace), type.size()));
  type = type.substr(0, type.find_last_not_of(kSpace) + 1);
  return std::ranges::equal(type, kEssence, [](char written, char lower) {
    return (written >= 'A' && written <= 'Z' ? written + ('a' - 'A') : written) == lower;
  });
}

std::vector<Block> read_blocks(const Page& page) {
  std::vector<Block> blocks;
  JsonBudget budget;
  std::size_t script = 0;
  for (const Node node : page.index().carriers) {
    if (node.tag() != "script") continue;
    const auto type = node.attribute("type");
    if (!type || !is_json_ld(*type)) continue;
    ++script;
    auto document = read_json(text_content(node), budget);
    if (document && document->is_structured()) {
      blocks.push_back({.script = script, .document = std::move(*document)});
    }
  }
  return blocks;
}

}  // namespace

json JsonLd::items(const Page& page) const {
  json items = json::array();
  for (Block& block : read_blocks(page)) items.push_back(std::move(block.document));
  return items;
}

std::vector<RawPlace> JsonLd::places(const Page& page) const {
  const std::vector<Block> blocks = read_blocks(page);
  std::vector<SchemaDocument> documents;
  for (const Block& block : blocks) {
    documents.push_back(
        {.path = "script[" + std::to_string(block.script) + "]", .value = &block.document});
  }
  return find_places(documents, PathStyle::kPointer);
}

}  // namespace placer
