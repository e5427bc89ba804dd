#include "scraper/place/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "scraper/ascii.h"
#include "scraper/place/references.h"
#include "scraper/utf8.h"

namespace placer {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// The character at `at`, which is moved behind it; a malformed sequence is one U+FFFD.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data()) + at;
  constexpr std::size_t kLongest = 4;  // bytes of a character
  const auto size = static_cast<std::int32_t>(std::min(text.size() - at, kLongest));
  std::int32_t length = 0;
  UChar32 character = 0;
  U8_NEXT(bytes, length, size, character);
  at += static_cast<std::size_t>(length);
  return character < 0 ? kReplacement : static_cast<char32_t>(character);
}

bool starts_tag(char after_bracket) {
  return (after_bracket >= 'a' && after_bracket <= 'z') ||
         (after_bracket >= 'A' && after_bracket <= 'Z') || after_bracket == '/' ||
         after_bracket == '!';
}

// Each tag becomes a space, so that "a<br>b" stays two words.
std::string without_tags(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t i = 0;
  bool more_tags = true;
  while (i < text.size()) {
    if (more_tags && text[i] == '<' && i + 1 < text.size() && starts_tag(text[i + 1])) {
      const std::size_t end = text.find('>', i);
      if (end != std::string_view::npos) {
        out += ' ';
        i = end + 1;
        continue;
      }
      more_tags = false;
    }
    out += text[i++];
  }
  return out;
}

bool is_invisible(char32_t c) {
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_CONTROL_CHAR:
    case U_SURROGATE:
      return true;
    case U_FORMAT_CHAR:
      return c != 0x200C && c != 0x200D;  // joiners carry meaning in Persian, Indic and emoji
    default:
      return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);  // noncharacters
  }
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

using ascii::is_digit;
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string folded_by_tables(std::string_view text);

// What Latin letters of two bytes (U+0080 to U+024F) fold to: letters of their own, which do not
// depend on what stands beside them. Empty: they may.
class LatinLetters {
 public:
  LatinLetters() {
    for (char32_t c = kFirst; c <= kLast; ++c) {
      std::string letter;
      append_utf8(c, letter);
      const std::string fold = folded_by_tables(letter);
      if (u_isalpha(static_cast<UChar32>(c)) == 0 || fold.size() > kLongest) continue;
      if (folded_by_tables(letter + letter) != fold + fold) continue;  // U+0140 ends a word
      Fold& entry = folds_[c - kFirst];
      entry.size = static_cast<std::uint8_t>(fold.size());
      std::copy(fold.begin(), fold.end(), entry.bytes.begin());
    }
  }

  // Of the two bytes at the front of `text`.
  std::string_view fold(std::string_view text) const {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0xC2 || lead > 0xC9 || text.size() < 2 || !is_continuation(text[1])) return {};
    const auto low = static_cast<unsigned char>(text[1]) & 0x3FU;
    const Fold& entry = folds_[((lead & 0x1FU) << 6U | low) - kFirst];
    return {entry.bytes.data(), entry.size};
  }

 private:
  static constexpr char32_t kFirst = 0x80;
  static constexpr char32_t kLast = 0x27F;
  static constexpr std::size_t kLongest = 4;  // bytes

  struct Fold {
    std::array<char, kLongest> bytes{};
    std::uint8_t size = 0;
  };
  std::array<Fold, kLast - kFirst + 1> folds_{};
};

// `folded` of the letters at the front of `text` that need no tables; how many bytes they are.
std::size_t fold_latin(std::string_view text, std::string& out) {
  bool space = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_ascii(c)) {
      static const LatinLetters letters;
      const std::string_view fold = letters.fold(text.substr(i));
      if (fold.empty()) return i;
      if (space && !out.empty()) out += ' ';
      space = false;
      out += fold;
      ++i;
      continue;
    }
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if (!is_digit(lower) && !(lower >= 'a' && lower <= 'z')) {
      space = space || c != '\'';  // "Joe's" is one word
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    out += lower;
  }
  return text.size();
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && text[end] > ' ' && text[end] < '\x7F') ++end;
    const bool word = end > i;
    const char32_t c = word ? U'\0' : next_character(text, end);
    if (!word && (c <= ' ' || c == 0x7F || u_isUWhiteSpace(static_cast<UChar32>(c)) != 0)) {
      space = true;
    } else if (word || !is_invisible(c)) {
      if (space && !out.empty()) out += ' ';
      space = false;
      if (word) {
        out.append(text, i, end - i);
      } else {
        append_utf8(c, out);
      }
    }
    i = end;
  }
  return out;
}

