#include "scraper/extract/rdfa/rdfa.h"

#include <cstddef>
#include <string>
#include <utility>

#include "scraper/extract/rdfa/graph.h"
#include "scraper/extract/rdfa/schema.h"
#include "scraper/extract/schema/places.h"

namespace placer {
namespace {

using nlohmann::json;

json expanded(const RdfaGraph& graph, const RdfaValue& value) {
  if (value.resource != RdfaValue::kNoResource) {
    return {{"@id", graph.resources()[value.resource].iri}};
  }
  json written = {{"@value", value.text}};
  if (!value.language.empty()) written["@language"] = value.language;
  if (!value.datatype.empty()) written["@type"] = value.datatype;
  return written;
}

}  // namespace

json Rdfa::items(const Page& page) const {
  const RdfaGraph graph(page, RdfaReading::kStandard);
  json items = json::array();
  for (const RdfaResource& resource : graph.resources()) {
    if (resource.types.empty() && resource.statements.empty()) continue;
    json item = {{"@id", resource.iri}};
    if (!resource.types.empty()) item["@type"] = resource.types;
    for (const RdfaStatement& statement : resource.statements) {
      if (statement.property.starts_with('@')) continue;  // no name, but a keyword of JSON-LD
      item[statement.property].push_back(expanded(graph, statement.value));
    }
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<RawPlace> Rdfa::places(const Page& page) const {
  if (!page.index().has_typeof) return {};
  const RdfaGraph graph(page, RdfaReading::kForgiving);
  const std::vector<json> nodes = schema_nodes(graph);
  std::vector<SchemaDocument> documents;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    documents.push_back({.path = "item[" + std::to_string(i + 1) + "]", .value = &nodes[i]});
  }
  return find_places(documents, PathStyle::kIndexed);
}

}  // namespace placer
