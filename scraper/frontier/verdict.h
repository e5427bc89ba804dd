// What an outcome means for its URL and its host.
#pragma once

#include <string>

#include "scraper/message.h"
#include "scraper/storage.h"

namespace placer {

// True for what the server asks for, or a sign that it is overloaded: its other pages should wait
// too.
bool concerns_host(const Outcome& outcome);

// True when the same request may well succeed later.
bool is_transient(const Outcome& outcome);

// True when the response leads elsewhere; the target is the first link.
bool is_redirect(const Outcome& outcome);

// How the page's story ended, when it is not fetched again.
PageStatus page_status(const Outcome& outcome);

// The failure in words: "GET https://x/: HTTP status 503".
std::string describe_failure(const Outcome& outcome);

}  // namespace placer
