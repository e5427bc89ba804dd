#include "scraper/extract/text/frame.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kMostElements = 64;

// Sorted. What authors call the parts of a page, as id or class.
constexpr std::array<std::string_view, 16> kFrameNames = {
    "colophon", "foot",        "footer",  "header",  "masthead",    "nav",
    "navbar",   "page-footer", "sidebar", "sidenav", "site-footer", "site-header",
    "top-bar",  "top_bar",     "topbar",  "topnav"};

enum class Part { kUnsaid, kFrame, kContent, kFrameOfThePage };

Part part_of_role(std::string_view role) {
  for (const std::string_view frame : {"banner", "complementary", "contentinfo", "navigation"}) {
    if (role == frame) return Part::kFrame;
  }
  return role == "main" ? Part::kContent : Part::kUnsaid;
}

bool is_named_as_frame(Node element) {
  for (const char* attribute : {"id", "class"}) {
    const auto value = element.attribute(attribute);
    if (!value) continue;
    for (const std::string_view word : split_any(value->substr(0, 200), " \t\r\n")) {
      if (std::ranges::binary_search(kFrameNames, lower_ascii(word))) return true;
    }
  }
  return false;
}

Part part_of(Node element) {
  const std::string_view tag = element.tag();
  if (const auto role = element.attribute("role")) {
    const Part part = part_of_role(*role);
    if (part != Part::kUnsaid) return part;
  }
  if (tag == "nav" || tag == "aside") return Part::kFrame;
  if (tag == "header" || tag == "footer") return Part::kFrameOfThePage;
  if (tag == "main" || tag == "article") return Part::kContent;
  return tag != "body" && is_named_as_frame(element) ? Part::kFrameOfThePage : Part::kUnsaid;
}

}  // namespace

bool in_frame(Node node) {
  bool framed = false;  // by a header or footer, unless it turns out to be a section's
  for (std::size_t i = 0; node && i < kMostElements; node = node.parent(), ++i) {
    if (!node.is_element()) continue;
    const Part part = part_of(node);
    if (part == Part::kFrame) return true;
    if (part == Part::kContent) return false;
    if (framed && node.tag() == "section") return false;
    framed = framed || part == Part::kFrameOfThePage;
  }
  return framed;
}

}  // namespace placer
