#include "scraper/extract/schema/graph.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>

#include "scraper/ascii.h"
#include "scraper/extract/schema/node.h"
#include "scraper/extract/schema/types.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestStep = 64;
constexpr std::size_t kLongestPath = 512;

// From what is a place least to what is one always.
enum class Kind : std::uint8_t { kNone, kArea, kAccommodation, kBare, kSite, kBusiness };

Kind kind_of(std::string_view type) {
  if (!is_place_type(type)) return Kind::kNone;
  if (is_local_business(type)) return Kind::kBusiness;
  for (const std::string_view area : {"AdministrativeArea", "DefinedRegion", "Continent"}) {
    if (is_schema_subtype(type, area)) return Kind::kArea;
  }
  if (is_schema_subtype(type, "Accommodation")) return Kind::kAccommodation;
  return type == "Place" ? Kind::kBare : Kind::kSite;
}

Kind kind_of_node(const json& node) {
  Kind kind = Kind::kNone;
  for (const std::string& type : node_types(node)) kind = std::max(kind, kind_of(type));
  return kind;
}

using ascii::is_one_of;

// Properties whose value stands as much on its own as the node that has it.
bool passes_on(std::string_view property) {
  return is_one_of(property, {"@graph", "@included", "@list", "@set", "about", "item",
                              "itemListElement", "mainEntity", "mainEntityOfPage"});
}

bool names_area(std::string_view property) {
  return is_one_of(property, {"addressCountry", "addressLocality", "addressRegion", "areaServed",
                              "birthPlace", "deathPlace", "eligibleRegion", "foundingLocation",
                              "homeLocation", "ineligibleRegion", "jurisdiction", "locationCreated",
                              "nationality", "serviceArea", "spatialCoverage"});
}

bool has_any(const json& node, std::initializer_list<std::string_view> properties) {
  return std::ranges::any_of(properties, [&node](std::string_view property) {
    const json* value = node_property(node, property);
    return value != nullptr && !value->is_null() && !value->empty();
  });
}

std::string id_key(std::string_view id, std::uint32_t document) {
  std::string key(id);
  if (id.starts_with("_:")) key.append(1, ' ').append(std::to_string(document));
  return key;
}

std::string_view cut(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return text;
  while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xC0) == 0x80) --longest;
  return text.substr(0, longest);
}

}  // namespace

class SchemaGraph::Walk {
 public:
  Walk(SchemaGraph& graph, PathStyle style) : graph_(graph), style_(style) {}

  void visit(const SchemaDocument& document, std::uint32_t index);
  void choose_places();

 private:
  // What a node needs besides Node until the places are chosen.
  struct Standing {
    Kind kind;
    bool stated;
    std::string_view property;  // that it is the value of
  };
  struct Frame {
    const json* value;
    json::const_iterator next;
    std::size_t index;  // of `next`
    std::size_t path_size;
    std::uint32_t parent;
    bool stated;
    std::string_view property;
  };

  void enter(const json& value, const Frame& from);
  std::uint32_t record(const json& object, const Frame& frame);
  std::string_view append_step(const Frame& frame);
  bool is_place(std::uint32_t index) const;
  bool is_bare_place(const Node& node, const Standing& standing) const;

  SchemaGraph& graph_;
  PathStyle style_;
  std::uint32_t document_ = 0;
  std::size_t candidates_ = 0;
  std::string path_;
  std::vector<Frame> frames_;
  std::vector<Standing> standings_;
  std::unordered_set<std::string> referenced_;
};

void SchemaGraph::Walk::visit(const SchemaDocument& document, std::uint32_t index) {
  document_ = index;
  path_ = document.path;
  enter(*document.value, {.value = nullptr,
                          .next = {},
                          .index = 0,
                          .path_size = 0,
                          .parent = kNone,
                          .stated = true,
                          .property = {}});
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    path_.resize(frame.path_size);
    if (frame.next == frame.value->end()) {
      frames_.pop_back();
      continue;
    }
    const json& child = *frame.next;
    if (!child.is_structured()) {
      ++frame.next;
      ++frame.index;
      continue;
    }
    Frame below = frame;
    const std::string_view name = append_step(frame);
    if (frame.value->is_object()) {
      below.property = name;
      below.stated = frame.stated && passes_on(name);
    }
    ++frame.next;
    ++frame.index;
    if (name != "@context") enter(child, below);
  }
}

// Begins to walk `value`, standing where `from` says.
void SchemaGraph::Walk::enter(const json& value, const Frame& from) {
  if (!value.is_structured()) return;
  Frame frame = from;
  frame.value = &value;
  frame.next = value.begin();
  frame.index = 0;
  frame.path_size = path_.size();
  if (value.is_object()) frame.parent = record(value, from);
  frames_.push_back(frame);
}

