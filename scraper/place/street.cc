// Street, housenumber and unit out of one line (address.h).
#include <algorithm>
#include <vector>

#include "scraper/ascii.h"
#include "scraper/place/address.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kLongestNumber = 12;

constexpr std::string_view kNumberFirst[] = {"US", "CA", "GB", "IE", "AU", "NZ", "FR",
                                             "LU", "ZA", "SG", "IM", "JE", "GG", "MT"};
constexpr std::string_view kNumberLast[] = {
    "DE", "AT", "CH", "LI", "NL", "BE", "DK", "NO", "SE", "FI", "IS", "PL", "CZ", "SK", "HU", "SI",
    "HR", "RS", "BA", "IT", "ES", "PT", "GR", "RO", "BG", "EE", "LV", "LT", "BR", "AR", "CL", "MX"};

// Words for "street" that tell the order in any country.
constexpr std::string_view kNumberFirstWords[] = {
    "street", "st",       "road",  "rd",        "avenue",   "ave", "lane",
    "ln",     "drive",    "dr",    "boulevard", "blvd",     "rue", "parkway",
    "pkwy",   "broadway", "court", "terrace",   "crescent", "way"};
constexpr std::string_view kNumberLastWords[] = {
    "calle", "via", "rua", "piazza", "corso", "plaza", "ul", "ulica", "carrer", "viale", "paseo"};
constexpr std::string_view kNumberLastEndings[] = {"strasse", "straße", "str",    "platz", "allee",
                                                   "gasse",   "damm",   "straat", "laan",  "gatan",
                                                   "vägen",   "gade",   "weg",    "plein", "utca"};
// No street by itself: "Calle 13" is a name, and the number of a highway is no housenumber.
constexpr std::string_view kNoStreet[] = {
    "calle",     "via",   "rua",      "rue",      "route",     "highway", "hwy",        "km",
    "carretera", "ctra",  "avenida",  "av",       "road",      "street",  "piazza",     "plaza",
    "platz",     "box",   "postfach", "building", "unit",      "suite",   "floor",      "level",
    "shop",      "lot",   "no",       "nr",       "kilometer", "exit",    "interstate", "us",
    "sr",        "state", "county",   "fm",       "rr",        "sector",  "block",      "phase"};
constexpr std::string_view kUnits[] = {"suite", "ste", "unit", "apt", "apartment"};

template <std::size_t N>
bool contains(const std::string_view (&table)[N], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

using ascii::is_digit;
using ascii::is_letter;

std::string bare(std::string_view word) {  // lower case, without punctuation around it
  while (!word.empty() && (word.back() == '.' || word.back() == ',')) word.remove_suffix(1);
  return lower_ascii(word);
}

// "12", "12a", "12-14", "12/3", "221B".
bool is_number(std::string_view word) {
  if (word.empty() || word.size() > kLongestNumber || !is_digit(word.front())) return false;
  bool joined = false;  // the last character was '-' or '/'
  std::size_t letters = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (is_digit(c)) {
      if (letters > 0 && !joined) return false;
      joined = false;
    } else if (is_letter(c)) {
      if (++letters > 2 || (i > 0 && is_letter(word[i - 1]))) return false;
      joined = false;
    } else if ((c == '-' || c == '/') && !joined) {
      joined = true;
      letters = 0;
    } else {
      return false;
    }
  }
  return !joined;
}

std::vector<std::string_view> words_of(std::string_view line) { return split_any(line, " "); }

bool any_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

// "Main Street, Suite 5" -> "Main Street" and "Suite 5".
std::string take_unit(std::string& line) {
  const std::size_t comma = line.rfind(',');
  if (comma == std::string::npos) return {};
  const std::string_view tail = trimmed(std::string_view(line).substr(comma + 1));
  const auto words = words_of(tail);
  const bool hash = tail.size() > 1 && tail.front() == '#' && words.size() == 1;
  const bool named = words.size() == 2 && contains(kUnits, bare(words[0]));
  if (!hash && !named) return {};
  std::string unit(tail);
  line.resize(comma);
  return unit;
}

