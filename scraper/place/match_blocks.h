// Blocking: which places are worth comparing at all.
//
// A place has about a dozen keys; two places are candidates when they share one. A key that too
// many places share (kMaxBlock) tells nothing and makes no candidates.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scraper/place/match.h"

namespace placer {

using BlockKey = std::int64_t;  // a hash, as a database has it

inline constexpr std::uint32_t kMaxBlock = 50;

// Telephone numbers, website, e-mail; the name's words; its longest word with postcode, with
// city and with each of the four cells of about 500 m that overlap at the position; street and
// house number, alone and with postcode or city. In ascending order, none twice.
std::vector<BlockKey> block_keys(const MatchProfile& profile);

// The keys of what `Sharing` counts; 0 for what is not there.
BlockKey phone_key(std::string_view e164);
BlockKey website_key(const MatchProfile& profile);
BlockKey email_key(const MatchProfile& profile);
BlockKey name_key(const MatchProfile& profile);

}  // namespace placer
