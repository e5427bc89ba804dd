#include "scraper/page/tree_index.h"

#include "scraper/page/ascii.h"

namespace placer {
namespace {

bool is_reference(std::string_view tag) {
  switch (tag.size()) {
    case 1:
      return tag == "a";
    case 4:
      return tag == "link" || tag == "meta" || tag == "area" || tag == "base";
    case 5:
      return tag == "title" || tag == "frame";
    case 6:
      return tag == "iframe";
    default:
      return false;
  }
}

bool is_coordinate(std::string_view name) { return name == "data-lat" || name == "data-latitude"; }

}  // namespace

bool begins_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(ascii::kWhiteSpace);
  return first != text.npos && (text[first] == '{' || text[first] == '[');
}

bool may_be_json(std::string_view value) {
  constexpr std::size_t kShortest = 30;
  return value.size() >= kShortest && begins_json(value);
}

TreeIndex::TreeIndex(Node root) {
  Node inert_end;  // what follows the template that the walk is in
  bool inert = false;
  for (Node node = root; node; node = node.next_below(root)) {
    if (inert && node == inert_end) inert = false;
    if (!node.is_element()) continue;
    const std::string_view tag = node.tag();
    if (!inert && is_reference(tag)) {
      references.push_back(node);
      if (tag == "meta") metas.push_back(node);
    }
    if (!inert && tag == "template") {
      inert = true;
      inert_end = node.next_after(root);
    }
    bool carries = tag == "script";
    for (std::size_t i = 0; i < node.attribute_count(); ++i) {
      const auto [name, value] = node.attribute_at(i);
      if (name == "itemscope") has_itemscope = true;
      if (name == "typeof") has_typeof = true;
      carries = carries || may_be_json(value) || is_coordinate(name);
    }
    if (carries) carriers.push_back(node);
  }
}

}  // namespace placer