bool number_first(std::string_view rest, std::string_view country) {
  if (contains(kNumberFirst, country)) return true;
  if (!country.empty()) return false;
  const auto words = words_of(rest);
  return contains(kNumberFirstWords, bare(words.back())) ||
         contains(kNumberFirstWords, bare(words.front()));
}

bool number_last(std::string_view street, std::string_view country) {
  if (contains(kNumberLast, country)) return true;
  if (!country.empty()) return false;
  const auto words = words_of(street);
  const std::string last = bare(words.back());
  return contains(kNumberLastWords, bare(words.front())) ||
         std::any_of(
             std::begin(kNumberLastEndings), std::end(kNumberLastEndings),
             [&](std::string_view ending) { return last.size() > 2 && last.ends_with(ending); });
}

// A name of which a number can be the housenumber.
bool is_street(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty() || text.find(',') != std::string_view::npos) return false;
  if (words.size() > 1) return true;
  const std::string word = bare(words[0]);
  return word.size() >= 3 && !contains(kNoStreet, word);
}

bool try_number_first(std::string_view line, std::string_view country, StreetLine& out) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  std::string_view number = line.substr(0, space);
  if (number.ends_with(',')) number.remove_suffix(1);
  const std::string_view rest = trimmed(line.substr(space + 1));
  if (!is_number(number) || rest.empty() || !is_street(rest)) return false;
  if (number.find('/') != std::string_view::npos) return false;  // a fraction, or a unit's number
  const auto words = words_of(rest);
  // "5th Avenue" may follow; "1/2 Main St" or a second number may not.
  const bool ordinal = words[0].size() > 2 && is_digit(words[0].front()) &&
                       is_letter(words[0].back()) && is_letter(words[0][words[0].size() - 2]);
  if (any_digit(words[0]) && !ordinal) return false;
  if (!is_letter(words[0].front()) && !ordinal && static_cast<unsigned char>(words[0][0]) < 0x80) {
    return false;
  }
  if (!number_first(rest, country)) return false;
  out.housenumber = number;
  out.street = rest;
  return true;
}

bool try_number_last(std::string_view line, std::string_view country, StreetLine& out) {
  const auto words = words_of(line);
  if (words.size() < 2) return false;
  std::size_t count = 1;  // words that make up the number
  const auto is_suffix = [](std::string_view word) {
    return (word.size() == 1 && is_letter(word[0])) || lower_ascii(word) == "bis";
  };
  if (words.size() >= 4 && is_number(words.back()) && words[words.size() - 2] == "-" &&
      is_number(words[words.size() - 3])) {
    count = 3;  // "12 - 14"
  } else if (words.size() >= 3 && is_suffix(words.back()) && is_number(words[words.size() - 2])) {
    count = 2;  // "12 a"
  }
  const std::string_view first = words[words.size() - count];
  if (!is_number(first)) return false;
  const auto at = static_cast<std::size_t>(first.data() - line.data());
  std::string_view street = trimmed(line.substr(0, at));
  if (street.ends_with(',')) street = trimmed(street.substr(0, street.size() - 1));
  if (!is_street(street) || is_digit(street.front()) || !number_last(street, country)) return false;
  const std::string last = bare(words_of(street).back());
  if (contains(kNoStreet, last) && last != "platz" && last != "street" && last != "road") {
    return false;  // "Carretera N-340 km 5"
  }
  out.street = street;
  out.housenumber = line.substr(at);
  return true;
}

}  // namespace

StreetLine split_street(std::string_view line, std::string_view country) {
  StreetLine out;
  std::string text(trimmed(line));
  out.unit = take_unit(text);
  out.street = text;
  if (!try_number_first(text, country, out)) try_number_last(text, country, out);
  return out;
}

}  // namespace placer
