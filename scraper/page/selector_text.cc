#include "scraper/page/selector_text.h"

#include <algorithm>
#include <cstdint>

#include "scraper/ascii.h"
#include "scraper/utf8.h"

namespace placer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_name_start(char c) {
  return ascii::is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name(char c) { return is_name_start(c) || ascii::is_digit(c) || c == '-'; }

bool is_newline(char c) { return c == '\n' || c == '\r' || c == '\f'; }

std::optional<std::uint32_t> hex_digit(char c) {
  if (ascii::is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  const char lower = ascii::lower(c);
  if (lower >= 'a' && lower <= 'f') return static_cast<std::uint32_t>(lower - 'a' + 10);
  return std::nullopt;
}

}  // namespace

std::string_view SelectorText::character() const {
  if (at_end()) return {};
  std::size_t end = position_ + 1;
  while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
  return text_.substr(position_, end - position_);
}

bool SelectorText::take(char expected) {
  if (at_end() || peek() != expected) return false;
  ++position_;
  return true;
}

void SelectorText::skip_comments() {
  while (peek() == '/' && peek(1) == '*') {
    const std::size_t end = text_.find("*/", position_ + 2);
    position_ = end == std::string_view::npos ? text_.size() : end + 2;
  }
}

bool SelectorText::skip_space() {
  bool space = false;
  for (skip_comments(); !at_end() && ascii::is_space(peek()); skip_comments()) {
    space = true;
    ++position_;
  }
  return space;
}

bool SelectorText::at_escape(std::size_t ahead) const {
  return peek(ahead) == '\\' && !is_newline(peek(ahead + 1));
}

bool SelectorText::at_name_start(std::size_t ahead) const {
  return is_name_start(peek(ahead)) || at_escape(ahead);
}

bool SelectorText::at_name() const {
  if (peek() != '-') return at_name_start(0);
  return peek(1) == '-' || at_name_start(1);
}

std::optional<std::string> SelectorText::take_name() {
  if (!at_name()) return std::nullopt;
  std::string name;
  while (!at_end()) {
    if (is_name(peek())) {
      name += peek();
      ++position_;
    } else if (at_escape(0)) {
      take_escape(name);
    } else {
      break;
    }
  }
  return name;
}

// CSS Syntax, section 4.3.7; the backslash comes next.
void SelectorText::take_escape(std::string& out) {
  ++position_;
  if (at_end()) {
    out += kReplacement;
    return;
  }
  if (!hex_digit(peek())) {
    out += character();
    position_ += character().size();
    return;
  }
  std::uint32_t code = 0;
  for (int digits = 0; digits < 6 && hex_digit(peek()); ++digits, ++position_) {
    code = code * 16 + *hex_digit(peek());
  }
  append_utf8(code != 0 && is_scalar_value(code) ? code : kReplacementCodePoint, out);
  if (peek() == '\r' && peek(1) == '\n') ++position_;
  if (!at_end() && ascii::is_space(peek())) ++position_;
}

std::optional<std::string> SelectorText::take_string() {
  const char quote = peek();
  if (quote != '"' && quote != '\'') return std::nullopt;
  ++position_;
  std::string value;
  while (!at_end() && peek() != quote) {
    if (peek() == '\\' && position_ + 1 >= text_.size()) {
      ++position_;  // a backslash that ends the text says nothing
    } else if (peek() == '\\' && is_newline(peek(1))) {
      position_ += peek(1) == '\r' && peek(2) == '\n' ? 3 : 2;
    } else if (peek() == '\\') {
      take_escape(value);
    } else if (is_newline(peek())) {
      return std::nullopt;
    } else {
      value += peek();
      ++position_;
    }
  }
  take(quote);
  return value;
}

std::size_t SelectorText::column(std::size_t position) const {
  const std::string_view before = text_.substr(0, position);
  return 1 + static_cast<std::size_t>(std::ranges::count_if(
                 before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace placer
