// A tree as text, for comparing.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "scraper/page/tree.h"

namespace placer {

// The tree in the notation of html5lib's tests, without doctype and comments; elements of SVG and
// MathML are "foreign". Attributes are sorted, as they are there, or in their order.
inline std::string dump(const Tree& tree, bool sorted = true) {
  std::string out;
  std::size_t depth = 0;
  for (Node node = tree.root(); node;) {
    const std::string indent(2 * depth, ' ');
    if (node.is_text()) {
      out += "| " + indent + '"' + std::string(node.text()) + "\"\n";
    } else {
      out += "| " + indent + (node.is_html() ? "<" : "<foreign ") + std::string(node.tag()) + ">\n";
      std::vector<std::string> lines;
      for (std::size_t i = 0; i < node.attribute_count(); ++i) {
        const auto [name, value] = node.attribute_at(i);
        lines.push_back("| " + indent + "  " + std::string(name) + "=\"" + std::string(value) +
                        "\"\n");
      }
      if (sorted) std::sort(lines.begin(), lines.end());
      for (const std::string& line : lines) out += line;
    }
    const bool holds_content = node.tag() == "template" && node.is_html();
    if (holds_content) out += "| " + indent + "  content\n";
    if (const Node child = node.first_child()) {
      node = child;
      depth += holds_content ? 2 : 1;
      continue;
    }
    while (node && node != tree.root() && !node.next_sibling()) {
      node = node.parent();
      depth -= node.tag() == "template" && node.is_html() ? 2 : 1;
    }
    node = node == tree.root() ? Node() : node.next_sibling();
  }
  return out;
}

}  // namespace placer
