#include "tests/web/places.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace placer::web {
namespace {

constexpr PlaceKind kKinds[] = {
    {"CafeOrCoffeeShop",
     "amenity=cafe",
     {"Café", "Café", "Coffee House", "Café", "Caffè", "Koffiehuis", "Kawiarnia", "喫茶",
      "咖啡馆"}},
    {"Bakery",
     "shop=bakery",
     {"Bäckerei", "Boulangerie", "Bakery", "Panadería", "Panificio", "Bakkerij", "Piekarnia",
      "パン工房", "面包房"}},
    {"Pharmacy",
     "amenity=pharmacy",
     {"Apotheke", "Pharmacie", "Pharmacy", "Farmacia", "Farmacia", "Apotheek", "Apteka", "薬局",
      "药房"}},
    {"Museum",
     "tourism=museum",
     {"Museum", "Musée", "Museum", "Museo", "Museo", "Museum", "Muzeum", "美術館", "博物馆"}},
    {"Restaurant",
     "amenity=restaurant",
     {"Gasthaus", "Restaurant", "Kitchen", "Restaurante", "Trattoria", "Eethuis", "Restauracja",
      "食堂", "饭店"}},
    {"Hotel",
     "tourism=hotel",
     {"Hotel", "Hôtel", "Hotel", "Hotel", "Albergo", "Hotel", "Hotel", "ホテル", "酒店"}},
    {"HairSalon",
     "shop=hairdresser",
     {"Friseur", "Coiffeur", "Hair Studio", "Peluquería", "Parrucchiere", "Kapper", "Fryzjer",
      "美容室", "理发店"}},
    {"BookStore",
     "shop=books",
     {"Buchhandlung", "Librairie", "Books", "Librería", "Libreria", "Boekhandel", "Księgarnia",
      "書店", "书店"}},
    {"Library",
     "amenity=library",
     {"Bücherei", "Bibliothèque", "Library", "Biblioteca", "Biblioteca", "Bibliotheek",
      "Biblioteka", "図書館", "图书馆"}},
    {"Florist",
     "shop=florist",
     {"Blumen", "Fleuriste", "Flowers", "Floristería", "Fioraio", "Bloemen", "Kwiaciarnia", "花屋",
      "花店"}},
    {"Dentist",
     "amenity=dentist",
     {"Zahnarztpraxis", "Cabinet dentaire", "Dental Practice", "Clínica dental", "Dentista",
      "Tandarts", "Dentysta", "歯科", "牙科"}},
    {"PostOffice",
     "amenity=post_office",
     {"Postfiliale", "Bureau de poste", "Post Office", "Oficina de correos", "Ufficio postale",
      "Postkantoor", "Poczta", "郵便局", "邮局"}},
};

double rounded(double value, double scale) { return std::round(value * scale) / scale; }

void set_address(TruthPlace& place, const Town& town, Rng& rng) {
  place.city = town.name;
  place.country = town.country;
  place.postcode = digits_for(town.postcode, rng);
  place.street = rng.pick(streets(town.language));
  place.housenumber = std::to_string(1 + rng.below(180));
  switch (town.language) {
    case Language::kFr:
    case Language::kEn:
      place.street_address = place.housenumber + " " + place.street;
      break;
    case Language::kEs:
      place.street_address = place.street + ", " + place.housenumber;
      break;
    case Language::kJa:
    case Language::kZh:
      place.street +=
          town.language == Language::kJa ? "1-" + place.housenumber : place.housenumber + "号";
      place.housenumber.clear();
      place.street_address = place.street;
      break;
    default:
      place.street_address = place.street + " " + place.housenumber;
      break;
  }
}

void set_phone(TruthPlace& place, const Town& town, Rng& rng) {
  const std::string subscriber = digits_for(town.subscriber, rng);
  const std::string area(town.area);
  place.phone_e164 = "+" + std::string(town.calling) + area + subscriber;
  const std::string split = subscriber.substr(0, 3) + " " + subscriber.substr(3);
  switch (rng.below(4)) {
    case 0:
      place.phone = "+" + std::string(town.calling) + " " + area + " " + split;
      break;
    case 1:
      place.phone = place.phone_e164;
      break;
    case 2:
      place.phone = "(" + std::string(town.trunk) + area + ") " + split;
      break;
    default:
      place.phone = std::string(town.trunk) + area + " " + subscriber;
      break;
  }
}

std::string sentence(Language language, Rng& rng) {
  std::string text;
  const bool spaced = language != Language::kJa && language != Language::kZh;
  for (std::size_t i = 0, count = 6 + rng.below(9); i < count; ++i) {
    if (i > 0 && spaced) text += ' ';
    text += rng.pick(words(language));
  }
  return text + (spaced ? "." : "。");
}

std::string place_name(const Town& town, const PlaceKind& kind, std::uint64_t ordinal, Rng& rng) {
  const std::string noun = kind.nouns[static_cast<std::size_t>(town.language)];
  const std::string family(rng.pick(family_names(town.language)));
  std::string name;
  switch (town.language) {
    case Language::kEn:
      name = family + " " + noun;
      break;
    case Language::kJa:
    case Language::kZh:
      name = family + noun;
      break;
    default:
      name = noun + " " + family;
      break;
  }
  return ordinal == 0 ? name : name + " " + std::to_string(ordinal);
}

void set_optional_parts(TruthPlace& place, const std::string& short_name, Rng& rng) {
  if (rng.chance(0.6)) {
    place.rating = rounded(3.0 + 2.0 * rng.unit(), 10);
    place.rating_count = static_cast<std::uint32_t>(1 + rng.below(900));
  }
  if (rng.chance(0.5)) place.price_range = std::string(1 + rng.below(3), '$');
  if (rng.chance(0.4)) place.email = "info@" + short_name + ".example";
  if (rng.chance(0.5)) place.website = "https://" + short_name + ".example/";
  if (rng.chance(0.5)) place.image = "https://img.example/" + short_name + ".jpg";
  if (rng.chance(0.4)) {
    place.same_as = {"https://www.facebook.com/" + short_name,
                     "https://www.instagram.com/" + short_name};
  }
}

}  // namespace

