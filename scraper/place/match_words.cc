#include "scraper/place/match_words.h"

#include <algorithm>
#include <array>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::string_view kGeneric[] = {
    "apotheke",   "bakery",     "backerei",    "bank",       "bar",       "bistro",
    "boutique",   "branch",     "brasserie",   "building",   "cafe",      "caffe",
    "casino",     "center",     "centre",      "clinic",     "club",      "coffee",
    "company",    "cuisine",    "diner",       "dining",     "drogerie",  "farmacia",
    "fast",       "filiale",    "food",        "friseur",    "garage",    "gasthaus",
    "gasthof",    "grill",      "grille",      "group",      "grocery",   "gym",
    "hair",       "hospital",   "hotel",       "hostel",     "house",     "imbiss",
    "inn",        "kiosk",      "kitchen",     "klinik",     "kneipe",    "laden",
    "library",    "lounge",     "mall",        "market",     "markt",     "motel",
    "museum",     "office",     "outlet",      "park",       "parking",   "petrol",
    "pharmacie",  "pharmacy",   "pizza",       "pizzeria",   "plaza",     "praxis",
    "pub",        "restaurant", "restaurante", "ristorante", "room",      "salon",
    "school",     "service",    "services",    "shop",       "shopping",  "sports",
    "station",    "steak",      "steakhouse",  "store",      "studio",    "supermarket",
    "supermarkt", "tankstelle", "tavern",      "taverna",    "trattoria", "winkel",
    "zentrum"};
constexpr std::string_view kJoining[] = {
    "a",   "al",  "am",  "an",  "and", "at",  "aux", "av",  "bei", "by", "d",   "da",  "das",
    "de",  "del", "den", "der", "des", "di",  "die", "do",  "du",  "e",  "el",  "en",  "et",
    "for", "het", "i",   "il",  "im",  "in",  "l",   "la",  "las", "le", "les", "lo",  "los",
    "of",  "on",  "s",   "the", "to",  "und", "van", "vom", "von", "y",  "zu",  "zum", "zur"};
constexpr std::string_view kLegal[] = {
    "ab",  "ag",  "aps", "as",   "bv",  "co",   "corp", "ek",      "eg",  "ev",  "gbr",   "gmbh",
    "inc", "kft", "kg",  "kgaa", "llc", "llp",  "ltd",  "limited", "mbh", "nv",  "ohg",   "oy",
    "plc", "pty", "sa",  "sarl", "sas", "sasu", "sl",   "spa",     "srl", "sro", "spzoo", "ug"};

struct Pair {
  std::string_view word;
  std::string_view form;
};
constexpr Pair kStreetTypes[] = {
    {"allee", "allee"}, {"alley", "alley"}, {"av", "ave"},      {"avda", "ave"},
    {"ave", "ave"},     {"avenida", "ave"}, {"avenue", "ave"},  {"bd", "blvd"},
    {"blv", "blvd"},    {"blvd", "blvd"},   {"boul", "blvd"},   {"boulevard", "blvd"},
    {"c", "calle"},     {"calle", "calle"}, {"circle", "cir"},  {"cir", "cir"},
    {"close", "close"}, {"corso", "corso"}, {"court", "ct"},    {"crescent", "cres"},
    {"cres", "cres"},   {"ct", "ct"},       {"dr", "dr"},       {"drive", "dr"},
    {"freeway", "fwy"}, {"fwy", "fwy"},     {"gasse", "gasse"}, {"highway", "hwy"},
    {"hwy", "hwy"},     {"lane", "ln"},     {"ln", "ln"},       {"parkway", "pkwy"},
    {"pkwy", "pkwy"},   {"piazza", "pl"},   {"pl", "pl"},       {"place", "pl"},
    {"platz", "pl"},    {"plaza", "pl"},    {"plz", "pl"},      {"rd", "rd"},
    {"road", "rd"},     {"route", "rte"},   {"rte", "rte"},     {"rua", "rua"},
    {"rue", "rue"},     {"sq", "sq"},       {"square", "sq"},   {"st", "st"},
    {"str", "st"},      {"straat", "st"},   {"strasse", "st"},  {"street", "st"},
    {"ter", "ter"},     {"terrace", "ter"}, {"ul", "ul"},       {"ulica", "ul"},
    {"via", "via"},     {"viale", "viale"}, {"way", "way"},     {"weg", "weg"}};
constexpr Pair kDirections[] = {{"n", "north"},      {"north", "north"},
                                {"s", "south"},      {"south", "south"},
                                {"e", "east"},       {"east", "east"},
                                {"w", "west"},       {"west", "west"},
                                {"ne", "northeast"}, {"northeast", "northeast"},
                                {"nw", "northwest"}, {"northwest", "northwest"},
                                {"se", "southeast"}, {"southeast", "southeast"},
                                {"sw", "southwest"}, {"southwest", "southwest"}};
