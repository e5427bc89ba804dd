// Trees of documents that need no repair (HTML standard, section 13.2.6).
//
// The standard's tree construction spends its rules on markup that is wrong: formatting that
// overlaps, content beside the cells of a table, a second body. A document without these takes a
// small part of the rules, which is what stands here: implied html, head, body, tbody and tr, end
// tags left out, tables, selects, SVG. Whatever needs another rule is not plain.
#pragma once

#include <string_view>

#include "scraper/page/arena.h"
#include "scraper/page/node.h"

namespace placer {

// The html element of `utf8`, just as Gumbo would build it, or null when the document is not plain.
// Linear in the document, times the depth of the stack at worst, which has a limit. Records are in
// `arena`, and views point into it and into `utf8`. A limit of the arena leaves by longjmp.
NodeRecord* plain_tree(std::string_view utf8, Arena& arena);

}  // namespace placer
