// Whose page it is: the business's name where no markup states it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/text/prose.h"
#include "scraper/page/page.h"

namespace placer {

struct OwnerName {
  std::string name;
  // The whole site is the owner's: the copyright line, og:site_name, the logo or the host says so.
  // Else it may be what this page alone is about.
  bool of_site = false;
};

// The names that the page gives its owner, the likeliest first, at most two. What several places
// agree on wins: the parts of the title, the copyright line, og:site_name, the logo's alt text, the
// first heading, the host's name. Empty when none of them says anything.
std::vector<OwnerName> owner_names(const Page& page, const Prose& prose);

// Does it begin as titles, headings and file names of contact and legal pages do: "Contact us",
// "Impressum - Acme", "kontakt.html"?
bool is_about_page(std::string_view name);

// Is the page the site's first one, or its contact or legal page?
bool is_of_owner(const Page& page);

// Can the line be the name of a place: short, capitalised, no sentence, nothing like "Contact us"
// or "Opening hours"?
bool may_be_name(std::string_view line);

}  // namespace placer
