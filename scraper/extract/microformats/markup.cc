#include "scraper/extract/microformats/markup.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "scraper/ascii.h"

namespace placer {
namespace {

using ascii::is_one_of;

bool is_void(Node element) {
  return is_one_of(element.tag(), {"area", "base", "br", "col", "embed", "hr", "img", "input",
                                   "link", "meta", "param", "source", "track", "wbr"});
}

bool holds_raw_text(Node element) {
  return is_one_of(element.tag(),
                   {"iframe", "noembed", "noframes", "plaintext", "script", "style", "xmp"});
}

void append_escaped(std::string_view text, bool in_attribute, std::string& out) {
  const std::string_view special = in_attribute ? "&\"\xC2" : "&<>\xC2";
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of(special), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    std::size_t size = 1;
    if (text[0] == '&') {
      out += "&amp;";
    } else if (text[0] == '"') {
      out += "&quot;";
    } else if (text[0] == '<' || text[0] == '>') {
      out += text[0] == '<' ? "&lt;" : "&gt;";
    } else if (text.starts_with("\u00A0")) {
      out += "&nbsp;";
      size = 2;
    } else {
      out += text[0];
    }
    text.remove_prefix(size);
  }
}

void append_start_tag(Node element, std::string& out) {
  out.append("<").append(element.tag());
  for (std::size_t i = 0; i < element.attribute_count(); ++i) {
    const auto [name, value] = element.attribute_at(i);
    out.append(" ").append(name).append("=\"");
    append_escaped(value, /*in_attribute=*/true, out);
    out += '"';
  }
  out += '>';
}

}  // namespace

std::optional<std::string> inner_html(Node root, std::size_t max_bytes) {
  std::string out;
  Node node = root.first_child();
  while (node) {
    if (out.size() > max_bytes) return std::nullopt;
    if (node.is_element()) {
      append_start_tag(node, out);
    } else if (holds_raw_text(node.parent())) {
      out += node.text();
    } else {
      append_escaped(node.text(), /*in_attribute=*/false, out);
    }
    Node next = node.first_child();
    while (!next) {
      // Leaves `node`.
      if (node.is_element() && !is_void(node)) out.append("</").append(node.tag()).append(">");
      next = node.next_sibling();
      if (next) break;
      node = node.parent();
      if (node == root) break;
    }
    node = next;
  }
  if (out.size() > max_bytes) return std::nullopt;
  return out;
}

std::optional<std::string> outer_html(Node element, std::size_t max_bytes) {
  const auto inner = inner_html(element, max_bytes);
  if (!inner) return std::nullopt;
  std::string out;
  append_start_tag(element, out);
  if (!is_void(element)) out.append(*inner).append("</").append(element.tag()).append(">");
  if (out.size() > max_bytes) return std::nullopt;
  return out;
}

}  // namespace placer