std::span<const PlaceKind> place_kinds() { return kKinds; }

std::string slug(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kLetters[] = {
      {"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"Ä", "ae"}, {"Ö", "oe"}, {"Ü", "ue"}, {"ß", "ss"},
      {"é", "e"},  {"è", "e"},  {"ê", "e"},  {"ç", "c"},  {"ô", "o"},  {"ñ", "n"},  {"á", "a"},
      {"í", "i"},  {"ò", "o"},  {"ó", "o"},  {"ë", "e"},  {"ł", "l"},  {"ń", "n"},  {"ś", "s"}};
  std::string text(name);
  for (const auto& [letter, ascii] : kLetters) {
    for (std::size_t at = 0; (at = text.find(letter, at)) != std::string::npos;) {
      text.replace(at, letter.size(), ascii);
    }
  }
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (upper || plain) {
      out += static_cast<char>(upper ? c - 'A' + 'a' : c);
    } else if (c == ' ' && !out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "x" : out;
}

GeneratedPlace make_place(const Town& town, const PlaceKind& kind, std::uint64_t ordinal,
                          Rng& rng) {
  GeneratedPlace place{TruthPlace{}, make_week(rng), town.language};
  TruthPlace& truth = place.truth;
  truth.schema_type = kind.schema_type;
  truth.category = kind.category;
  truth.name = place_name(town, kind, ordinal, rng);
  set_address(truth, town, rng);
  set_phone(truth, town, rng);
  truth.lat = rounded(town.lat + 0.06 * (rng.unit() - 0.5), 1e6);
  truth.lon = rounded(town.lon + 0.06 * (rng.unit() - 0.5), 1e6);
  if (rng.chance(0.85)) truth.opening_hours = osm_hours(place.week);
  truth.description = sentence(town.language, rng);
  set_optional_parts(truth, slug(truth.name), rng);
  return place;
}

std::string truth_lines(const std::vector<TruthPlace>& places) {
  std::string lines;
  for (const TruthPlace& place : places) {
    nlohmann::ordered_json object;
    const auto add = [&object](const char* key, const std::string& value) {
      if (!value.empty()) object[key] = value;
    };
    add("page", place.page);
    add("format", place.format);
    add("schema_type", place.schema_type);
    add("category", place.category);
    add("name", place.name);
    add("addr_street", place.street);
    add("addr_housenumber", place.housenumber);
    add("street_address", place.street_address);
    add("addr_postcode", place.postcode);
    add("addr_city", place.city);
    add("addr_country", place.country);
    if (place.lat && place.lon) object["lat"] = *place.lat, object["lon"] = *place.lon;
    add("phone", place.phone_e164);
    add("email", place.email);
    add("website", place.website);
    add("opening_hours", place.opening_hours);
    if (place.rating) object["rating"] = *place.rating;
    if (place.rating_count) object["rating_count"] = *place.rating_count;
    add("price_range", place.price_range);
    add("description", place.description);
    add("image", place.image);
    if (!place.same_as.empty()) object["same_as"] = place.same_as;
    lines += object.dump() + "\n";
  }
  return lines;
}

}  // namespace placer::web
