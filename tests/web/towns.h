// The towns that generated places stand in: addresses, telephone numbers and words of each country.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tests/web/rng.h"

namespace placer::web {

enum class Language : std::uint8_t { kDe, kFr, kEn, kEs, kIt, kNl, kPl, kJa, kZh };
inline constexpr std::size_t kLanguages = 9;

std::string_view language_tag(Language language);  // "de"

// Running words, family names and street names as they are common there.
std::span<const std::string_view> words(Language language);
std::span<const std::string_view> family_names(Language language);
std::span<const std::string_view> streets(Language language);

struct Town {
  std::string_view name;
  std::string_view country;  // ISO 3166-1 alpha-2
  Language language;
  double lat;
  double lon;
  std::string_view postcode;    // '#' is any digit
  std::string_view calling;     // country calling code: "49"
  std::string_view trunk;       // before a national number: "0", or nothing
  std::string_view area;        // area code; with a 0 only where E.164 keeps it (Italy)
  std::string_view subscriber;  // '#' is any digit
};

std::span<const Town> towns();
const Town& town_of(Language language);  // the first of that language

// `pattern` with each '#' replaced by a digit.
std::string digits_for(std::string_view pattern, Rng& rng);

}  // namespace placer::web
