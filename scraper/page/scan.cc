#include "scraper/page/scan.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "scraper/ascii.h"
#include "scraper/page/character_references.h"
#include "scraper/page/octet_search.h"
#include "scraper/page/tag_names.h"

namespace placer {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What an octet is within the name of a tag or an attribute.
enum class NameOctet : std::uint8_t { kPlain, kUpper, kOdd, kEnd, kEquals };

constexpr std::array<NameOctet, 256> name_octets() {
  std::array<NameOctet, 256> octets{};
  for (unsigned c = 'A'; c <= 'Z'; ++c) octets[c] = NameOctet::kUpper;
  for (const char c : {'\t', '\n', '\f', ' ', '/', '>'})
    octets[static_cast<std::uint8_t>(c)] = NameOctet::kEnd;
  for (const char c : {'"', '\'', '<'}) octets[static_cast<std::uint8_t>(c)] = NameOctet::kOdd;
  octets['='] = NameOctet::kEquals;
  return octets;
}
constexpr auto kNameOctets = name_octets();

NameOctet name_octet(char c) { return kNameOctets[static_cast<std::uint8_t>(c)]; }

// New lines as the standard's input stream has them (section 13.2.3.5).
std::string_view normalize_lines(std::string_view html, Arena& arena) {
  auto* const copy = static_cast<char*>(arena.allocate(html.size()));
  std::size_t size = 0;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '\r') {
      copy[size++] = '\n';
      if (i + 1 < html.size() && html[i + 1] == '\n') ++i;
    } else {
      copy[size++] = html[i];
    }
  }
  return {copy, size};
}

// Can a character that is none in a document begin with this octet?
constexpr bool is_suspect(std::uint8_t c) {
  const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r';
  return control || c == 0x7F || c == 0xC2 || c >= 0xEF;
}

#ifdef __SSE2__
// Nearly always the answer is no, after the first comparison.
bool may_hold_suspect(__m128i octets) {
  const __m128i delete_or_low = _mm_or_si128(_mm_cmplt_epi8(octets, _mm_set1_epi8(0x20)),
                                             _mm_cmpeq_epi8(octets, _mm_set1_epi8(0x7F)));
  const auto unusual = static_cast<unsigned>(_mm_movemask_epi8(delete_or_low));
  if (unusual == 0) return false;
  const unsigned spaces = octets_in_range(octets, '\t', 2) | octets_in_range(octets, '\f', 2);
  const unsigned harmless =
      octets_in_range(octets, '\x80', 0xC2 - 0x80) | octets_in_range(octets, '\xC3', 0xEF - 0xC3);
  return (unusual & ~(spaces | harmless)) != 0;
}
#endif

// C0 and C1 controls and noncharacters, each an error of the input stream (section 13.2.3.5).
bool is_no_character(std::string_view utf8) {
  const auto octet = [utf8](std::size_t i) {
    return i < utf8.size() ? static_cast<std::uint8_t>(utf8[i]) : 0U;
  };
  const unsigned first = octet(0);
  if (first < 0x80) return true;
  if (first == 0xC2) return octet(1) < 0xA0;
  const std::size_t last = first == 0xEF ? 2 : 3;
  const bool plane_end = octet(last) >= 0xBE && octet(last - 1) == 0xBF;
  if (first == 0xEF) return plane_end || (octet(1) == 0xB7 && octet(2) >= 0x90 && octet(2) <= 0xAF);
  return plane_end && (octet(1) & 0x0FU) == 0x0F;
}

bool holds_no_character(std::string_view html) {
  std::size_t i = 0;
  const auto suspect_at = [html](std::size_t at) {
    return is_suspect(static_cast<std::uint8_t>(html[at])) && is_no_character(html.substr(at));
  };
#ifdef __SSE2__
  for (; i + 16 <= html.size(); i += 16) {
    if (!may_hold_suspect(load_16(html.data() + i))) continue;
    for (std::size_t at = i; at < i + 16; ++at) {
      if (suspect_at(at)) return true;
    }
  }
#endif
  for (; i < html.size(); ++i) {
    if (suspect_at(i)) return true;
  }
  return false;
}

// A '<' that begins no markup is text (section 13.2.5.6).
inline bool is_text_at(std::string_view html, std::size_t bracket) {
  if (bracket + 1 == html.size()) return true;
  const char c = html[bracket + 1];
  return !ascii::is_letter(c) && c != '/' && c != '!' && c != '?';
}

bool holds(std::string_view text, char c) {
  return std::memchr(text.data(), c, text.size()) != nullptr;
}

bool is_alphanumeric(char c) { return ascii::is_letter(c) || ascii::is_digit(c); }

// How long the character reference at the front of `text` is, its '&' and ';' with it: all that
// could be part of its name. 1 when there is none.
std::size_t reference_size(std::string_view text) {
  std::size_t end = 1;
  if (end < text.size() && text[end] == '#') ++end;
  while (end < text.size() && is_alphanumeric(text[end])) ++end;
  if (end > 1 && end < text.size() && text[end] == ';') ++end;
  return end;
}

}  // namespace

