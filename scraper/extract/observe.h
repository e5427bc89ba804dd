// From a page to observations: every format asked, every field cleaned.
#pragma once

#include <memory>
#include <vector>

#include "scraper/extractor.h"
#include "scraper/message.h"

namespace placer {

// Fills what the formats have to say in `outcome`: places, links and rule hits.
//
// The places that `page` states come by format in the order of `extractors`, which is that of
// trust. Formats of last resort are asked only when no other states any; a place of last resort
// among others is only more about the one they state.
//
// A page about one business (all its observations have one identity) whose formats state no e-mail
// or no social profile has an observation more, of format "contacts": what the page links to
// itself. An e-mail address counts when it is of the page's own domain or of a common mail
// provider; a web agency's is not the business's.
void observe(const Page& page, const std::vector<std::unique_ptr<Extractor>>& extractors,
             Outcome& outcome);

}  // namespace placer
