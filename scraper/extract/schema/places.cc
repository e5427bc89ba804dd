#include "scraper/extract/schema/places.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "scraper/extract/schema/fields.h"
#include "scraper/extract/schema/node.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxJoined = 64;  // nodes of one @id that are looked at

bool contradict(const json& a, const json& b) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"name", "address", "telephone", "geo", "branchCode"},
      [&](std::string_view property) {
        const json* const x = node_property(a, property);
        const json* const y = node_property(b, property);
        return x != nullptr && y != nullptr && x->type() == y->type() && *x != *y;
      });
}

// The place among `nodes`, which share an @id, that says most; of equals the first.
std::uint32_t fullest(const SchemaGraph& graph, std::span<const std::uint32_t> nodes) {
  return *std::ranges::max_element(nodes, {}, [&graph](std::uint32_t index) {
    const SchemaGraph::Node& node = graph.nodes()[index];
    return node.place ? node.object->size() + 1 : 0;
  });
}

// The nodes that state the place at `index`, itself first.
std::vector<std::uint32_t> statements_of(const SchemaGraph& graph, std::uint32_t index) {
  std::vector<std::uint32_t> joined = {index};
  const SchemaGraph::Node& node = graph.nodes()[index];
  const std::string_view id = node_id(*node.object);
  if (id.empty()) return joined;
  std::span<const std::uint32_t> same = graph.with_id(id, node.document);
  same = same.first(std::min(same.size(), kMaxJoined));
  if (same.size() < 2 || fullest(graph, same) != index) return joined;
  for (const std::uint32_t other : same) {
    const json& statement = *graph.nodes()[other].object;
    if (other == index || statement == *node.object || contradict(*node.object, statement))
      continue;
    joined.push_back(other);
  }
  return joined;
}

}  // namespace

std::vector<RawPlace> find_places(const std::vector<SchemaDocument>& documents, PathStyle style) {
  const SchemaGraph graph(documents, style);
  std::vector<std::vector<std::uint32_t>> stated;
  std::vector<bool> joined(graph.nodes().size());
  for (std::uint32_t i = 0; i < graph.nodes().size(); ++i) {
    if (!graph.nodes()[i].place) continue;
    stated.push_back(statements_of(graph, i));
    for (const std::uint32_t other : std::span(stated.back()).subspan(1)) joined[other] = true;
  }
  SchemaFields fields(graph);
  std::vector<RawPlace> places;
  for (const auto& nodes : stated) {
    if (joined[nodes.front()]) continue;
    places.push_back({.path = graph.nodes()[nodes.front()].path, .fields = fields.of(nodes)});
  }
  return places;
}

}  // namespace placer