// The node that is the parent of what `object` holds.
std::uint32_t SchemaGraph::Walk::record(const json& object, const Frame& frame) {
  const std::string_view id = node_id(object);
  const bool full = has_properties(object);
  const Kind kind = candidates_ < 2 * kMaxPlaces ? kind_of_node(object) : Kind::kNone;
  if (!id.empty() && !full) referenced_.insert(id_key(id, document_));
  if (id.empty() && kind == Kind::kNone && !object.contains("@type")) return frame.parent;
  const auto index = static_cast<std::uint32_t>(graph_.nodes_.size());
  Node node{.object = &object, .document = document_, .parent = frame.parent, .path = {}};
  if (kind != Kind::kNone) {
    node.path = path_;
    ++candidates_;
  }
  graph_.nodes_.push_back(std::move(node));
  standings_.push_back({.kind = kind, .stated = frame.stated, .property = frame.property});
  if (!id.empty() && full) graph_.by_id_[id_key(id, document_)].push_back(index);
  return index;
}

// Appends the step to the frame's next child to the path; the bare name of a property.
std::string_view SchemaGraph::Walk::append_step(const Frame& frame) {
  std::string step;
  std::string_view name;
  if (frame.value->is_object()) {
    name = strip_schema_prefix(frame.next.key());
    step += '/';
    for (const char c : cut(name, kLongestStep)) {
      if (c == '~' || c == '/') {
        step += c == '~' ? "~0" : "~1";
      } else {
        step += c;
      }
    }
    if (name.size() > kLongestStep) step += "~" + std::to_string(frame.index);
  } else if (style_ == PathStyle::kPointer) {
    step = "/" + std::to_string(frame.index);
  } else {
    step = "[" + std::to_string(frame.index + 1) + "]";
  }
  if (path_.size() <= kLongestPath) path_ += step;
  return name;
}

void SchemaGraph::Walk::choose_places() {
  std::size_t places = 0;
  for (std::uint32_t i = 0; i < graph_.nodes_.size() && places < kMaxPlaces; ++i) {
    Node& node = graph_.nodes_[i];
    if (!is_place(i)) continue;
    node.place = true;
    ++places;
    if (node.path.size() > kLongestPath) node.path += "#" + std::to_string(places);
    graph_.places_.emplace(node.object, i);
  }
}

bool SchemaGraph::Walk::is_place(std::uint32_t index) const {
  const Node& node = graph_.nodes_[index];
  const Standing& standing = standings_[index];
  if (standing.kind == Kind::kNone) return false;
  const json& object = *node.object;
  const std::string_view id = node_id(object);
  // A reference is its target's affair; only one that leads nowhere is all there is of the place.
  if (!has_properties(object)) {
    return standing.kind == Kind::kBusiness && !id.empty() &&
           graph_.with_id(id, node.document).empty();
  }
  const bool located = has_any(object, {"address", "geo"});
  switch (standing.kind) {
    case Kind::kBusiness:
      return true;
    case Kind::kSite:
      return !names_area(standing.property) && (located || has_any(object, {"name"}));
    case Kind::kBare:
      return is_bare_place(node, standing);
    case Kind::kAccommodation:
      return !names_area(standing.property) &&
             (located || (standing.stated && has_any(object, {"name"})));
    case Kind::kArea:
      return standing.stated && has_any(object, {"name"}) &&
             !referenced_.contains(id_key(id, node.document));
    case Kind::kNone:
      break;
  }
  return false;
}

bool SchemaGraph::Walk::is_bare_place(const Node& node, const Standing& standing) const {
  const json& object = *node.object;
  const json* name = node_property(object, "name");
  if (standing.stated) return name != nullptr || has_any(object, {"address", "geo"});
  if (names_area(standing.property) || !has_any(object, {"name"})) return false;
  if (!has_any(object, {"address", "geo", "telephone"})) return false;
  if (node.parent == kNone || standings_[node.parent].kind == Kind::kNone) return true;
  const json* around = node_property(*graph_.nodes_[node.parent].object, "name");
  return around == nullptr || *around != *name;
}

SchemaGraph::SchemaGraph(const std::vector<SchemaDocument>& documents, PathStyle style) {
  Walk walk(*this, style);
  for (std::uint32_t i = 0; i < documents.size(); ++i) walk.visit(documents[i], i);
  walk.choose_places();
}

const std::vector<std::uint32_t>& SchemaGraph::with_id(std::string_view id,
                                                       std::uint32_t document) const {
  static const std::vector<std::uint32_t> kNothing;
  const auto found = by_id_.find(id_key(id, document));
  return found == by_id_.end() ? kNothing : found->second;
}

std::uint32_t SchemaGraph::place_at(const json* object) const {
  const auto found = places_.find(object);
  return found == places_.end() ? kNone : found->second;
}

}  // namespace placer