Scan::Scan(std::string_view html, Arena& arena) : arena_(arena), html_(html) {
  if (html.empty()) return;
  if (html.starts_with("\xEF\xBB\xBF") || holds_no_character(html)) sure_ = false;
  if (sure_ && holds(html, '\r')) html_ = normalize_lines(html, arena);
}

Scan::Token Scan::next() {
  if (!sure_) return Token::kUnsure;
  if (at_ == html_.size()) return Token::kEnd;
  const std::size_t begin = at_;
  if (html_[begin] == '<' && !is_text_at(html_, begin)) return read_markup();
  bool has_references = false;
  std::size_t end = begin;
  while (true) {
    const OctetFound found = find_octet(html_, end, '<', '&');
    has_references = has_references || found.passed_other;
    end = found.at;
    if (end == html_.size() || !is_text_at(html_, end)) break;
    ++end;
  }
  at_ = end;
  text_ = html_.substr(begin, end - begin);
  if (has_references && !decode(text_, false, text_)) return Token::kUnsure;
  return Token::kText;
}

// At a '<' and a letter, '/', '!' or '?'.
Scan::Token Scan::read_markup() {
  const char c = html_[at_ + 1];
  if (ascii::is_letter(c)) {
    ++at_;
    return read_tag(Token::kStartTag);
  }
  if (c == '/') {
    at_ += 2;
    if (at_ == html_.size() || !ascii::is_letter(html_[at_])) return Token::kUnsure;
    return read_tag(Token::kEndTag);
  }
  return read_declaration();
}

// Nearly all names are at most eight of a-z and 0-9, and more than that follows.
inline bool Scan::read_short_tag_name() {
#ifdef __SSE2__
  if (html_.size() - at_ < 16) return false;
  const __m128i octets = load_16(html_.data() + at_);
  const unsigned plain = octets_in_range(octets, 'a', 26) | octets_in_range(octets, '0', 10);
  const auto size = static_cast<std::size_t>(std::countr_one(plain));
  if (size == 0 || size > kLongestTagKey || name_octet(html_[at_ + size]) != NameOctet::kEnd) {
    return false;
  }
  name_ = html_.substr(at_, size);
  const auto key = static_cast<std::uint64_t>(_mm_cvtsi128_si64(octets));
  tag_ = tag_of_key(key & ~std::uint64_t{0} >> (64 - 8 * size));
  at_ += size;
  return true;
#else
  return false;
#endif
}

void Scan::read_tag_name() {
  if (read_short_tag_name()) return;
  const std::size_t begin = at_;
  bool upper = false;
  for (; at_ < html_.size(); ++at_) {
    const NameOctet octet = name_octet(html_[at_]);
    if (octet == NameOctet::kEnd) break;
    upper = upper || octet == NameOctet::kUpper;
  }
  name_ = html_.substr(begin, at_ - begin);
  if (upper) name_ = lower_case(name_);
  tag_ = tag_of_name(name_);
}

Scan::Token Scan::read_tag(Token kind) {
  read_tag_name();
  attribute_count_ = 0;
  self_closing_ = false;
  bare_ = at_ < html_.size() && html_[at_] == '>';
  return read_attributes() ? kind : Token::kUnsure;
}

// Up to and with the '>' (sections 13.2.5.32 to 40).
bool Scan::read_attributes() {
  while (at_ < html_.size()) {
    const char c = html_[at_];
    if (c == '>') {
      ++at_;
      return true;
    }
    if (c == '/') {
      ++at_;
      self_closing_ = at_ < html_.size() && html_[at_] == '>';
      continue;
    }
    if (ascii::is_space(c)) {
      ++at_;
      continue;
    }
    if (attribute_count_ == kMostAttributes) return false;
    NodeAttribute& attribute = attributes_[attribute_count_];
    if (!read_attribute(attribute.name, attribute.value)) return false;
    const auto known = attributes().begin();
    const bool repeated = std::any_of(known, known + static_cast<std::ptrdiff_t>(attribute_count_),
                                      [&](const auto& a) { return a.name == attribute.name; });
    if (repeated) return false;  // Gumbo confuses it with the one that follows
    ++attribute_count_;
  }
  return false;
}

bool Scan::read_attribute(std::string_view& name, std::string_view& value) {
  const std::size_t begin = at_;
  bool upper = false;
  do {  // a '=' at the front is part of the name
    const NameOctet octet = name_octet(html_[at_]);
    if (octet == NameOctet::kOdd) return false;
    upper = upper || octet == NameOctet::kUpper;
    ++at_;
  } while (at_ < html_.size() && name_octet(html_[at_]) < NameOctet::kEnd);
  name = html_.substr(begin, at_ - begin);
  if (upper) name = lower_case(name);
  value = {};
  while (at_ < html_.size() && ascii::is_space(html_[at_])) ++at_;
  if (at_ < html_.size() && html_[at_] == '=') {
    ++at_;
    return read_value(value);
  }
  return at_ < html_.size();
}

