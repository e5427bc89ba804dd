// The microformats of a tree (https://microformats.org/wiki/microformats2-parsing).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/extract/microformats/classes.h"
#include "scraper/page/page.h"

namespace placer {

struct MicroformatProperty {
  static constexpr std::uint32_t kNoItem = UINT32_MAX;

  std::string name;  // "tel"
  PropertyKind kind = PropertyKind::kText;
  Node element;                  // null when the property is implied
  Node before;                   // the last text before `element`: perhaps its label
  std::uint32_t item = kNoItem;  // when the value is an item: index into MicroformatItems::all()

  std::string value;               // for an item: its "value"
  std::string html;                // of kMarkup
  std::optional<std::string> alt;  // of an image
  std::string language;            // of kMarkup, as stated within the item
  std::string
      written;  // of kUrl, when it was plain text: as it stands, before it was made absolute
};

struct MicroformatItem {
  Node element;
  std::vector<std::string> types;  // "h-card"; sorted
  ClassicVocabulary classic = 0;
  std::string id;
  std::string language;                         // stated on the element itself
  std::vector<MicroformatProperty> properties;  // in tree order, then the implied ones
  std::vector<std::uint32_t> children;          // items within it that are no property of it
  std::uint32_t parent = MicroformatProperty::kNoItem;
  std::string role;  // the property of the parent that it is; empty: a child, or at the top

  bool is(std::string_view type) const;
};

// Reads the items of one page once; every item has one parent at most, before it in the list. Text
// is as a reader sees it: white space collapsed, without script and style, images by their
// alternative text. Work is bounded: on a page made to blow up, later items and values are missing.
class MicroformatItems {
 public:
  MicroformatItems(const Page& page, Roots roots);

  const std::vector<MicroformatItem>& all() const { return items_; }  // in tree order

 private:
  class Reading;
  std::vector<MicroformatItem> items_;
};

}  // namespace placer
