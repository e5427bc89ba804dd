#include "scraper/place/references.h"

#include <algorithm>
#include <array>
#include <optional>

#include "scraper/utf8.h"

namespace placer {
namespace {

// U+00A0 to U+00FF, in order.
constexpr std::array<std::string_view, 96> kLatin1 = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

struct Named {
  std::string_view name;
  char32_t character;
};

constexpr Named kNamed[] = {
    {"amp", '&'},       {"lt", '<'},        {"gt", '>'},        {"quot", '"'},
    {"apos", '\''},     {"AMP", '&'},       {"LT", '<'},        {"GT", '>'},
    {"QUOT", '"'},      {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018},
    {"rsquo", 0x2019},  {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D},
    {"bdquo", 0x201E},  {"hellip", 0x2026}, {"bull", 0x2022},   {"euro", 0x20AC},
    {"trade", 0x2122},  {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"ensp", 0x2002},
    {"emsp", 0x2003},   {"thinsp", 0x2009}, {"zwnj", 0x200C},   {"zwj", 0x200D},
    {"lrm", 0x200E},    {"rlm", 0x200F},    {"OElig", 0x0152},  {"oelig", 0x0153},
    {"Scaron", 0x0160}, {"scaron", 0x0161}, {"Yuml", 0x0178},   {"Zcaron", 0x017D},
    {"zcaron", 0x017E}, {"Ccaron", 0x010C}, {"ccaron", 0x010D}, {"Cacute", 0x0106},
    {"cacute", 0x0107}, {"lstrok", 0x0142}, {"Lstrok", 0x0141}, {"nacute", 0x0144},
    {"sacute", 0x015B}, {"Sacute", 0x015A}, {"zdot", 0x017C},   {"Zdot", 0x017B},
    {"eogon", 0x0119},  {"aogon", 0x0105},  {"num", '#'},       {"comma", ','},
    {"colon", ':'},     {"sol", '/'},       {"lpar", '('},      {"rpar", ')'},
    {"excl", '!'},      {"plus", '+'},      {"commat", '@'},    {"hyphen", 0x2010},
    {"dash", 0x2010},   {"period", '.'},    {"lowbar", '_'},    {"semi", ';'},
    {"Tab", '\t'},      {"NewLine", '\n'},  {"ast", '*'},       {"percnt", '%'},
    {"prime", 0x2032},  {"Prime", 0x2033},  {"minus", 0x2212},  {"hearts", 0x2665},
    {"star", 0x2606},   {"starf", 0x2605},  {"check", 0x2713},  {"rarr", 0x2192},
};

// The characters that windows-1252 has at 0x80 to 0x9F.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

constexpr std::size_t kLongestReference = 12;  // between '&' and ';'

std::optional<char32_t> named(std::string_view name) {
  const auto* latin = std::find(kLatin1.begin(), kLatin1.end(), name);
  if (latin != kLatin1.end()) return static_cast<char32_t>(0xA0 + (latin - kLatin1.begin()));
  const auto* other = std::find_if(std::begin(kNamed), std::end(kNamed),
                                   [&](const Named& entry) { return entry.name == name; });
  if (other != std::end(kNamed)) return other->character;
  return std::nullopt;
}

std::optional<char32_t> numbered(std::string_view digits) {
  std::uint32_t base = 10;
  if (digits.starts_with('x') || digits.starts_with('X')) {
    base = 16;
    digits.remove_prefix(1);
  }
  if (digits.empty()) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : digits) {
    std::uint32_t digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    if (digit >= base) return std::nullopt;
    value = std::min<std::uint32_t>(value * base + digit, 0x110000);
  }
  if (value >= 0x80 && value <= 0x9F) return kWindows1252[value - 0x80];
  if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return U'\uFFFD';
  return value;
}

}  // namespace

std::string decode_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const std::size_t length = text.substr(i + 1, kLongestReference + 1).find(';');
      if (length != std::string_view::npos && length > 0) {
        const std::string_view body = text.substr(i + 1, length);
        const auto character = body[0] == '#' ? numbered(body.substr(1)) : named(body);
        if (character) {
          append_utf8(*character, out);
          i += length + 1;
          continue;
        }
      }
    }
    out += text[i];
  }
  return out;
}

}  // namespace placer
