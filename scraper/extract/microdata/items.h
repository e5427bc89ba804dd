// The microdata items of a tree (HTML standard, section 5, "Microdata").
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "scraper/page/page.h"

namespace placer {

struct MicrodataProperty {
  static constexpr std::uint32_t kNoItem = UINT32_MAX;

  std::string name;
  nlohmann::json value;          // when it is no item: a string, or an action's input as an object
  std::uint32_t item = kNoItem;  // index into MicrodataItems::all()
};

struct MicrodataItem {
  Node element;
  std::vector<std::string> types;  // as written
  std::string id;                  // absolute where it resolves
  // Those of its own descendants in tree order, then those of each itemref.
  std::vector<MicrodataProperty> properties;
  std::string text;        // when it has no properties
  bool top_level = false;  // has no itemprop
  bool orphan = false;     // has an itemprop, but is no item's property: an author's slip
};

// Reads the items of one page once; items refer to each other by index, so that cycles and shared
// parts (itemref) cost nothing here. Work is bounded: on a page made to blow up, later properties
// are missing.
class MicrodataItems {
 public:
  explicit MicrodataItems(const Page& page);

  const std::vector<MicrodataItem>& all() const { return items_; }  // in tree order

 private:
  void find_items();
  void index_ids();
  void read(MicrodataItem& item);
  std::vector<Node> property_elements(const MicrodataItem& item);
  void collect(Node subtree, Node item, bool referenced, std::vector<Node>& found);
  nlohmann::json value_of(Node element);
  std::string url_value(Node element, std::string_view attribute) const;
  std::string text_of(Node element);
  bool spend(std::size_t work);

  const Page& page_;
  std::vector<MicrodataItem> items_;
  std::unordered_map<const void*, std::uint32_t> item_at_;
  bool has_itemref_ = false;
  std::unordered_map<std::string, Node> by_id_;  // filled when there is an itemref
  std::unordered_set<const void*> visited_;      // by the item being read, when it has one
  std::size_t work_ = 3'000'000;  // nodes to look at and eights of bytes to copy that are left
};

}  // namespace placer