bool Scan::read_value(std::string_view& value) {
  while (at_ < html_.size() && ascii::is_space(html_[at_])) ++at_;
  if (at_ == html_.size()) return false;
  const char quote = html_[at_];
  if (quote == '>') return true;  // no value
  if (quote == '"' || quote == '\'') {
    const std::size_t begin = ++at_;
    const OctetFound found = find_octet(html_, begin, quote, '&');
    if (found.at == html_.size()) return false;
    value = html_.substr(begin, found.at - begin);
    at_ = found.at + 1;
    return !found.passed_other || decode(value, true, value);
  }
  const std::size_t end = html_.find_first_of("\t\n\f >", at_);
  if (end == kNone) return false;
  value = html_.substr(at_, end - at_);
  at_ = end;
  return decode(value, true, value);
}

Scan::Token Scan::read_comment() {
  at_ += 4;
  const std::string_view rest = html_.substr(at_);
  const std::size_t end = rest.find("-->");
  if (end == kNone || rest.starts_with(">") || rest.starts_with("->")) return Token::kUnsure;
  if (rest.substr(0, end).find("--!>") != kNone) return Token::kUnsure;
  at_ += end + 3;
  return Token::kComment;
}

Scan::Token Scan::read_declaration() {
  if (html_.compare(at_, 4, "<!--") == 0) return read_comment();
  const std::size_t end = html_.find('>', at_);
  if (end == kNone) return Token::kUnsure;
  std::string_view rest = html_.substr(at_, end - at_);
  at_ = end + 1;
  constexpr std::string_view kDoctype = "<!doctype";
  if (!ascii::equals_ignoring_case(rest.substr(0, kDoctype.size()), kDoctype)) {
    return Token::kComment;  // a bogus one, or CDATA: which of them, the tree knows
  }
  rest.remove_prefix(kDoctype.size());
  plain_doctype_ = !rest.empty() && ascii::is_space(rest.front()) &&
                   ascii::equals_ignoring_case(ascii::trim(rest), "html");
  return Token::kDoctype;
}

bool Scan::read_raw_text(Raw kind, std::string_view& text) {
  const std::size_t begin = at_;
  const std::string_view name = name_;
  std::size_t end = begin;
  while (true) {
    end = html_.find("</", end);
    if (end == kNone || end + 2 + name.size() >= html_.size()) return false;
    const std::string_view found = html_.substr(end + 2, name.size());
    if (ascii::equals_ignoring_case(found, name) &&
        name_octet(html_[end + 2 + name.size()]) == NameOctet::kEnd) {
      break;
    }
    end += 2;
  }
  text = html_.substr(begin, end - begin);
  if (kind == Raw::kScript) {
    // In a comment a script element may stand within the script (section 13.2.5.17).
    const std::size_t comment = text.find("<!--");
    if (comment != kNone) {
      for (std::size_t at = comment; (at = text.find('<', at + 1)) != kNone;) {
        if (ascii::equals_ignoring_case(text.substr(at + 1, 6), "script")) return false;
      }
    }
  }
  if (kind == Raw::kRcdata && !decode(text, false, text)) return false;
  at_ = end + 2;
  return read_tag(Token::kEndTag) != Token::kUnsure;
}

bool Scan::skip_line_feed() {
  if (at_ == html_.size() || html_[at_] == '&') return false;
  if (html_[at_] == '\n') ++at_;
  return true;
}

std::string_view Scan::lower_case(std::string_view name) {
  auto* const lowered = static_cast<char*>(arena_.allocate(name.size()));
  std::ranges::transform(name, lowered, ascii::lower);
  return {lowered, name.size()};
}

bool Scan::decode(std::string_view raw, bool in_attribute, std::string_view& decoded) {
  std::size_t reference = raw.find('&');
  if (reference == kNone) {
    decoded = raw;
    return true;
  }
  // No reference stands for more than twice the octets that it takes.
  auto* const out = static_cast<char*>(arena_.allocate(2 * raw.size()));
  std::size_t size = 0;
  std::size_t at = 0;
  for (; reference != kNone; reference = raw.find('&', at)) {
    std::memcpy(out + size, raw.data() + at, reference - at);
    size += reference - at;
    std::size_t length = reference_size(raw.substr(reference));
    // What follows a name without ';' decides whether it is one, in attributes.
    const std::size_t end = reference + length;
    if (in_attribute && length > 1 && raw[end - 1] != ';' && end < raw.size() && raw[end] == '=') {
      ++length;
    }
    at = reference + length;
    const std::string* characters = read_reference(raw.substr(reference, length), in_attribute);
    if (characters == nullptr) return false;
    std::memcpy(out + size, characters->data(), characters->size());
    size += characters->size();
  }
  std::memcpy(out + size, raw.data() + at, raw.size() - at);
  decoded = {out, size + raw.size() - at};
  return true;
}

}  // namespace placer
