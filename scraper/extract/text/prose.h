// The words of a page as a reader sees them: lines of text, and what stands in links.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/page/page.h"

namespace placer {

struct ProseLine {
  std::uint32_t begin = 0;  // bytes of Prose::text
  std::uint32_t end = 0;
  std::uint8_t heading = 0;  // 1 to 6 as h1 to h6; 7: all of it is bold, a caption or a term
  bool cell = false;         // the next cell of the table row of the line before
  Node from;                 // the piece of text that it begins with
};

// A "tel:" or "mailto:" link. The view lives as long as the page.
struct ProseLink {
  std::uint32_t at = 0;  // where in Prose::text its text begins
  std::string_view href;
};

// Block elements and <br> end a line, so do the cells of a table; white space is collapsed.
// Scripts, styles, menus of <select> and the head are left out. At most kMostText bytes of text.
struct Prose {
  static constexpr std::size_t kMostText = std::size_t{512} << 10;

  std::string text;  // the lines, each followed by '\n'
  std::vector<ProseLine> lines;
  std::vector<ProseLink> phone_links;
  std::vector<ProseLink> mail_links;
  std::vector<std::string_view> logos;  // alt texts of pictures, at most 20
  std::string_view site_name;           // og:site_name
  bool article = false;                 // the page says of itself that it is news or a blog post

  std::string_view line(std::size_t index) const {
    return std::string_view(text).substr(lines[index].begin, lines[index].end - lines[index].begin);
  }
  std::size_t line_at(std::size_t offset) const;  // the line that holds the byte
};

Prose read_prose(const Page& page);

}  // namespace placer
