#include "scraper/page/tree_index.h"

#include "scraper/ascii.h"

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

// What a reader does not see.
bool is_unseen(std::string_view tag) {
  switch (tag.size()) {
    case 5:
      return tag == "style";
    case 6:
      return tag == "script";
    case 8:
      return tag == "noscript" || tag == "template";
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
  Node seen_again;  // what follows the unseen element that the walk is in
  bool unseen = false;
  Node inert_end;  // the same for a template
  bool inert = false;
  for (Node node = root; node; node = node.next_below(root)) {
    if (unseen && node == seen_again) unseen = false;
    if (inert && node == inert_end) inert = false;
    if (!node.is_element()) {
      if (!unseen) texts.push_back(node.text());
      continue;
    }
    const std::string_view tag = node.tag();
    if (!unseen && is_unseen(tag)) {
      unseen = true;
      seen_again = node.next_after(root);
    }
    if (!inert && tag == "template") {
      inert = true;
      inert_end = node.next_after(root);
    }
    if (!inert && is_reference(tag)) {
      references.push_back(node);
      if (tag == "meta") metas.push_back(node);
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
