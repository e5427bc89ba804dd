// How to reach what an h-card states: telephone, fax, e-mail, website.
#pragma once

#include <nlohmann/json.hpp>

#include "scraper/extract/microformats/items.h"

namespace placer {

// Adds telephone, faxNumber, email, url and sameAs to `fields`, as the card has them. A number is a
// fax by its type ("tel" with a "type" in it), by a class or by the text before it.
void add_contact(const MicroformatItem& card, nlohmann::json& fields);

}  // namespace placer
