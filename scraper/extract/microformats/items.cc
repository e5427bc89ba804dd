#include "scraper/extract/microformats/items.h"

#include <algorithm>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/microformats/values.h"

namespace placer {
namespace {

constexpr std::uint32_t kNoItem = MicroformatProperty::kNoItem;
constexpr std::size_t kItemWork = 32;  // an item costs about as much as looking at so many nodes
constexpr std::size_t kPropertyWork = 8;

const std::string* first_value(const MicroformatItem& item, std::string_view name) {
  const auto found = std::ranges::find(item.properties, name, &MicroformatProperty::name);
  return found == item.properties.end() ? nullptr : &found->value;
}

}  // namespace

bool MicroformatItem::is(std::string_view type) const {
  return std::ranges::find(types, type) != types.end();
}

// One pass over the tree finds the items and reads their own values; a second one, from the
// innermost items outwards, adds what is implied and the values that items have as properties.
class MicroformatItems::Reading {
 public:
  Reading(const Page& page, Roots roots, std::vector<MicroformatItem>& items)
      : root_(page.root()), roots_(roots), items_(items), values_(page) {}

  void walk();
  void finish();

 private:
  struct Open {
    std::uint32_t item;
    std::string last_date;
  };

  void visit(Node element);
  void begin_item(Node element, RootClasses classes, const std::vector<PropertyClass>& properties);
  void add_properties(Node element, const std::vector<PropertyClass>& properties);
  void give_value(const MicroformatItem& outer, MicroformatProperty& property);

  Node root_;
  Roots roots_;
  std::vector<MicroformatItem>& items_;
  MicroformatValues values_;
  std::vector<Open> open_;  // the items around the node being visited
  Node last_text_;          // seen so far that is not blank
};

void MicroformatItems::Reading::walk() {
  Node node = root_;
  while (node) {
    if (node.is_element()) {
      visit(node);
    } else if (!ascii::trim(node.text()).empty()) {
      last_text_ = node;
    }
    Node next = node.first_child();
    while (!next) {
      // Leaves `node`.
      if (!open_.empty() && items_[open_.back().item].element == node) open_.pop_back();
      if (node == root_) return;
      next = node.next_sibling();
      if (!next) node = node.parent();
    }
    node = next;
  }
}

void MicroformatItems::Reading::visit(Node element) {
  if (!element.attribute("class")) return;
  std::vector<PropertyClass> properties;
  if (!open_.empty()) {
    properties = property_classes(element, items_[open_.back().item].classic);
  }
  RootClasses classes = root_classes(element, roots_);
  if (!classes.types.empty()) {
    begin_item(element, std::move(classes), properties);
  } else if (!properties.empty()) {
    add_properties(element, properties);
  }
}

void MicroformatItems::Reading::begin_item(Node element, RootClasses classes,
                                           const std::vector<PropertyClass>& properties) {
  if (!values_.spend(kItemWork + kPropertyWork * properties.size())) return;
  const auto index = static_cast<std::uint32_t>(items_.size());
  MicroformatItem item;
  item.element = element;
  item.types = std::move(classes.types);
  item.classic = classes.classic;
  item.id = element.attribute("id").value_or("");
  item.language = element.attribute("lang").value_or("");
  if (!open_.empty()) {
    item.parent = open_.back().item;
    MicroformatItem& outer = items_[item.parent];
    if (properties.empty()) {
      outer.children.push_back(index);
    } else {
      item.role = properties.front().name;
    }
    for (const PropertyClass& property : properties) {
      MicroformatProperty& added = outer.properties.emplace_back();
      added.name = property.name;
      added.kind = property.kind;
      added.element = element;
      added.before = last_text_;
      added.item = index;
    }
  }
  items_.push_back(std::move(item));
  open_.push_back({.item = index, .last_date = {}});
}

void MicroformatItems::Reading::add_properties(Node element,
                                               const std::vector<PropertyClass>& properties) {
  Open& open = open_.back();
  for (const PropertyClass& property : properties) {
    if (!values_.spend(kPropertyWork)) return;
    MicroformatProperty added;
    added.name = property.name;
    added.kind = property.kind;
    added.element = element;
    added.before = last_text_;
    values_.read(items_[open.item], open.last_date, added);
    items_[open.item].properties.push_back(std::move(added));
  }
}

void MicroformatItems::Reading::finish() {
  for (std::size_t i = items_.size(); i-- > 0;) {
    MicroformatItem& item = items_[i];
    for (MicroformatProperty& property : item.properties) {
      if (property.item != kNoItem) give_value(item, property);
    }
    if (item.classic == 0) values_.imply(item);
  }
}

// An item's value as a property: its name, as a URL its url, and else what its element says.
void MicroformatItems::Reading::give_value(const MicroformatItem& outer,
                                           MicroformatProperty& property) {
  const MicroformatItem& inner = items_[property.item];
  const std::string* own = nullptr;
  if (property.kind == PropertyKind::kText) own = first_value(inner, "name");
  if (property.kind == PropertyKind::kUrl) own = first_value(inner, "url");
  if (own != nullptr) {
    if (values_.spend(own->size() / 8)) property.value = *own;
    return;
  }
  std::string no_date;
  values_.read(outer, no_date, property);
}

MicroformatItems::MicroformatItems(const Page& page, Roots roots) {
  Reading reading(page, roots, items_);
  reading.walk();
  reading.finish();
}

}  // namespace placer
