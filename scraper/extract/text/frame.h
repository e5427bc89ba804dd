// What a page shares with the other pages of its site.
#pragma once

#include "scraper/page/node.h"

namespace placer {

// Does the node stand in what surrounds the content: navigation, an aside, the site's header or
// footer? By elements and ARIA roles (HTML 4.3.8 and 4.3.9: headers and footers within the main
// content or a section are that section's), else by the usual ids and classes. The nearest element
// that says it decides; looks at no more than 64 of them.
bool in_frame(Node node);

}  // namespace placer
