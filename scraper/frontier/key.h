// The dedupe key: which URLs name the same page.
//
// The key is not the URL to fetch: that stays as the page linked it. Two URLs of one page that get
// different keys cost a fetch; two pages that get one key lose a page. So only what never selects
// a page is dropped:
//
// - fragment and userinfo;
// - parameters that tell where a visitor came from: utm_*, gclid, fbclid, ... (key.cc has them
// all);
// - session ids: PHPSESSID and its kin in the query; ;jsessionid=... and /(S(...))/ in the path;
//   `sid` and `session` only when the value looks like one;
// - empty parameters ("a=1&&b=2"), and the '?' when none is left.
//
// Parameters are sorted by name, those of one name keep their order. Percent-encoding is evened out
// (RFC 3986 section 6.2.2). The scheme, a trailing slash, "www." and letter case all count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scraper/frontier/url.h"
#include "scraper/message.h"

namespace placer {

// A URL again, and its own key.
std::string dedupe_key(const Url& url);

// XXH3, 64 bits, of a dedupe key. At 10^8 URLs about 3*10^-4 collisions are expected in all.
// Never 0, so that 0 can mean "none". The same on every machine: it is stored.
std::uint64_t fingerprint(std::string_view dedupe_key);

// A link to `url`, whose fragment and userinfo are left out, with the fingerprint of what it asks
// for: two POSTs to one URL with different bodies are two pages.
Link link_to(Url url, LinkKind kind, std::string body = {});

}  // namespace placer
