#include "scraper/place/street_line.h"

#include <algorithm>
#include <string>
#include <vector>

#include "scraper/ascii.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

// Words behind a street's name, and in front of it, where a number stands before or after.
constexpr std::string_view kSuffixes[] = {
    "street",     "st",        "str",     "road",   "rd",        "avenue",  "ave",    "av",
    "blvd",       "boulevard", "drive",   "dr",     "lane",      "ln",      "court",  "ct",
    "circle",     "cir",       "place",   "pl",     "parkway",   "pkwy",    "pky",    "highway",
    "hwy",        "way",       "terrace", "ter",    "trail",     "trl",     "square", "sq",
    "loop",       "broadway",  "plaza",   "pike",   "turnpike",  "tpke",    "rte",    "route",
    "row",        "crescent",  "cres",    "close",  "gardens",   "grove",   "mews",   "walk",
    "quay",       "wharf",     "parade",  "pde",    "esplanade", "freeway", "fwy",    "expressway",
    "expwy",      "crossing",  "xing",    "bypass", "causeway",  "strasse", "straße", "platz",
    "allee",      "weg",       "gasse",   "ring",   "damm",      "straat",  "laan",   "plein",
    "gata",       "gate",      "vei",     "katu",   "tie",       "utca",    "marg",   "hill",
    "embankment", "approach"};
constexpr std::string_view kPrefixes[] = {
    "rue",    "avenue", "av",      "boulevard", "bd",       "chemin",    "route",      "allée",
    "allee",  "quai",   "impasse", "cours",     "place",    "calle",     "c/",         "avenida",
    "avda",   "plaza",  "paseo",   "carrer",    "ctra",     "carretera", "via",        "viale",
    "piazza", "corso",  "largo",   "rua",       "travessa", "praça",     "praca",      "ulica",
    "ul",     "al",     "os",      "ulice",     "strada",   "str",       "bulevardul", "highway",
    "hwy",    "route",  "ул",      "улица",     "вул",      "am",        "an",         "auf"};
constexpr std::string_view kEndings[] = {
    "strasse", "straße", "str",  "platz",  "allee",  "gasse",    "damm",  "straat", "laan", "gatan",
    "vägen",   "gade",   "weg",  "plein",  "gracht", "kade",     "ufer",  "markt",  "vej",  "veien",
    "katu",    "tie",    "dijk", "singel", "graben", "chaussee", "stieg", "gata",   "dreef"};
constexpr std::string_view kUnits[] = {
    "suite", "ste",  "unit", "apt",  "apartment", "floor", "fl",   "flat",     "lvl",
    "level", "room", "rm",   "bldg", "building",  "shop",  "lot",  "andar",    "étage",
    "stock", "og",   "hof",  "top",  "piso",      "local", "bloc", "block",    "dept",
    "space", "bay",  "nº",   "n°",   "no",        "nr",    "gate", "penthouse"};
// Of those, the ones that stand behind their number.
constexpr std::string_view kStoreys[] = {"floor", "fl",   "level", "andar",      "étage",  "stock",
                                         "og",    "piso", "etage", "verdieping", "piętro", "patro"};
constexpr std::string_view kBoxes[] = {"po box",          "p.o. box",   "p.o.box",  "p o box",
                                       "post office box", "postfach",   "postbus",  "boîte postale",
                                       "b.p. ",           "bp ",        "apartado", "apdo",
                                       "casella postale", "box ",       "pob ",     "gpo box",
                                       "private bag",     "locked bag", "postboks"};
// Words for buildings and estates, which stand above the street.
constexpr std::string_view kBuildings[] = {"house", "building", "centre",  "center",   "court",
                                           "tower", "towers",   "plaza",   "park",     "estate",
                                           "mill",  "mills",    "hall",    "chambers", "mall",
                                           "works", "arcade",   "complex", "campus",   "yard"};
