#include "scraper/extract/embedded/dictionary_keys.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kLongestKey = 64;
constexpr int kPrefixRank = 1000;  // a word left out weighs more than any place in a row

// Whose value it is. Longest first, so that "location" goes before "loc".
constexpr std::string_view kOwners[] = {
    "puntovendita", "restaurant", "direccion", "indirizzo", "vestiging", "location",
    "business",     "pharmacy",   "retailer",  "sucursal",  "endereco",  "standort",
    "haendler",     "boutique",   "filiale",   "primary",   "address",   "adresse",
    "contact",      "kontakt",    "company",   "display",   "magasin",   "negozio",
    "station",      "general",    "partner",   "agence",    "branch",    "dealer",
    "outlet",       "office",     "public",    "clinic",    "filial",    "tienda",
    "winkel",       "adress",     "postal",    "agency",    "store",     "place",
    "venue",        "hotel",      "salon",     "markt",     "sklep",     "laden",
    "butik",        "local",      "adres",     "field",     "shop",      "club",
    "main",         "loja",       "addr",      "wpsl",      "yext",      "info",
    "item",         "data",       "geo",       "gps",       "map",       "poi",
    "pos",          "loc",        "asl",       "acf",       "cf"};

// Stems that name places in the plural as in the singular.
constexpr std::string_view kPlaceStems[] = {
    "store",   "shop",     "location", "branch",  "filial",  "outlet",   "dealer",  "retailer",
    "restaur", "office",   "places",   "poi",     "marker",  "feature",  "magasin", "agence",
    "boutiq",  "tienda",   "sucursal", "negozi",  "winkel",  "vestigin", "lojas",   "butik",
    "sklep",   "standort", "maerkt",   "hotel",   "clubs",   "stations", "venue",   "salon",
    "clinic",  "pharmac",  "haendler", "puntive", "agencies"};

// NOLINTBEGIN(bugprone-suspicious-missing-comma): a day's words take two lines
constexpr std::string_view kDays[7] = {
    "mo mon monday mondays montag lundi lunes lunedi maandag ma segunda segundafeira mandag "
    "maanantai poniedzialek pondeli",
    "tu tue tues tuesday tuesdays di dienstag mardi martes martedi dinsdag terca tercafeira tisdag "
    "tirsdag tiistai wtorek utery",
    "we wed weds wednesday wednesdays mi mittwoch mercredi miercoles mercoledi woensdag quarta "
    "quartafeira onsdag keskiviikko sroda streda",
    "th thu thur thurs thursday thursdays do donnerstag jeudi jueves giovedi donderdag quinta "
    "quintafeira torsdag torstai czwartek ctvrtek",
    "fr fri friday fridays freitag vendredi viernes venerdi vrijdag sexta sextafeira fredag "
    "perjantai piatek patek",
    "sa sat saturday saturdays samstag sonnabend samedi sabado sabato zaterdag lordag lauantai "
    "sobota",
    "su sun sunday sundays so sonntag dimanche domingo domenica zondag sondag sunnuntai niedziela "
    "nedele"};
// NOLINTEND(bugprone-suspicious-missing-comma)

struct Letter {
  std::uint16_t code;
  std::string_view plain;
};

// Latin letters with accents, by code point, from U+0101 on; the block before is in kLatin1.
constexpr Letter kLetters[] = {{0x105, "a"}, {0x107, "c"}, {0x10D, "c"},  {0x10F, "d"},
                               {0x119, "e"}, {0x11B, "e"}, {0x142, "l"},  {0x144, "n"},
                               {0x148, "n"}, {0x151, "o"}, {0x153, "oe"}, {0x159, "r"},
                               {0x15B, "s"}, {0x161, "s"}, {0x165, "t"},  {0x16F, "u"},
                               {0x171, "u"}, {0x17A, "z"}, {0x17C, "z"},  {0x17E, "z"}};
// U+00E0 to U+00FF; U+00C0 to U+00DE are their capitals.
constexpr std::string_view kLatin1[32] = {"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e",
                                          "e", "i", "i", "i", "i", "d", "n",  "o", "o", "o", "o",
                                          "o", "",  "o", "u", "u", "u", "u",  "y", "",  "y"};

std::string_view plain_letter(unsigned code) {
  if (code == 0xDF) return "ss";
  if (code >= 0xC0 && code <= 0xDE) code += 0x20;
  if (code >= 0xE0 && code <= 0xFF) return kLatin1[code - 0xE0];
  for (const Letter& letter : kLetters) {
    if (letter.code == code || letter.code == code + 1) return letter.plain;
  }
  return {};
}

bool is_word_char(char c) { return ascii::is_letter(c) || ascii::is_digit(c); }

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::string_view word = ascii::next_piece(list, " ");
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

using Words = std::unordered_map<std::string, KeyReading>;

