// Reading the text of a subtree.

#include <algorithm>
#include <array>

#include "scraper/page/tree.h"

namespace placer {
namespace {

// Sorted. Elements whose text a reader never sees as text.
constexpr std::array<std::string_view, 4> kUnseen = {"noscript", "script", "style", "template"};

// Sorted. Elements that stand in the middle of a line (HTML, section 15.3); all others break it.
constexpr std::array<std::string_view, 40> kInline = {
    "a",     "abbr", "acronym", "b",      "bdi", "bdo", "big",  "cite", "code",  "data",
    "del",   "dfn",  "em",      "font",   "i",   "img", "ins",  "kbd",  "label", "mark",
    "meter", "nobr", "output",  "q",      "rb",  "rp",  "rt",   "ruby", "s",     "samp",
    "small", "span", "strike",  "strong", "sub", "sup", "time", "tt",   "u",     "var"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& sorted, std::string_view name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

// Appends text with its white space collapsed.
class Collapser {
 public:
  void append(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
        space();
      } else if (c == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0') {
        space();
        ++i;
      } else {
        if (pending_ && !out_.empty()) out_ += ' ';
        pending_ = false;
        out_ += c;
      }
    }
  }

  void space() { pending_ = true; }

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool pending_ = false;
};

}  // namespace

// <wbr> and unknown elements are inline as well.
bool breaks_line(Node element) {
  const std::string_view tag = element.tag();
  return element.is_html() && tag != "wbr" && tag.find('-') == std::string_view::npos &&
         !contains(kInline, tag);
}

std::string visible_text(Node root) { return visible_text(root, nullptr); }

std::string visible_text(Node root,
                         const std::function<std::optional<std::string>(Node)>& instead) {
  Collapser out;
  Node node = root;
  while (node) {
    bool unseen = contains(kUnseen, node.tag());
    if (node.is_text()) {
      out.append(node.text());
    } else if (breaks_line(node)) {
      out.space();
    }
    if (instead && node.is_element() && !unseen) {
      if (const auto text = instead(node)) {
        out.append(*text);
        unseen = true;
      }
    }
    Node next = unseen ? Node() : node.first_child();
    while (!next) {
      // Leaves `node`.
      if (node.is_element() && breaks_line(node)) out.space();
      if (node == root) return out.take();
      next = node.next_sibling();
      if (!next) node = node.parent();
    }
    node = next;
  }
  return out.take();
}

std::string text_content(Node root) {
  std::string out(root.text());
  for (Node node = root.next_below(root); node; node = node.next_below(root)) out += node.text();
  return out;
}

}  // namespace placer
