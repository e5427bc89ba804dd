// What most readers look for in a tree, found in one walk for all of them.
#pragma once

#include <string_view>
#include <vector>

#include "scraper/page/node.h"

namespace placer {

// Each list is in tree order. Nodes live as long as their tree.
struct TreeIndex {
  TreeIndex() = default;
  explicit TreeIndex(Node root);  // null: nothing

  // Not those that a template keeps inert.
  std::vector<Node> references;  // a, area, base, frame, iframe, link, meta and title
  std::vector<Node> metas;       // those of them that are meta

  // Wherever they stand: script elements, and elements with an attribute that may hold JSON (its
  // value begins like an object or array) or states coordinates (data-lat, data-latitude).
  std::vector<Node> carriers;

  // What a reader sees, piece by piece: all text but that of script, style, noscript and template.
  std::vector<std::string_view> texts;

  bool has_itemscope = false;
  bool has_typeof = false;
};

// Does it begin like an object or an array?
bool begins_json(std::string_view text);

// And is it long enough for JSON of interest?
bool may_be_json(std::string_view value);

}  // namespace placer
