#include "scraper/extract/opengraph/opengraph.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/opengraph/metas.h"
#include "scraper/extract/opengraph/place.h"
#include "scraper/extract/rdfa/names.h"
#include "scraper/extract/schema/places.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::pair<std::string_view, std::string_view> kNamespaces[] = {
    {"og", "http://ogp.me/ns#"},
    {"article", "http://ogp.me/ns/article#"},
    {"book", "http://ogp.me/ns/book#"},
    {"business", "http://ogp.me/ns/business#"},
    {"music", "http://ogp.me/ns/music#"},
    {"place", "http://ogp.me/ns/place#"},
    {"product", "http://ogp.me/ns/product#"},
    {"profile", "http://ogp.me/ns/profile#"},
    {"restaurant", "http://ogp.me/ns/restaurant#"},
    {"video", "http://ogp.me/ns/video#"},
};

bool is_geo(std::string_view name) {
  const std::string lower = ascii::lower_case(name.substr(0, 16));
  return lower == "icbm" || lower.starts_with("geo.");
}

}  // namespace

json OpenGraph::items(const Page& page) const {
  json namespaces = json::object();
  const Node head = page.root().first_child();
  for (const Node element : {page.root(), head}) {
    const auto prefixes = element ? element.attribute("prefix") : std::nullopt;
    for (const auto& [prefix, iri] : read_prefixes(prefixes.value_or(""))) {
      namespaces[std::string(prefix)] = std::string(iri);
    }
  }
  json properties = json::array();
  json geo = json::array();
  for (const Meta& meta : read_metas(page)) {
    if (is_geo(meta.name)) geo.push_back(json::array({meta.name, meta.content}));
    const std::string prefix(meta.property.substr(0, meta.property.find(':')));
    const auto* const known =
        std::ranges::find(kNamespaces, prefix, [](const auto& row) { return row.first; });
    if (known != std::end(kNamespaces)) namespaces[prefix] = std::string(known->second);
    if (!prefix.empty() && namespaces.contains(prefix)) {
      properties.push_back(json::array({meta.property, meta.content}));
    }
  }
  json items = json::array();
  if (!properties.empty()) {
    items.push_back({{"namespace", std::move(namespaces)}, {"properties", std::move(properties)}});
  }
  if (!geo.empty()) items.push_back({{"geo", std::move(geo)}});
  return items;
}

std::vector<RawPlace> OpenGraph::places(const Page& page) const {
  const json place = place_of_metas(NamedMetas(read_metas(page)), page);
  if (place.is_null()) return {};
  return find_places({{.path = "meta", .value = &place}}, PathStyle::kIndexed);
}

}  // namespace placer
