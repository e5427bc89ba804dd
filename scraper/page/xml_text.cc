#include "scraper/page/xml_text.h"

#include <cstddef>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "scraper/ascii.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 500'000;

void add_member(json& object, const std::string& name, json value) {
  const auto found = object.find(name);
  if (found == object.end()) {
    object[name] = std::move(value);
  } else if (found->is_array()) {  // a value is never an array by itself
    found->push_back(std::move(value));
  } else {
    *found = json::array({std::move(*found), std::move(value)});
  }
}

// Recursion to at most kMaxDepth levels.
json value_of(const pugi::xml_node& element, int depth, std::size_t& nodes) {
  json object = json::object();
  std::string text;
  for (const pugi::xml_attribute& attribute : element.attributes()) {
    object["@" + std::string(attribute.name())] = attribute.value();
    ++nodes;
  }
  for (const pugi::xml_node& child : element.children()) {
    if (++nodes > kMaxNodes) break;
    if (child.type() == pugi::node_element) {
      if (depth < kMaxDepth) add_member(object, child.name(), value_of(child, depth + 1, nodes));
    } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  const std::string_view bare = ascii::trim(text);
  if (object.empty()) return json(bare);
  if (!bare.empty()) object["#text"] = bare;
  return object;
}

}  // namespace

std::optional<json> read_xml(std::string_view text) {
  pugi::xml_document document;
  const auto result =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  const pugi::xml_node root = document.document_element();
  if (!result || !root) return std::nullopt;
  std::size_t nodes = 0;
  json value = json::object({{root.name(), value_of(root, 1, nodes)}});
  if (nodes > kMaxNodes) return std::nullopt;
  return value;
}

}  // namespace placer
