#include "scraper/extract/microformats/microformats.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "scraper/extract/microformats/items.h"
#include "scraper/extract/microformats/place.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 64;  // items within items beyond that are left out

class Writer {
 public:
  explicit Writer(const MicroformatItems& items) : items_(items) {}

  // Recursion to at most kMaxDepth levels.
  json item(const MicroformatItem& item, std::size_t depth = 1) const {
    json written = {{"type", item.types}, {"properties", json::object()}};
    if (!item.id.empty()) written["id"] = item.id;
    if (!item.language.empty()) written["lang"] = item.language;
    for (const MicroformatProperty& property : item.properties) {
      if (property.item == MicroformatProperty::kNoItem || depth < kMaxDepth) {
        written["properties"][property.name].push_back(value(property, depth));
      }
    }
    if (depth == kMaxDepth) return written;
    for (const std::uint32_t child : item.children) {
      written["children"].push_back(this->item(items_.all()[child], depth + 1));
    }
    return written;
  }

 private:
  json value(const MicroformatProperty& property, std::size_t depth) const {
    const bool nested = property.item != MicroformatProperty::kNoItem;
    const bool markup = property.kind == PropertyKind::kMarkup;
    if (!nested && !markup && !property.alt) return property.value;
    json written = nested ? item(items_.all()[property.item], depth + 1) : json::object();
    written["value"] = property.value;
    if (property.alt) written["alt"] = *property.alt;
    if (markup) written["html"] = property.html;
    if (!property.language.empty()) written["lang"] = property.language;
    return written;
  }

  const MicroformatItems& items_;
};

}  // namespace

json Microformats::items(const Page& page) const {
  const MicroformatItems items(page, Roots::kAll);
  const Writer writer(items);
  json written = json::array();
  for (const MicroformatItem& item : items.all()) {
    if (item.parent == MicroformatProperty::kNoItem) written.push_back(writer.item(item));
  }
  return written;
}

std::vector<RawPlace> Microformats::places(const Page& page) const {
  const MicroformatItems items(page, Roots::kKnown);
  std::vector<RawPlace> places;
  struct Count {
    const char* type;
    std::size_t seen = 0;
  };
  std::array<Count, 3> counts = {{{"h-card"}, {"h-adr"}, {"h-geo"}}};
  for (std::size_t i = 0; i < items.all().size(); ++i) {
    std::string path;
    for (Count& count : counts) {
      if (!items.all()[i].is(count.type)) continue;
      ++count.seen;
      if (path.empty()) path = std::string(count.type) + "[" + std::to_string(count.seen) + "]";
    }
    if (path.empty()) continue;
    if (std::optional<json> fields = microformat_place(items, static_cast<std::uint32_t>(i))) {
      places.push_back({.path = std::move(path), .fields = std::move(*fields)});
    }
  }
  return places;
}

}  // namespace placer
