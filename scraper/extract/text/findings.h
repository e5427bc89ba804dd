// What in a page's words says that a place is there.
#pragma once

#include <string>
#include <vector>

#include "scraper/extract/text/prose.h"
#include "scraper/page/page.h"
#include "scraper/place/address_text.h"
#include "scraper/place/phone.h"

namespace placer {

struct Findings {
  Prose prose;
  std::string country;  // alpha-2, where the page is likely from; empty: unknown
  std::vector<WrittenAddress> addresses;
  std::vector<PhoneMention> phones;  // those of "tel:" links too, in order
};

// The country is that of the host's top-level domain, else what most addresses state, else that of
// the language ("en-GB", "pl").
Findings read_findings(const Page& page, Prose prose);

}  // namespace placer
