// How to reach whoever the page belongs to: its own e-mail and social network links.
#pragma once

#include <string>
#include <vector>

#include "scraper/page/page.h"

namespace placer {

struct PageContacts {
  std::vector<std::string> emails;    // those of the page's own domain first; at most 10
  std::vector<std::string> profiles;  // absolute URLs on social networks, one a network

  bool operator==(const PageContacts&) const = default;
};

// From "mailto:" links and links to profiles, in page order, each once. Links that share the page,
// and posts, are no profiles. For a page that states exactly one place: a list's links belong to
// the list. Pure; linear in the page.
PageContacts page_contacts(const Page& page);

}  // namespace placer
