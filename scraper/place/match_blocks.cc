#include "scraper/place/match_blocks.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace placer {
namespace {

BlockKey key_of(char kind, std::string_view text) {
  if (text.empty()) return 0;
  return static_cast<BlockKey>(
      XXH3_64bits_withSeed(text.data(), text.size(), static_cast<unsigned char>(kind)));
}

// The longest of the words a place is known by; the generic one when there is no other.
std::string_view main_word(const MatchProfile& profile) {
  std::string_view best;
  double weight = 0;
  for (const NameToken& token : profile.name) {
    const bool better =
        token.weight > weight ||
        (token.weight == weight && (token.word.size() > best.size() ||
                                    (token.word.size() == best.size() && token.word < best)));
    if (!better) continue;
    best = token.word;
    weight = token.weight;
  }
  return best;
}

void add_cells(const MatchProfile& profile, std::string_view word, std::vector<BlockKey>& keys) {
  constexpr double kCell = 0.005;  // degrees of latitude: 556 m
  if (!profile.lat || word.empty()) return;
  const double y = *profile.lat / kCell;
  // One width of columns for each row of cells, so that neighbours agree on it.
  for (const double row : {std::floor(y - 0.5), std::floor(y + 0.5)}) {
    const double degrees = std::clamp(row * kCell, -89.0, 89.0);
    const double x = *profile.lon * std::cos(degrees * std::numbers::pi / 180) / kCell;
    for (const double column : {std::floor(x - 0.5), std::floor(x + 0.5)}) {
      keys.push_back(key_of('g', fmt::format("{}|{:.0f}|{:.0f}", word, row, column)));
    }
  }
}

}  // namespace

BlockKey phone_key(std::string_view e164) { return key_of('p', e164); }
BlockKey website_key(const MatchProfile& profile) { return key_of('w', profile.website); }
BlockKey email_key(const MatchProfile& profile) { return key_of('e', profile.email); }
BlockKey name_key(const MatchProfile& profile) { return key_of('n', profile.name_key); }

std::vector<BlockKey> block_keys(const MatchProfile& profile) {
  std::vector<BlockKey> keys;
  for (const std::string& phone : profile.phones) keys.push_back(phone_key(phone));
  keys.push_back(website_key(profile));
  keys.push_back(email_key(profile));
  keys.push_back(name_key(profile));
  const std::string_view word = main_word(profile);
  const std::string& city = profile.city;
  if (!word.empty() && !profile.postcode.empty()) {
    keys.push_back(key_of('t', fmt::format("{}|{}", word, profile.postcode)));
  }
  if (!word.empty() && !city.empty()) keys.push_back(key_of('t', fmt::format("{}|{}", word, city)));
  add_cells(profile, word, keys);
  const StreetParts& street = profile.street;
  if (street.low != 0 && !street.joined.empty()) {
    // The first word survives what is written after it.
    const std::string line = fmt::format("{}|{}", street.words.front(), street.low);
    const std::string& town = profile.postcode.empty() ? city : profile.postcode;
    keys.push_back(key_of('s', line));
    if (!town.empty()) keys.push_back(key_of('s', line + '|' + town));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (const auto none = std::find(keys.begin(), keys.end(), 0); none != keys.end())
    keys.erase(none);
  return keys;
}

}  // namespace placer
