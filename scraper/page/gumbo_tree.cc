#include "scraper/page/gumbo_tree.h"

#include <gumbo.h>

#include <cstdint>
#include <new>

#include "scraper/ascii.h"
#include "scraper/page/gumbo_hooks.h"
#include "scraper/page/tag_names.h"

namespace placer {
namespace {

bool has_children(const GumboNode* node) {
  return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

std::string_view lower_case(GumboStringPiece text, Arena& arena) {
  auto* const lowered = static_cast<char*>(arena.allocate(text.length));
  for (std::size_t i = 0; i < text.length; ++i) lowered[i] = ascii::lower(text.data[i]);
  return {lowered, text.length};
}

std::string_view name_of(const GumboElement& element, Arena& arena) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return name_of_tag(element.tag);
  GumboStringPiece written = element.original_tag;
  if (written.length == 0) return {};
  gumbo_tag_from_original_text(&written);
  return lower_case(written, arena);
}

void copy_attributes(const GumboVector& attributes, NodeRecord& node, Arena& arena) {
  if (attributes.length == 0) return;
  auto* const copies =
      static_cast<NodeAttribute*>(arena.allocate(attributes.length * sizeof(NodeAttribute)));
  for (unsigned i = 0; i < attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(attributes.data[i]);
    // xlink:href and its like: Gumbo keeps the local name only, the source has the whole.
    const std::string_view name = attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_NONE
                                      ? attribute.name
                                      : lower_case(attribute.original_name, arena);
    new (copies + i) NodeAttribute{name, attribute.value};
  }
  node.attributes = copies;
  node.attribute_count = attributes.length;
}

NodeRecord* copy_node(const GumboNode* source, Arena& arena) {
  auto* const node = new (arena.allocate(sizeof(NodeRecord))) NodeRecord;
  if (!has_children(source)) {
    node->words = source->v.text.text;
    return node;
  }
  const GumboElement& element = source->v.element;
  node->kind = element.tag_namespace == GUMBO_NAMESPACE_HTML ? NodeRecord::Kind::kHtml
                                                             : NodeRecord::Kind::kForeign;
  node->words = name_of(element, arena);
  copy_attributes(element.attributes, *node, arena);
  return node;
}

// Without comments. Iterative: a node's index is used up as its place among its own children, and
// its parent set anew, since Gumbo leaves neither right where it moved nodes.
NodeRecord* copy_tree(GumboNode* root, Arena& arena) {
  NodeRecord* const top = copy_node(root, arena);
  GumboNode* node = root;
  NodeRecord* record = top;
  root->index_within_parent = 0;
  while (true) {
    const GumboVector& children = node->v.element.children;
    if (node->index_within_parent < children.length) {
      auto* const child = static_cast<GumboNode*>(children.data[node->index_within_parent++]);
      if (child->type == GUMBO_NODE_COMMENT) continue;
      NodeRecord* const copy = copy_node(child, arena);
      record->append(copy);
      if (!has_children(child)) continue;
      child->parent = node;
      child->index_within_parent = 0;
      node = child;
      record = copy;
    } else {
      if (node == root) return top;
      node = node->parent;
      record = record->parent;
    }
  }
}

void* allocate_in_arena(void* arena, std::size_t size) {
  return static_cast<Arena*>(arena)->allocate(size);
}

void keep(void*, void*) {}

}  // namespace

NodeRecord* gumbo_tree(std::string_view utf8, Arena& arena) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  options.allocator = allocate_in_arena;
  options.deallocator = keep;
  options.userdata = &arena;
  count_gumbo_steps(&arena);
  GumboNode* const root = gumbo_parse_with_options(&options, utf8.data(), utf8.size())->root;
  count_gumbo_steps(nullptr);
  return copy_tree(root, arena);
}

}  // namespace placer