std::string plain_text(std::string_view text) {
  if (text.find('<') == std::string_view::npos && text.find('&') == std::string_view::npos) {
    return one_line(text);
  }
  std::string current(text);
  for (int pass = 0; pass < 2; ++pass) {
    current = without_tags(current);
    if (current.find('&') == std::string::npos) break;
    current = decode_references(current);
  }
  return one_line(without_tags(current));
}

std::string shortened(std::string text, std::size_t max_bytes) {
  constexpr std::string_view kEllipsis = "...";
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes > kEllipsis.size() ? max_bytes - kEllipsis.size() : 0;
  while (end > 0 && is_continuation(text[end])) --end;
  const std::size_t space = text.rfind(' ', end);
  if (space != std::string::npos && space + 40 > end) end = space;
  text.resize(end);
  return text += kEllipsis;
}

std::string folded(std::string_view text) {
  std::string out;
  return fold_latin(text, out) == text.size() ? out : folded_by_tables(text);
}

namespace {

std::string folded_by_tables(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) return std::string(text);
  const auto input = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString flat = decompose->normalize(casefold->normalize(input, status), status);
  icu::UnicodeString kept;
  bool space = false;
  for (std::int32_t i = 0; i < flat.length(); i = flat.moveIndex32(i, 1)) {
    const UChar32 c = flat.char32At(i);
    if (c >= 0x0300 && c <= 0x036F) continue;  // the accents of Latin, Greek and Cyrillic
    const bool mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    if (u_isalnum(c) == 0 && !mark) {
      space = c != '\'' && c != 0x2019 ? true : space;  // "Joe's" is one word
      continue;
    }
    if (space && !kept.isEmpty()) kept.append(static_cast<UChar>(' '));
    space = false;
    kept.append(c);
  }
  std::string out;
  icu::Normalizer2::getNFCInstance(status)->normalize(kept, status).toUTF8String(out);
  return out;
}

}  // namespace

std::size_t find_digit(std::string_view text, std::size_t from) {
  constexpr std::size_t kBlock = 32;  // bytes that are looked at together
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (; from + kBlock <= text.size(); from += kBlock) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      any |= static_cast<unsigned char>(static_cast<unsigned char>(bytes[from + i] - '0') < 10);
    }
    if (any != 0) break;
  }
  while (from < text.size() && !is_digit(text[from])) ++from;
  return from < text.size() ? from : std::string_view::npos;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split_any(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    std::size_t end = begin;
    while (end < text.size() && separators.find(text[end]) == std::string_view::npos) ++end;
    const std::string_view part = trimmed(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(part);
    begin = end + 1;
  }
  return parts;
}

std::optional<double> parse_decimal(std::string_view text) {
  std::string number(trimmed(text));
  if (number.starts_with('+')) number.erase(0, 1);
  std::size_t separators = 0;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (is_digit(number[i])) {
      ++digits;
    } else if (number[i] == '.' || number[i] == ',') {
      number[i] = '.';
      ++separators;
    } else if (number[i] != '-' || i != 0) {
      return std::nullopt;
    }
  }
  if (digits == 0 || separators > 1 || number.size() > 40) return std::nullopt;
  double value = 0;
  const char* end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, value, std::chars_format::fixed);
  if (error != std::errc{} || (rest != end && *rest != '.')) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_count(std::string_view text) {
  std::string digits;
  std::size_t group = 0;  // digits since the last separator
  bool grouped = false;
  text = trimmed(text);
  for (const char c : text) {
    if (is_digit(c)) {
      digits += c;
      ++group;
    } else if (c == ',' || c == '.' || c == ' ' || c == '\'') {
      if (grouped ? group != 3 : (group == 0 || group > 3)) return std::nullopt;
      grouped = true;
      group = 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits.empty() || digits.size() > 15 || (grouped && group != 3)) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace placer
