// Whose page it is: the business's name where no markup states it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/text/prose.h"
#include "scraper/page/page.h"

namespace placer {

// The names that the page gives its owner, the likeliest first, at most two. What several places
// agree on wins: the parts of the title, the copyright line, og:site_name, the logo's alt text, the
// first heading, the host's name. Empty when none of them says anything.
std::vector<std::string> owner_names(const Page& page, const Prose& prose);

// Can the line be the name of a place: short, capitalised, no sentence, nothing like "Contact us"
// or "Opening hours"?
bool may_be_name(std::string_view line);

}  // namespace placer
