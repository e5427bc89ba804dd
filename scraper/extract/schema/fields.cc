#include "scraper/extract/schema/fields.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "scraper/extract/schema/node.h"
#include "scraper/extract/schema/types.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 12;

bool is_keyword_left_out(std::string_view key) {
  return key == "@context" || key == "@type" || key == "@id" || key == "@reverse" ||
         key == "@included" || key == "@graph";
}

// Properties that lead away from the place, to the pages about it.
bool leads_away(std::string_view property) {
  return property == "mainEntityOfPage" || property == "subjectOf" || property == "isPartOf";
}

std::size_t written_size(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace).size();
}

// Leaves out the largest members until the object, written, is within `limit`.
void drop_largest(json& object, std::size_t limit) {
  std::vector<std::pair<std::size_t, std::string>> members;
  std::size_t total = 2;
  for (const auto& member : object.items()) {
    const std::size_t size = written_size(member.value()) + member.key().size() + 4;
    total += size;
    if (member.key() != "@type") members.emplace_back(size, member.key());
  }
  std::ranges::sort(members, std::greater<>());
  for (const auto& [size, key] : members) {
    if (total <= limit) break;
    object.erase(key);
    total -= size;
  }
}

}  // namespace

json SchemaFields::of(std::span<const std::uint32_t> nodes) {
  json fields = json::object();
  std::vector<std::string> types;
  bytes_ = 0;
  for (const std::uint32_t index : nodes) {
    const SchemaGraph::Node& node = graph_.nodes()[index];
    for (std::string& type : node_types(*node.object)) {
      if (std::ranges::find(types, type) == types.end()) types.push_back(std::move(type));
    }
    const std::string_view id = node_id(*node.object);
    if (!id.empty() && !fields.contains("@id")) fields["@id"] = std::string(id);
    open_.push_back(node.object);
    add(*node.object, node.document, fields);
    open_.pop_back();
  }
  fields["@type"] = std::move(types);
  // A byte takes at most six when written.
  if (bytes_ > kMaxBytes / 8) drop_largest(fields, kMaxBytes);
  return fields;
}

void SchemaFields::add(const json& object, std::uint32_t document, json& fields) {
  for (const auto& member : object.items()) {
    if (is_keyword_left_out(member.key())) continue;
    const std::string_view name = strip_schema_prefix(member.key());
    if (name == "type" && !object.contains("@type")) continue;
    const std::string key(name);
    if (fields.contains(key)) continue;
    if (!charge(key.size() + 4)) continue;
    json value = copy(member.value(), document, name);
    if (!value.is_null()) fields[key] = std::move(value);
  }
}

// Recursion to at most kMaxDepth levels. Null when there is nothing to say.
json SchemaFields::copy(const json& value, std::uint32_t document, std::string_view property) {
  if (!value.is_structured()) {
    const std::size_t size = value.is_string() ? value.get_ref<const std::string&>().size() : 16;
    return charge(size + 4) ? value : json();
  }
  if (depth_ == kMaxDepth || !charge(2)) return {};
  ++depth_;
  json copied = value.is_array() ? copy_array(value, document, property)
                                 : copy_object(value, document, property);
  --depth_;
  return copied;
}

json SchemaFields::copy_array(const json& array, std::uint32_t document,
                              std::string_view property) {
  json copied = json::array();
  for (const json& element : array) {
    json value = copy(element, document, property);
    if (!value.is_null()) copied.push_back(std::move(value));
  }
  if (copied.empty()) return {};
  if (copied.size() == 1) return std::move(copied[0]);
  return copied;
}

json SchemaFields::copy_object(const json& object, std::uint32_t document,
                               std::string_view property) {
  for (const char* holder : {"@value", "@list", "@set"}) {
    const auto held = object.find(holder);
    if (held != object.end()) return copy(*held, document, property);
  }
  if (graph_.place_at(&object) != SchemaGraph::kNone) return name_only(object);
  if (!node_id(object).empty() && !has_properties(object))
    return follow(object, document, property);
  if (std::ranges::find(open_, &object) != open_.end()) return {};
  json copied = json::object();
  std::vector<std::string> types = node_types(object);
  if (!types.empty()) copied["@type"] = std::move(types);
  const std::string_view id = node_id(object);
  if (!id.empty() && charge(id.size())) copied["@id"] = std::string(id);
  open_.push_back(&object);
  add(object, document, copied);
  open_.pop_back();
  if (copied.empty()) return {};
  return copied;
}

// What `reference` refers to; the reference itself when that is not on the page or would go too
// far.
json SchemaFields::follow(const json& reference, std::uint32_t document,
                          std::string_view property) {
  const std::string_view id = node_id(reference);
  json unresolved = json::object();
  if (charge(id.size())) unresolved["@id"] = std::string(id);
  std::vector<std::string> types = node_types(reference);
  if (!types.empty()) unresolved["@type"] = std::move(types);
  if (leads_away(property) || embedded_ >= kMaxEmbedded) return unresolved;
  ++references_;
  json found;
  for (const std::uint32_t index : graph_.with_id(id, document)) {
    const SchemaGraph::Node& node = graph_.nodes()[index];
    if (std::ranges::find(open_, node.object) != open_.end()) break;  // a cycle
    found = copy(*node.object, node.document, property);
    break;
  }
  --references_;
  return found.is_null() ? unresolved : found;
}

json SchemaFields::name_only(const json& place) {
  json named = json::object();
  named["@type"] = node_types(place);
  const std::string_view id = node_id(place);
  if (!id.empty() && charge(id.size())) named["@id"] = std::string(id);
  const json* name = node_property(place, "name");
  if (name != nullptr && name->is_string() && charge(name->get_ref<const std::string&>().size())) {
    named["name"] = *name;
  }
  return named;
}

// Counts bytes towards the place and, below a reference, towards the page; false when that is too
// much to copy. A place's own members are copied whole, for drop_largest to choose among.
bool SchemaFields::charge(std::size_t bytes) {
  bytes_ += bytes;
  if (references_ == 0) return true;
  if (bytes_ > kMaxBytes || embedded_ >= kMaxEmbedded) return false;
  embedded_ += bytes;
  return true;
}

}  // namespace placer