constexpr std::string_view kDirections[] = {
    "n",     "s",     "e",    "w",    "ne",        "nw",        "se",        "sw",
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"};
constexpr std::string_view kJoiners[] = {
    "of",  "the", "de",  "la",  "le",  "les", "du",  "des", "del", "di",    "da",  "do",
    "dos", "das", "der", "den", "am",  "an",  "im",  "in",  "bei", "ob",    "sur", "upon",
    "and", "&",   "y",   "van", "von", "zu",  "zur", "zum", "on",  "under", "by",  "los",
    "las", "el",  "al",  "af",  "i",   "os",  "aan", "ter", "d"};

template <std::size_t N>
bool contains(const std::string_view (&table)[N], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

using ascii::is_digit;
using ascii::is_lower;
using ascii::is_upper;

std::string bare(std::string_view word) {
  while (!word.empty() &&
         std::string_view(".,;:)#\"'").find(word.back()) != std::string_view::npos) {
    word.remove_suffix(1);
  }
  while (!word.empty() && (word.front() == '(' || word.front() == '"')) word.remove_prefix(1);
  return lower_ascii(word);
}

// A word that may be part of a name: it begins with a capital, or with a letter beyond ASCII.
bool is_capitalised(std::string_view word) {
  if (!word.empty() && (word.front() == '(' || word.front() == '"' || word.front() == '\'')) {
    word.remove_prefix(1);
  }
  return !word.empty() && (is_upper(word[0]) || static_cast<unsigned char>(word[0]) >= 0x80);
}

// "12", "12a", "12-14", "12/3", "221B", "12,".
bool is_house_number(std::string_view word) {
  while (!word.empty() && (word.back() == ',' || word.back() == '.')) word.remove_suffix(1);
  // "W16700", as in Wisconsin.
  if (word.size() >= 4 && std::string_view("NSEW").find(word[0]) != std::string_view::npos) {
    word.remove_prefix(1);
  }
  if (word.empty() || word.size() > 9 || !is_digit(word[0])) return false;
  std::size_t letters = 0;
  for (const char c : word) {
    if (is_lower(c) || is_upper(c)) {
      if (++letters > 1) return false;
    } else if (!is_digit(c) && c != '-' && c != '/') {
      return false;
    }
  }
  return true;
}

bool is_ordinal(std::string_view word) {
  const std::string low = bare(word);
  if (low.size() < 3 || !is_digit(low[0])) return false;
  const std::string_view tail = std::string_view(low).substr(low.size() - 2);
  return tail == "st" || tail == "nd" || tail == "rd" || tail == "th";
}

bool has_street_ending(std::string_view word) {
  const std::string low = bare(word);
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
    return low.size() > ending.size() + 2 && low.ends_with(ending);
  });
}

bool is_box(std::string_view part) {
  const std::string low = lower_ascii(part.substr(0, 40));
  return std::any_of(std::begin(kBoxes), std::end(kBoxes),
                     [&](std::string_view box) { return low.starts_with(box); }) &&
         std::any_of(part.begin(), part.end(), is_digit);
}

std::size_t offset(std::string_view of, std::string_view word) {
  return static_cast<std::size_t>(word.data() - of.data());
}

bool is_unit(const std::vector<std::string_view>& words) {
  const std::string first = bare(words[0]);
  if (std::any_of(words.begin(), words.end(), [](std::string_view word) {
        return std::count_if(word.begin(), word.end(), is_digit) > 5;
      })) {
    return false;
  }
  if (words.size() == 1) {
    return (is_house_number(words[0]) && words[0].size() <= 5) || words[0].front() == '#';
  }
  if (words.size() > 5) return false;
  if (words[0].front() == '#') return true;
  if (words.size() <= 4 && contains(kUnits, first) && words[0].size() > 1) return true;
  // "3rd Floor", "1º Andar", "Sixth Floor".
  return words.size() <= 3 && contains(kStoreys, bare(words[1]));
}

// Where in the words a street begins: a number with a street word behind it, or a street word with
// a number behind.
struct StreetAt {
  std::size_t first = 0;
  bool strong = false;
};

bool follows_number(const std::vector<std::string_view>& words, std::size_t number, bool& strong) {
  std::size_t names = 0;
  for (std::size_t i = number + 1; i < words.size() && i <= number + 7; ++i) {
    const std::string word = bare(words[i]);
    if (i > number + 1 && (contains(kSuffixes, word) || has_street_ending(words[i]))) {
      strong = true;
      return true;
    }
    // "12 rue de Rivoli", "525 Broadway", "12 Hauptstraße", "12 County Road 5".
    if (contains(kPrefixes, word) || word == "broadway" || has_street_ending(words[i])) {
      strong = i + 1 < words.size() || word == "broadway";
      return true;
    }
    if (!is_capitalised(words[i]) && !is_ordinal(words[i]) && !contains(kJoiners, word) &&
        words[i] != "#" && !is_house_number(words[i])) {
      return false;
    }
    if (!std::any_of(words[i].begin(), words[i].end(), is_digit) && words[i].size() > 1) ++names;
  }
  return names > 0;
}

std::optional<StreetAt> find_street(const std::vector<std::string_view>& words) {
  std::optional<StreetAt> weak;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = bare(words[i]);
    const bool number = is_house_number(words[i]) || word == "one" || word == "two";
    if (number && i + 1 < words.size()) {
      bool strong = false;
      if (follows_number(words, i, strong)) {
        if (strong) return StreetAt{i, true};
        if (!weak && i == 0 && words.size() <= 6) weak = StreetAt{i, false};
      }
    }
    const bool prefix = contains(kPrefixes, word) && word.size() > 1;
    const bool ending = has_street_ending(words[i]);
    if (!prefix && !ending) continue;
    // "Rua Direita 8", "Hauptstr. 5".
    const std::size_t reach = std::min(words.size(), i + (prefix ? 8 : 2));
    for (std::size_t j = i + 1; j < reach; ++j) {
      if (is_house_number(words[j])) return StreetAt{i, prefix ? j > i + 1 : true};
    }
    if (!weak && prefix && i == 0 && words.size() >= 2 && words.size() <= 7 &&
        is_capitalised(words[0])) {
      weak = StreetAt{i, false};
    }
  }
  // "Long Street 5": the number last, as in most of Europe.
  if (!weak && words.size() >= 2 && words.size() <= 5 && is_house_number(words.back()) &&
      is_capitalised(words[0])) {
    const std::string before = bare(words[words.size() - 2]);
    weak = StreetAt{0, contains(kSuffixes, before) && words.size() >= 3};
  }
  return weak;
}

