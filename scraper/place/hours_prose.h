// Opening hours in running text: where they stand, and what they say.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "scraper/place/hours.h"

namespace placer {

struct HoursMention {
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  OpeningHours hours;  // never empty
};

// The hours in a text of several lines, in order, at most 100: stretches that are understood word
// by word and name a day, or say "24/7", or follow a word such as "open". A table's cells are
// lines. `language` is a BCP 47 tag or empty. Looks only around what can be a time of day, so text
// without any costs next to nothing; linear.
std::vector<HoursMention> find_hours(std::string_view text, std::string_view language);

}  // namespace placer
