// Pages that read nearly the same: a fingerprint of a text's words whose bits move little when
// little of the text does (Charikar, "Similarity Estimation Techniques from Rounding Algorithms",
// 2002).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace placer {

// 64 bits over each three words in a row, counted once however often they come. Words are runs of
// letters and digits of any script, without ASCII case; numbers are all the same word, so that
// dates, prices and serial numbers do not tell pages apart. 0 only without a word. Linear, about
// 2 ns an octet; the same on every machine: it is stored.
std::uint64_t simhash(std::string_view utf8);

// Of a text in pieces, as TreeIndex::texts. A word ends where a piece does.
std::uint64_t simhash(std::span<const std::string_view> texts);

}  // namespace placer