// Of what stands before the number, buildings and units belong to the address.
std::size_t with_building(const std::vector<std::string_view>& words, std::size_t first) {
  if (first == 0) return 0;
  bool building = false;
  std::size_t begin = 0;  // past "Registered Office"
  for (std::size_t i = 0; i < first; ++i) {
    const std::string word = bare(words[i]);
    if (word == "address" || word == "office" || word == "offices") {
      begin = i + 1;
      building = false;
      continue;
    }
    if (contains(kBuildings, word) || contains(kUnits, word)) building = true;
    const bool name = is_capitalised(words[i]) || is_ordinal(words[i]) ||
                      is_house_number(words[i]) || contains(kJoiners, word);
    if (!name) return first;
  }
  return building ? begin : first;
}

// Where "PO Box 12" begins in the part; npos: nowhere. Names may stand before it.
std::size_t box_in(std::string_view part) {
  const std::string low = lower_ascii(part);
  for (const std::string_view box : {" po box ", " p.o. box ", " p.o.box ", " p o box "}) {
    const std::size_t at = low.find(box);
    const std::size_t digit = at == std::string::npos ? at : at + box.size();
    if (digit < low.size() && is_digit(low[digit])) return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

AddressPart read_address_part(std::string_view part) {
  constexpr std::size_t kLongest = 160;  // bytes
  AddressPart out;
  part = trimmed(part);
  if (part.empty() || part.size() > kLongest) return out;
  if (std::count_if(part.begin(), part.end(), is_digit) > 10) return out;
  const auto words = split_any(part, " \t");
  if (is_box(part)) return {AddressLine::kBox, true, 0};
  const std::size_t box = box_in(part);
  if (box != std::string_view::npos &&
      std::none_of(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(box), is_digit)) {
    return {AddressLine::kBox, true, box};
  }
  if (is_unit(words)) return {AddressLine::kUnit, false, 0};
  if (const auto street = find_street(words)) {
    std::size_t first = with_building(words, street->first);
    // "Rue" and "Hauptstr." may have more of their name before them: "Alte Hauptstr. 5".
    if (first > 0 && first == street->first && !is_digit(words[first].front()) && first <= 2 &&
        is_capitalised(words[0]) && bare(words[first]) != "one" && bare(words[first]) != "two") {
      first = 0;
    }
    return {AddressLine::kStreet, street->strong, offset(part, words[first])};
  }
  if (is_place_name(part, 6)) {
    const bool street = words.size() >= 2 && words.size() <= 4 &&
                        contains(kSuffixes, bare(words.back())) && bare(words.back()) != "st";
    const bool building = words.size() >= 2 && contains(kBuildings, bare(words.back()));
    return {street     ? AddressLine::kRoad
            : building ? AddressLine::kBuilding
                       : AddressLine::kName,
            false, 0};
  }
  return out;
}

std::optional<std::size_t> end_of_street(std::string_view part) {
  const auto words = split_any(part, " \t");
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = bare(words[i]);
    const bool digits = std::any_of(words[i].begin(), words[i].end(), is_digit);
    const bool street =
        i > 0 && (contains(kSuffixes, word) || has_street_ending(words[i]) ||
                  (last && *last + 1 == i && (word == "extension" || word == "ext")));
    // "St. Louis", "Court House": a suffix right before more of a name is none if nothing follows
    // the number yet.
    const bool saint = (word == "st" || word == "ste") && last && i + 1 < words.size();
    if (digits || (street && !saint) || (contains(kUnits, word) && word.size() > 1 && i > 0)) {
      last = i;
    } else if (last && contains(kDirections, word) && *last + 1 == i &&
               (word.size() <= 2 || i + 2 >= words.size()) && i + 1 < words.size() &&
               word.size() <= 2) {
      last = i;
    } else if (last && *last + 1 == i && words[i].size() == 1 && is_upper(words[i][0])) {
      last = i;  // "Suite A"
    }
  }
  if (!last) return std::nullopt;
  return offset(part, words[*last]) + words[*last].size();
}

bool is_place_name(std::string_view text, std::size_t most) {
  const auto words = split_any(text, " \t");
  if (words.empty() || words.size() > most) return false;
  if (!is_capitalised(words.front())) return false;
  return std::all_of(words.begin(), words.end(), [](std::string_view word) {
    return std::none_of(word.begin(), word.end(),
                        [](char c) {
                          return is_digit(c) || c == '@' || c == '!' || c == '?' || c == '=' ||
                                 c == '$' || c == ':';
                        }) &&
           (is_capitalised(word) || contains(kJoiners, bare(word)) || word.find('-') == 1);
  });
}

}  // namespace placer
