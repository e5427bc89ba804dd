// The nodes of a page's schema.org-shaped documents, and which of them are places.
//
// A node is a place
//   - always, when one of its types is in the LocalBusiness tree, wherever in a document it stands;
//   - for other types below Place (Museum, Park, ...), when it states a name, an address or
//     coordinates and is not named as an area (areaServed, nationality, ...);
//   - as a bare Place, when it is stated or else has a name and an address, coordinates or a
//     telephone, and is not merely where its parent is: Event.location yes, the nameless or
//     like-named location of a Restaurant no, that is part of the Restaurant;
//   - as an accommodation (Apartment, HotelRoom, ...), when it is stated or located by itself;
//   - as an area (City, Country, State, ...), only when it is stated and no other node refers to
//   it.
// Stated means on its own: at the top of a document or reached through @graph, mainEntity,
// itemListElement and the like only. Organizations that are not also a LocalBusiness, addresses,
// coordinates, shapes and virtual locations are no places.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace placer {

// A JSON value of a page and where it stands: "script[2]".
struct SchemaDocument {
  std::string path;
  const nlohmann::json* value = nullptr;  // nested at most a few hundred levels deep
};

// How paths go on below a document.
enum class PathStyle : std::uint8_t {
  kPointer,  // JSON Pointer steps: "/@graph/0/location"
  kIndexed,  // properties with 1-based places in their lists: "/location[1]"
};

// Immutable once built; refers into the documents. Built without recursion in linear time.
class SchemaGraph {
 public:
  struct Node {
    const nlohmann::json* object;
    std::uint32_t document;
    std::uint32_t parent;  // the nearest node around it; kNone at the top
    std::string path;      // for places; unique among them, cut to about 512 bytes
    bool place = false;
  };
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kMaxPlaces = 20'000;  // of one page; later ones are passed over

  SchemaGraph(const std::vector<SchemaDocument>& documents, PathStyle style);

  const std::vector<Node>& nodes() const { return nodes_; }  // in document order, typed or with @id

  // Nodes with this @id that are more than references, in document order; ids of blank nodes
  // ("_:b0") hold within their document.
  const std::vector<std::uint32_t>& with_id(std::string_view id, std::uint32_t document) const;

  // The place that is this very object, or kNone.
  std::uint32_t place_at(const nlohmann::json* object) const;

 private:
  class Walk;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_id_;
  std::unordered_map<const nlohmann::json*, std::uint32_t> places_;
};

}  // namespace placer
