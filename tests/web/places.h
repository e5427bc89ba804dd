// Generated places: what the pages state and what a scraper should read from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/web/hours.h"
#include "tests/web/rng.h"
#include "tests/web/towns.h"

namespace placer::web {

// One place on one page. Empty or nullopt: the page does not state it.
struct TruthPlace {
  std::string page;         // path of the page
  std::string format;       // "json-ld", "microdata" or "microformats"
  std::string schema_type;  // "CafeOrCoffeeShop"
  std::string category;     // the OSM tag of that type: "amenity=cafe"
  std::string name;
  std::string street;          // without the number
  std::string housenumber;     // empty where an address has no such part (JP, CN)
  std::string street_address;  // both, as written on the page
  std::string postcode;
  std::string city;
  std::string country;  // ISO 3166-1 alpha-2
  std::optional<double> lat;
  std::optional<double> lon;
  std::string phone;  // as written
  std::string phone_e164;
  std::string email;
  std::string website;
  std::string opening_hours;     // OSM syntax
  std::optional<double> rating;  // of 5
  std::optional<std::uint32_t> rating_count;
  std::string price_range;
  std::string description;
  std::string image;
  std::vector<std::string> same_as;
};

// A kind of place and what it is called in each Language.
struct PlaceKind {
  const char* schema_type;
  const char* category;
  const char* nouns[kLanguages];
};

std::span<const PlaceKind> place_kinds();

// Lower case ASCII with hyphens, for paths: "cafe-mueller".
std::string slug(std::string_view name);

struct GeneratedPlace {
  TruthPlace truth;
  Week week;
  Language language;
};

// `ordinal` makes the name unlike that of other places of the site (0: leaves it as it is).
GeneratedPlace make_place(const Town& town, const PlaceKind& kind, std::uint64_t ordinal, Rng& rng);

// One JSON object per line.
std::string truth_lines(const std::vector<TruthPlace>& places);

}  // namespace placer::web