constexpr Pair kSpelled[] = {
    {"first", "1th"},       {"second", "2th"},      {"third", "3th"},      {"fourth", "4th"},
    {"fifth", "5th"},       {"sixth", "6th"},       {"seventh", "7th"},    {"eighth", "8th"},
    {"ninth", "9th"},       {"tenth", "10th"},      {"eleventh", "11th"},  {"twelfth", "12th"},
    {"thirteenth", "13th"}, {"fourteenth", "14th"}, {"fifteenth", "15th"}, {"sixteenth", "16th"},
    {"saint", "st"},        {"sankt", "st"},        {"sainte", "ste"},     {"theatre", "theater"},
    {"centre", "center"},   {"grille", "grill"},    {"doctor", "dr"},      {"doktor", "dr"},
    {"mount", "mt"},        {"fort", "ft"}};
constexpr std::string_view kStreetEnds[] = {
    "between", "near", "at", "off", "corner", "cnr", "opp", "opposite", "behind", "floor", "level"};
constexpr std::string_view kUnitWords[] = {"suite", "ste", "unit", "apt", "apartment", "shop"};

template <std::size_t N>
bool contains(const std::string_view (&table)[N], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

template <std::size_t N>
std::string_view form_of(const Pair (&table)[N], std::string_view word) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [word](const Pair& pair) { return pair.word == word; });
  return found == std::end(table) ? std::string_view{} : found->form;
}

using ascii::is_digit;
bool any_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

constexpr std::size_t kCompared = 64;

// The share of Jaro: characters that agree within a window, and how many of them changed places.
double jaro(std::string_view a, std::string_view b) {
  const std::size_t reach = std::max(a.size(), b.size()) / 2;
  const std::size_t window = reach == 0 ? 0 : reach - 1;
  std::array<bool, kCompared> used_a{};
  std::array<bool, kCompared> used_b{};
  std::size_t common = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t end = std::min(b.size(), i + window + 1);
    for (std::size_t k = i > window ? i - window : 0; k < end; ++k) {
      if (used_b[k] || a[i] != b[k]) continue;
      used_a[i] = used_b[k] = true;
      ++common;
      break;
    }
  }
  if (common == 0) return 0;
  std::size_t changed = 0;
  for (std::size_t i = 0, k = 0; i < a.size(); ++i) {
    if (!used_a[i]) continue;
    while (!used_b[k]) ++k;
    changed += a[i] != b[k++] ? 1 : 0;
  }
  const auto m = static_cast<double>(common);
  return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
          (m - static_cast<double>(changed) / 2) / m) /
         3;
}

}  // namespace

NameWord kind_of_name_word(std::string_view word) {
  if (contains(kGeneric, word)) return NameWord::kGeneric;
  if (contains(kJoining, word)) return NameWord::kJoining;
  return contains(kLegal, word) ? NameWord::kLegal : NameWord::kTelling;
}

std::string canonical_name_word(std::string_view word) {
  if (const auto form = form_of(kSpelled, word); !form.empty()) return std::string(form);
  const std::size_t digits = word.find_first_not_of("0123456789");
  if (digits != 0 && digits != std::string_view::npos) {
    const std::string_view ending = word.substr(digits);
    if (ending == "st" || ending == "nd" || ending == "rd" || ending == "th") {
      return std::string(word.substr(0, digits)) + "th";
    }
  }
  return std::string(word);
}

std::string_view street_type(std::string_view word) { return form_of(kStreetTypes, word); }
std::string_view street_direction(std::string_view word) { return form_of(kDirections, word); }
bool ends_street(std::string_view word) { return contains(kStreetEnds, word); }
bool names_unit(std::string_view word) { return contains(kUnitWords, word); }

double jaro_winkler(std::string_view a, std::string_view b) {
  if (a == b) return 1;
  a = a.substr(0, kCompared);
  b = b.substr(0, kCompared);
  if (a.empty() || b.empty()) return 0;
  const double alike = jaro(a, b);
  std::size_t prefix = 0;
  while (prefix < 4 && prefix < std::min(a.size(), b.size()) && a[prefix] == b[prefix]) ++prefix;
  return alike + static_cast<double>(prefix) * 0.1 * (1 - alike);
}

double word_likeness(std::string_view a, std::string_view b) {
  constexpr std::size_t kAbbreviation = 3;  // bytes of the shortest one that tells
  constexpr double kSpellingMistake = 0.9;
  if (a == b) return 1;
  if (any_digit(a) || any_digit(b)) return 0;
  const std::string_view shorter = a.size() < b.size() ? a : b;
  const std::string_view longer = a.size() < b.size() ? b : a;
  if (shorter.size() > kAbbreviation && longer.starts_with(shorter)) return 0.9;
  if (shorter.size() <= kAbbreviation) return 0;
  const double alike = jaro_winkler(a, b);
  return alike >= kSpellingMistake ? alike : 0;
}

}  // namespace placer
