#include "scraper/extract/microdata/microdata.h"

#include <algorithm>
#include <string>
#include <utility>

#include "scraper/extract/microdata/items.h"
#include "scraper/extract/schema/places.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxSpent = 16UL << 20;  // bytes of all items of a page, about

// Writes items as JSON trees. An item that several others share (itemref) is written several times,
// so what is written is bounded.
class Writer {
 public:
  explicit Writer(const MicrodataItems& items) : items_(items) {}

  // The form of Microdata::items().
  json compact(const MicrodataItem& item) {
    json written = json::object();
    if (!item.types.empty()) written["type"] = bare(item.types);
    if (!item.id.empty()) written["id"] = item.id;
    if (item.properties.empty()) {
      spent_ += item.text.size();
      written["value"] = spent_ > kMaxSpent ? std::string() : item.text;
      return written;
    }
    json properties = values(item, &Writer::compact);
    for (auto& [name, list] : properties.items()) {
      if (list.size() == 1) list = json(std::move(list[0]));
    }
    written["properties"] = std::move(properties);
    return written;
  }

  // The form of a JSON-LD node, every value in an array.
  json node(const MicrodataItem& item) {
    json written = values(item, &Writer::node);
    if (!item.types.empty()) written["@type"] = item.types;
    if (!item.id.empty()) written["@id"] = item.id;
    return written;
  }

 private:
  static json bare(const std::vector<std::string>& list) {
    return list.size() == 1 ? json(list[0]) : json(list);
  }

  // The values by name, those in writing left out. Recursion to at most kMaxDepth levels.
  json values(const MicrodataItem& item, json (Writer::*write)(const MicrodataItem&)) {
    json lists = json::object();
    open_.push_back(&item);
    for (const MicrodataProperty& property : item.properties) {
      constexpr std::size_t kOverhead = 64;
      spent_ += property.name.size() + kOverhead;
      if (property.value.is_string()) spent_ += property.value.get_ref<const std::string&>().size();
      if (spent_ > kMaxSpent) break;
      if (property.item == MicrodataProperty::kNoItem) {
        lists[property.name].push_back(property.value);
        continue;
      }
      const MicrodataItem& nested = items_.all()[property.item];
      const bool cycle = std::ranges::find(open_, &nested) != open_.end();
      if (!cycle && open_.size() < kMaxDepth)
        lists[property.name].push_back((this->*write)(nested));
    }
    open_.pop_back();
    return lists;
  }

  const MicrodataItems& items_;
  std::vector<const MicrodataItem*> open_;  // being written, from the outside in
  std::size_t spent_ = 0;
};

}  // namespace

json Microdata::items(const Page& page) const {
  const MicrodataItems items(page);
  Writer writer(items);
  json written = json::array();
  for (const MicrodataItem& item : items.all()) {
    if (item.top_level) written.push_back(writer.compact(item));
  }
  return written;
}

std::vector<RawPlace> Microdata::places(const Page& page) const {
  if (!page.index().has_itemscope) return {};
  const MicrodataItems items(page);
  Writer writer(items);
  std::vector<json> nodes;
  std::vector<std::string> paths;
  std::size_t top_level = 0;
  std::size_t orphans = 0;
  for (const MicrodataItem& item : items.all()) {
    if (!item.top_level && !item.orphan) continue;
    paths.push_back(item.top_level ? "item[" + std::to_string(++top_level) + "]"
                                   : "orphan[" + std::to_string(++orphans) + "]");
    nodes.push_back(writer.node(item));
  }
  std::vector<SchemaDocument> documents;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    documents.push_back({.path = paths[i], .value = &nodes[i]});
  }
  return find_places(documents, PathStyle::kIndexed);
}

}  // namespace placer
