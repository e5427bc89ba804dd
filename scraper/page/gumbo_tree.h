// Trees of any document, built by Gumbo.
#pragma once

#include <string_view>

#include "scraper/page/arena.h"
#include "scraper/page/node.h"

namespace placer {

// The html element of `utf8`. Records, and what they point to, are in `arena`; its limits leave by
// longjmp.
NodeRecord* gumbo_tree(std::string_view utf8, Arena& arena);

}  // namespace placer
