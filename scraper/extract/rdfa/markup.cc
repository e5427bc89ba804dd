#include "scraper/extract/rdfa/markup.h"

namespace placer {
namespace {

void append_escaped(std::string_view text, bool in_attribute, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += in_attribute ? "&quot;" : "\"";
        break;
      default:
        out += c;
    }
  }
}

void append_attribute(std::string_view name, std::string_view value, std::string& out) {
  out.append(1, ' ').append(name).append("=\"");
  append_escaped(value, /*in_attribute=*/true, out);
  out += '"';
}

}  // namespace

std::string xml_content(Node element,
                        const std::vector<std::pair<std::string, std::string_view>>& namespaces,
                        std::size_t max_bytes) {
  std::string out;
  std::vector<Node> open;
  const auto close_until = [&](Node parent) {
    while (!open.empty() && open.back() != parent) {
      out.append("</").append(open.back().tag()).append(1, '>');
      open.pop_back();
    }
  };
  for (Node node = element.next_below(element); node; node = node.next_below(element)) {
    if (out.size() > max_bytes) break;
    close_until(node.parent());
    if (!node.is_element()) {
      append_escaped(node.text(), /*in_attribute=*/false, out);
      continue;
    }
    out.append(1, '<').append(node.tag());
    if (open.empty()) {
      append_attribute("xmlns", "http://www.w3.org/1999/xhtml", out);
      for (const auto& [prefix, iri] : namespaces) append_attribute("xmlns:" + prefix, iri, out);
    }
    for (std::size_t i = 0; i < node.attribute_count(); ++i) {
      const auto [name, value] = node.attribute_at(i);
      append_attribute(name, value, out);
    }
    out += node.first_child() ? ">" : "/>";
    if (node.first_child()) open.push_back(node);
  }
  close_until(Node());
  return out;
}

}  // namespace placer
