// A node of an HTML tree, and the record behind it. Whoever builds a tree (plain_tree.*,
// gumbo_tree.*) writes records; everyone else reads Nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "scraper/ascii.h"

namespace placer {

struct NodeAttribute {
  std::string_view name;   // lower case in HTML; SVG keeps its "viewBox" and "xlink:href"
  std::string_view value;  // character references decoded
};

// Lives in the arena of its tree; no destructor.
struct NodeRecord {
  enum class Kind : std::uint8_t { kText, kHtml, kForeign };

  NodeRecord* parent = nullptr;  // null at the root element
  NodeRecord* first_child = nullptr;
  NodeRecord* last_child = nullptr;
  NodeRecord* previous = nullptr;  // siblings
  NodeRecord* next = nullptr;
  const NodeAttribute* attributes = nullptr;
  std::string_view words;  // an element's name in lower case, or the text
  std::uint32_t attribute_count = 0;
  Kind kind = Kind::kText;

  // Makes `child`, which has no parent yet, the last one.
  void append(NodeRecord* child) {
    child->parent = this;
    child->previous = last_child;
    (last_child == nullptr ? first_child : last_child->next) = child;
    last_child = child;
  }
};

// An element or a piece of text; comments are left out. A pointer in size; null when default-made.
// Valid, like every view it returns, while its Tree lives. Reading is safe from any thread.
class Node {
 public:
  Node() = default;
  explicit Node(const NodeRecord* record) : record_(record) {}

  explicit operator bool() const { return record_ != nullptr; }
  bool operator==(const Node&) const = default;

  bool is_element() const { return record_ != nullptr && record_->kind != NodeRecord::Kind::kText; }
  bool is_text() const { return record_ != nullptr && record_->kind == NodeRecord::Kind::kText; }
  bool is_html() const { return record_ != nullptr && record_->kind == NodeRecord::Kind::kHtml; }

  // Lower case; empty for text.
  std::string_view tag() const { return is_element() ? record_->words : std::string_view(); }
  // Of a text node itself, white space and CDATA too; empty for elements.
  std::string_view text() const { return is_text() ? record_->words : std::string_view(); }

  // The attribute's value with character references decoded. `name` is lower case.
  std::optional<std::string_view> attribute(std::string_view name) const {
    for (std::size_t i = 0; i < attribute_count(); ++i) {
      const NodeAttribute& attribute = record_->attributes[i];
      if (ascii::equals_ignoring_case(attribute.name, name)) return attribute.value;
    }
    return std::nullopt;
  }

  // All attributes in source order: name and value. REQUIRES: index < attribute_count().
  std::size_t attribute_count() const { return record_ == nullptr ? 0 : record_->attribute_count; }
  std::pair<std::string_view, std::string_view> attribute_at(std::size_t index) const {
    return {record_->attributes[index].name, record_->attributes[index].value};
  }

  Node parent() const { return Node(record_ == nullptr ? nullptr : record_->parent); }
  Node first_child() const { return Node(record_ == nullptr ? nullptr : record_->first_child); }
  Node next_sibling() const { return Node(record_ == nullptr ? nullptr : record_->next); }
  Node previous_sibling() const { return Node(record_ == nullptr ? nullptr : record_->previous); }

  // The next node in tree order, staying below `root` (which is not returned); null at the end.
  Node next_below(Node root) const {
    const Node child = first_child();
    return child ? child : next_after(root);
  }
  // The same, passing over this node's own children.
  Node next_after(Node root) const {
    for (Node node = *this; node && node != root; node = node.parent()) {
      if (const Node next = node.next_sibling()) return next;
    }
    return {};
  }

  const void* raw() const { return record_; }  // an identity in sets

 private:
  const NodeRecord* record_ = nullptr;
};

}  // namespace placer
