// An HTML document as a tree (HTML standard, section 13.2).
//
// Documents that need no repair are read by our own scan (plain_tree.h), all others by Gumbo, whose
// tree construction is quadratic on some inputs and whose error list and recursive free are bombs.
// So errors are off, memory comes from an arena with a byte budget and a deadline, and the arena is
// dropped as a whole. Walks over the tree must be iterative: depth is the page's choice.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/page/node.h"
#include "scraper/result.h"

namespace placer {

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

// Both build the same tree, within limits that Gumbo reaches sooner; kGumbo is for comparing them.
enum class TreeBuilder {
  kAuto,   // Gumbo where the document needs it
  kGumbo,  // always
};

struct ParseLimits {
  std::chrono::milliseconds deadline{1000};
  std::uint64_t memory = 128ULL << 20;  // bytes
  TreeBuilder builder = TreeBuilder::kAuto;
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
