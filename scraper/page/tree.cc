#include "scraper/page/tree.h"

#include <gumbo.h>

#include <array>
#include <cstring>
#include <utility>

#include "scraper/page/arena.h"
#include "scraper/page/ascii.h"
#include "scraper/page/gumbo_hooks.h"

namespace placer {
namespace {

const GumboNode* node_of(const void* raw) { return static_cast<const GumboNode*>(raw); }

bool has_children(const GumboNode* node) {
  return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

std::string_view name_of_tag(GumboTag tag) {
  static const auto names = [] {
    std::array<std::string_view, GUMBO_TAG_LAST> table;
    for (int i = 0; i < GUMBO_TAG_LAST; ++i) {
      table[static_cast<std::size_t>(i)] = gumbo_normalized_tagname(static_cast<GumboTag>(i));
    }
    return table;
  }();
  return names[static_cast<std::size_t>(tag)];
}

// xlink:href and its like: Gumbo keeps the local name only, the source has the whole.
std::string_view attribute_name(const GumboAttribute& attribute) {
  if (attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_NONE) return attribute.name;
  return {attribute.original_name.data, attribute.original_name.length};
}

void* allocate_in_arena(void* arena, std::size_t size) {
  return static_cast<Arena*>(arena)->allocate(size);
}

void keep(void*, void*) {}

// An unknown element's original_tag becomes its name in lower case.
void name_unknown_element(GumboElement& element, Arena& arena) {
  GumboStringPiece& name = element.original_tag;
  if (name.length == 0) return;
  gumbo_tag_from_original_text(&name);
  auto* const lowered = static_cast<char*>(arena.allocate(name.length));
  for (std::size_t i = 0; i < name.length; ++i) lowered[i] = ascii::lower(name.data[i]);
  name.data = lowered;
}

// Drops comments, sets each child's place and names unknown elements, so that Node's steps need
// no search. Iterative.
void settle(GumboNode* root, Arena& arena) {
  GumboNode* node = root;
  while (node != nullptr) {
    GumboElement& element = node->v.element;
    if (element.tag == GUMBO_TAG_UNKNOWN) name_unknown_element(element, arena);
    unsigned kept = 0;
    for (unsigned i = 0; i < element.children.length; ++i) {
      auto* const child = static_cast<GumboNode*>(element.children.data[i]);
      if (child->type == GUMBO_NODE_COMMENT) continue;
      child->parent = node;
      child->index_within_parent = kept;
      element.children.data[kept++] = child;
    }
    element.children.length = kept;
    Node next(node);
    do {
      next = next.next_below(Node(root));
    } while (next && !next.is_element());
    node = const_cast<GumboNode*>(node_of(next.raw()));
  }
}

// No object with a destructor may live in this frame: Arena leaves it by longjmp.
Arena::Limit run_gumbo(Arena* arena, const char* text, std::size_t size, GumboNode** root) {
  const int limit = setjmp(arena->escape);
  if (limit != 0) return static_cast<Arena::Limit>(limit);
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  options.allocator = allocate_in_arena;
  options.deallocator = keep;
  options.userdata = arena;
  *root = gumbo_parse_with_options(&options, text, size)->root;
  settle(*root, *arena);
  return Arena::Limit::kNone;
}

}  // namespace

bool Node::is_element() const { return gumbo_ != nullptr && has_children(node_of(gumbo_)); }

bool Node::is_text() const { return gumbo_ != nullptr && !has_children(node_of(gumbo_)); }

bool Node::is_html() const {
  return is_element() && node_of(gumbo_)->v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
}

std::string_view Node::tag() const {
  if (!is_element()) return {};
  const GumboElement& element = node_of(gumbo_)->v.element;
  if (element.tag != GUMBO_TAG_UNKNOWN) return name_of_tag(element.tag);
  return {element.original_tag.data, element.original_tag.length};
}

std::string_view Node::text() const {
  if (!is_text()) return {};
  return node_of(gumbo_)->v.text.text;
}

std::optional<std::string_view> Node::attribute(std::string_view name) const {
  if (!is_element()) return std::nullopt;
  const GumboVector& attributes = node_of(gumbo_)->v.element.attributes;
  for (unsigned i = 0; i < attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(attributes.data[i]);
    if (ascii::equals_ignoring_case(attribute_name(attribute), name)) return attribute.value;
  }
  return std::nullopt;
}

std::size_t Node::attribute_count() const {
  return is_element() ? node_of(gumbo_)->v.element.attributes.length : 0;
}

std::pair<std::string_view, std::string_view> Node::attribute_at(std::size_t index) const {
  const GumboVector& attributes = node_of(gumbo_)->v.element.attributes;
  const auto& attribute = *static_cast<const GumboAttribute*>(attributes.data[index]);
  return {attribute_name(attribute), attribute.value};
}

Node Node::parent() const {
  const GumboNode* const up = node_of(gumbo_)->parent;
  return up == nullptr || !has_children(up) ? Node() : Node(up);
}

Node Node::first_child() const {
  if (!is_element()) return {};
  const GumboVector& children = node_of(gumbo_)->v.element.children;
  return children.length == 0 ? Node() : Node(children.data[0]);
}

Node Node::next_sibling() const {
  const Node up = parent();
  if (!up) return {};
  const GumboVector& siblings = node_of(up.raw())->v.element.children;
  const std::size_t next = node_of(gumbo_)->index_within_parent + 1;
  return next < siblings.length ? Node(siblings.data[next]) : Node();
}

Node Node::previous_sibling() const {
  const Node up = parent();
  if (!up) return {};
  const std::size_t index = node_of(gumbo_)->index_within_parent;
  return index == 0 ? Node() : Node(node_of(up.raw())->v.element.children.data[index - 1]);
}

Node Node::next_below(Node root) const {
  const Node child = first_child();
  return child ? child : next_after(root);
}

Node Node::next_after(Node root) const {
  for (Node node = *this; node && node != root; node = node.parent()) {
    if (const Node next = node.next_sibling()) return next;
  }
  return {};
}

struct Tree::Impl {
  explicit Impl(std::uint64_t memory) : arena(memory) {}
  Arena arena;
  GumboNode* root = nullptr;
};

Result<Tree> Tree::parse(std::string_view utf8, const ParseLimits& limits) {
  auto impl = std::make_unique<Impl>(limits.memory);
  impl->arena.start_deadline(limits.deadline);
  count_gumbo_steps(&impl->arena);
  const Arena::Limit limit = run_gumbo(&impl->arena, utf8.data(), utf8.size(), &impl->root);
  count_gumbo_steps(nullptr);
  impl->arena.stop_deadline();
  const std::string what = "parse of " + std::to_string(utf8.size()) + " bytes: ";
  if (limit == Arena::Limit::kDeadline) {
    return fail(ErrorCode::kParseDeadline,
                what + "not done after " + std::to_string(limits.deadline.count()) + " ms");
  }
  if (limit == Arena::Limit::kMemory) {
    return fail(ErrorCode::kParseMemory,
                what + "more than " + std::to_string(limits.memory) + " bytes of tree");
  }
  return Tree(std::move(impl));
}

Tree::Tree(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

Node Tree::root() const { return Node(impl_->root); }

}  // namespace placer
