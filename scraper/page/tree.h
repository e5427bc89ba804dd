// An HTML document as a tree (HTML standard, section 13.2), built by Gumbo in an arena.
//
// Gumbo's tree construction is quadratic on some inputs and its error list and recursive free are
// bombs. So errors are off, memory comes from an arena with a byte budget and a deadline, and the
// arena is dropped as a whole. Walks over the tree must be iterative: depth is the page's choice.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "scraper/result.h"

namespace placer {

// A node of a Tree: an element or a piece of text; comments are left out. A pointer in size; null
// when default-made. Valid, like every view it returns, while its Tree lives.
class Node {
 public:
  Node() = default;
  explicit Node(const void* gumbo) : gumbo_(gumbo) {}

  explicit operator bool() const { return gumbo_ != nullptr; }
  bool operator==(const Node&) const = default;

  bool is_element() const;
  bool is_text() const;  // text, CDATA and white space

  bool is_html() const;  // an element of HTML, not of SVG or MathML

  std::string_view tag() const;   // lower case; empty for text
  std::string_view text() const;  // of a text node itself; empty for elements

  // The attribute's value with character references decoded. `name` is lower case.
  std::optional<std::string_view> attribute(std::string_view name) const;

  // All attributes in source order: name and value. Names are lower case in HTML; SVG keeps its
  // "viewBox" and "xlink:href". REQUIRES: index < attribute_count().
  std::size_t attribute_count() const;
  std::pair<std::string_view, std::string_view> attribute_at(std::size_t index) const;

  Node parent() const;  // null at the root element
  Node first_child() const;
  Node next_sibling() const;
  Node previous_sibling() const;

  // The next node in tree order, staying below `root` (which is not returned); null at the end.
  Node next_below(Node root) const;
  // The same, passing over this node's own children.
  Node next_after(Node root) const;

  const void* raw() const { return gumbo_; }  // for page/ itself, and as an identity in sets

 private:
  const void* gumbo_ = nullptr;
};

// Does the element end the line of text it stands in (HTML, section 15.3)? Blocks and <br> do.
bool breaks_line(Node element);

// All text below `node` in tree order, without script, style, template and noscript.
// White space runs (U+00A0 too) become one space and the ends are trimmed; block boundaries and
// <br> count as white space.
std::string visible_text(Node node);

// The same, with what `instead` gives for an element in place of all below it. Called for each
// element whose text is seen.
std::string visible_text(Node node, const std::function<std::optional<std::string>(Node)>& instead);

// All text below `node` as it stands (DOM textContent).
std::string text_content(Node node);

struct ParseLimits {
  std::chrono::milliseconds deadline{1000};
  std::uint64_t memory = 128ULL << 20;  // bytes
};

// Owns a parsed document. Movable; confined to one thread at a time.
class Tree {
 public:
  // `utf8` must outlive the Tree. kParseDeadline and kParseMemory when a limit is reached.
  static Result<Tree> parse(std::string_view utf8, const ParseLimits& limits);

  Tree(Tree&&) noexcept;
  Tree& operator=(Tree&&) noexcept;
  ~Tree();

  Node root() const;  // the html element

 private:
  struct Impl;
  explicit Tree(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace placer