const Words& known_words() {
  static const Words kWords = [] {
    Words words;
    const auto add = [&words](KeyMeaning meaning, std::string_view list) {
      int rank = 0;
      for (const std::string_view word : words_of(list)) {
        words.try_emplace(normalized_key(word), KeyReading{meaning, rank++});
      }
    };
#define X(meaning, list) add(KeyMeaning::meaning, list);
#include "scraper/extract/embedded/dictionary_keys.inc"
#undef X
    for (const char* person : {"contactname", "contactperson", "companyid", "brandid", "mapid"}) {
      words[person] = {};
    }
    return words;
  }();
  return kWords;
}

std::optional<KeyReading> find_word(std::string_view word) {
  const auto found = known_words().find(std::string(word));
  if (found == known_words().end()) return std::nullopt;
  return found->second;
}

// "openMonday2" is "open", "monday", "2".
std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> parts;
  char before = ' ';
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    const bool word = is_word_char(c) || static_cast<unsigned char>(c) >= 0x80;
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower_before = before >= 'a' && before <= 'z';
    const bool digit_changes =
        word && is_word_char(before) && ascii::is_digit(c) != ascii::is_digit(before);
    if (!word) {
      before = ' ';
      continue;
    }
    if (before == ' ' || (upper && lower_before) || digit_changes) parts.emplace_back();
    parts.back() += c;
    before = c;
  }
  return parts;
}

bool is_one_of(std::string_view word, std::string_view list) {
  while (!list.empty()) {
    if (ascii::next_piece(list, " ") == word) return true;
  }
  return false;
}

// Reads one part of a day key into `out`; false when it has no place in one.
bool take_day_part(const std::string& part, std::optional<int>& day, DayKey& out) {
  if (ascii::is_digit(part.front())) {
    out.turn = part == "2" ? 1 : part == "3" ? 2 : 0;
    return part.size() == 1;
  }
  if (const auto named = weekday_named(part); named && !day) {
    day = named;
    return true;
  }
  if (is_one_of(part,
                "open opens opening from start begin starts von desde ouverture apertura abre")) {
    out.side = DayKey::Side::kOpens;
    return true;
  }
  if (is_one_of(part,
                "close closes closing to until till end ends bis hasta fermeture cierre "
                "chiusura")) {
    out.side = DayKey::Side::kCloses;
    return true;
  }
  return is_one_of(part,
                   "hours hour time times store shop oh day range horaires horario orari "
                   "regular business");
}

}  // namespace

std::string normalized_key(std::string_view key) {
  std::string out;
  out.reserve(key.size());
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    const auto byte = static_cast<unsigned char>(c);
    if (is_word_char(c)) {
      out += ascii::lower(c);
    } else if (byte >= 0xC3 && byte <= 0xC5 && i + 1 < key.size()) {
      const auto next = static_cast<unsigned char>(key[++i]);
      out += plain_letter((byte & 0x1FU) << 6 | (next & 0x3FU));
    }
  }
  return out;
}

KeyReading read_key(std::string_view key) {
  if (key.empty() || key.size() > kLongestKey) return {};
  const std::string normal = normalized_key(key);
  std::string_view rest = normal;
  int rank = 0;
  for (int owners = 0; owners < 3; ++owners) {
    if (auto found = find_word(rest)) {
      found->rank += rank;
      return *found;
    }
    const auto* const owner = std::ranges::find_if(
        kOwners, [&](std::string_view word) { return rest.starts_with(word); });
    if (owner == std::end(kOwners) || owner->size() == rest.size()) break;
    rest.remove_prefix(owner->size());
    rank += kPrefixRank;
  }
  return {};
}

bool names_places(std::string_view key) {
  if (key.size() > kLongestKey) return false;
  const std::string normal = normalized_key(key);
  return std::ranges::any_of(
      kPlaceStems, [&](std::string_view stem) { return normal.find(stem) != std::string::npos; });
}

std::optional<int> weekday_named(std::string_view word) {
  static const std::unordered_map<std::string, int> kNames = [] {
    std::unordered_map<std::string, int> names;
    for (int day = 0; day < 7; ++day) {
      for (const std::string_view name : words_of(kDays[day])) names.emplace(name, day);
    }
    return names;
  }();
  if (word.size() > kLongestKey) return std::nullopt;
  const auto found = kNames.find(normalized_key(word));
  if (found == kNames.end()) return std::nullopt;
  return found->second;
}

std::optional<DayKey> read_day_key(std::string_view key) {
  if (key.size() < 2 || key.size() > kLongestKey) return std::nullopt;
  DayKey out;
  if (const auto whole = weekday_named(key)) {
    out.day = *whole;
    return out;
  }
  std::optional<int> day;
  for (const std::string& part : split_key(key)) {
    if (!take_day_part(ascii::lower_case(part), day, out)) return std::nullopt;
  }
  if (!day) return std::nullopt;
  out.day = *day;
  return out;
}

}  // namespace placer
