// References resolved: the links of a document, as the frontier takes them.
#pragma once

#include <string>
#include <vector>

#include "scraper/frontier/url.h"
#include "scraper/message.h"
#include "scraper/page/links.h"

namespace placer {

// What references resolve against (null: only absolute ones resolve).
struct Bases {
  const Url* markup = nullptr;
  const Url* header = nullptr;  // RFC 8288, section 3.2
};

// http and https only, without fragment and userinfo, each URL once: its first kind wins, and it
// is nofollow when every reference to it is.
std::vector<Link> resolve_links(const std::vector<Reference>& references, const Bases& bases);

// The first canonical URL that resolves; empty when there is none.
std::string resolve_canonical(const std::vector<Reference>& references, const Bases& bases);

}  // namespace placer
