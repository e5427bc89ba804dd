#include "scraper/page/json_string.h"

#include <algorithm>
#include <optional>

namespace placer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kSpace = " \t\r\n";

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

char char_after_space(std::string_view text, std::size_t& at) {
  at = std::min(text.find_first_not_of(kSpace, at), text.size());
  return at < text.size() ? text[at] : '\0';
}

// Does the quote before `at` end its string?
bool ends_string(std::string_view text, std::size_t at) {
  const char next = char_after_space(text, at);
  if (at == text.size()) return true;
  if (next == ',') {
    const char after = char_after_space(text, ++at);
    if (at == text.size()) return true;
    const std::string_view rest = text.substr(at);
    return std::string_view("\"{[}]/,<-0123456789").find(after) != std::string_view::npos ||
           rest.starts_with("true") || rest.starts_with("false") || rest.starts_with("null");
  }
  if (std::string_view(":}]\";").find(next) != std::string_view::npos) return true;
  const std::string_view rest = text.substr(at);
  return rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with("<!--") ||
         rest.starts_with("-->");
}

std::optional<unsigned> hex_quad(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(at, 4)) {
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<unsigned>((c | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

void append_control(unsigned char c, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else {
    out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
}

// The escape whose backslash stands at `at`; returns where the text goes on.
std::size_t append_escape(std::string_view text, std::size_t at, std::string& out) {
  const std::size_t next = at + 1;
  if (next == text.size()) return next;
  const char c = text[next];
  if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
    out.append(1, '\\').append(1, c);
    return next + 1;
  }
  if (c == 'u') {
    const auto unit = hex_quad(text, next + 1);
    if (unit && (*unit < 0xD800 || *unit > 0xDFFF)) {
      out.append(text.substr(at, 6));
      return at + 6;
    }
    if (unit && *unit < 0xDC00 && text.substr(at + 6, 2) == "\\u") {
      const auto low = hex_quad(text, at + 8);
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
        out.append(text.substr(at, 12));
        return at + 12;
      }
    }
    if (unit) {
      out += kReplacement;
      return at + 6;
    }
  }
  if (c == '\n') return next + 1;  // a JavaScript line continuation
  if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) out += "\\\\";
  return next;
}

}  // namespace

std::size_t append_repaired_string(std::string_view text, std::size_t begin, std::string& out) {
  out += '"';
  std::size_t at = begin;
  while (at < text.size()) {
    const unsigned char c = byte_at(text, at);
    if (c == '"') {
      ++at;
      if (ends_string(text, at)) break;
      out += "\\\"";
    } else if (c == '\\') {
      at = append_escape(text, at, out);
    } else if (c < 0x20) {
      append_control(c, out);
      ++at;
    } else if (const std::size_t length = utf8_sequence_length(text, at); length > 0) {
      out.append(text.substr(at, length));
      at += length;
    } else {
      out += kReplacement;
      ++at;
    }
  }
  out += '"';
  return at;
}

std::size_t utf8_sequence_length(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte_at(text, at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool too_large = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace placer
