// The dedupe key: which URLs name the same page.
//
// The key is not the URL to fetch. It drops the fragment, tracking parameters (utm_*, gclid, ...),
// session ids in the path, sorts the query's parameters, and evens out percent-encoding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scraper/frontier/url.h"

namespace placer {

std::string dedupe_key(const Url& url);

// XXH3, 64 bits, of a dedupe key. At 10^8 URLs about 3*10^-4 collisions are expected in all.
// Never 0, so that 0 can mean "none".
std::uint64_t fingerprint(std::string_view dedupe_key);

}  // namespace placer
