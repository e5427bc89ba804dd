#include "scraper/page/json_repair.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "scraper/ascii.h"
#include "scraper/page/json_string.h"

namespace placer {
namespace {

using ascii::is_digit;
using ascii::is_letter;
bool is_name_char(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '$' || c == '-';
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// The JSON literal meant by a bare word; empty when it is none.
std::string_view literal_of(std::string_view word) {
  if (equals_ignoring_case(word, "true")) return "true";
  if (equals_ignoring_case(word, "false")) return "false";
  for (const std::string_view absent : {"null", "undefined", "none", "nan", "infinity"}) {
    if (equals_ignoring_case(word, absent)) return "null";
  }
  return {};
}

// Rewrites the text as it reads it. Commas are written when a member or element begins, so those of
// the text only separate; what is open at the end of the text is closed.
class Repair {
 public:
  Repair(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  std::optional<std::string> run();

 private:
  enum class Expect : std::uint8_t { kElement, kKey, kColon, kValue };
  struct Level {
    bool object;
    bool empty = true;
  };

  bool at(std::string_view token) const { return text_.substr(pos_, token.size()) == token; }
  bool skip_space();
  void skip_space_and_wrappers();
  void skip_line_comment();
  void skip_markup_comment();
  std::size_t next_of(std::string_view token, std::size_t& cache) const;

  bool step();
  bool open(char bracket);
  void close(char bracket);
  void close_level();
  bool write_string();
  bool write_word();
  bool write_number();
  void begin_value();
  void end_value();

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t pos_ = 0;
  std::string out_;
  std::vector<Level> levels_;
  Expect expect_ = Expect::kElement;
  std::size_t documents_ = 0;
  // Where the next of these stands, so that looking ahead stays linear in all.
  std::size_t comment_end_ = 0;
  std::size_t bracket_ = 0;
};

std::optional<std::string> Repair::run() {
  out_.reserve(text_.size() + text_.size() / 8 + 2);
  out_ += '[';
  while (true) {
    skip_space_and_wrappers();
    if (pos_ >= text_.size()) break;
    if (!step()) return std::nullopt;
  }
  while (!levels_.empty()) close_level();
  if (documents_ == 0) return std::nullopt;
  if (documents_ == 1) return out_.substr(1);
  out_ += ']';
  return std::move(out_);
}

// Reads one token. False when the text is beyond repair.
bool Repair::step() {
  const char c = text_[pos_];
  if (c == ',' || c == ';') {
    if (expect_ == Expect::kValue) {
      out_ += "null";
      end_value();
    }
    if (expect_ == Expect::kColon) return false;
    ++pos_;
    return true;
  }
  if (c == '}' || c == ']') {
    close(c);
    return true;
  }
  // After the document only another one counts; anything else is debris.
  if (levels_.empty() && documents_ > 0 && c != '{' && c != '[') {
    ++pos_;
    return true;
  }
  if (expect_ == Expect::kColon) {
    if (c != ':') return false;
    out_ += ':';
    ++pos_;
    expect_ = Expect::kValue;
    return true;
  }
  if (expect_ == Expect::kKey && c != '"' && !is_letter(c) && c != '_' && c != '$') return false;
  if (c == '{' || c == '[') return open(c);
  if (c == '"') return write_string();
  if (is_digit(c) || c == '-' || c == '+' || c == '.') return write_number();
  return write_word();
}

bool Repair::open(char bracket) {
  if (levels_.size() >= max_depth_) return false;
  begin_value();
  out_ += bracket;
  ++pos_;
  levels_.push_back({.object = bracket == '{'});
  expect_ = bracket == '{' ? Expect::kKey : Expect::kElement;
  return true;
}

// A closing bracket that fits no open one is passed over; one that fits an outer one closes the
// inner ones too, which is looked for two levels out only, so that it stays linear.
void Repair::close(char bracket) {
  ++pos_;
  const bool object = bracket == '}';
  for (std::size_t out = 0; out < 3 && out < levels_.size(); ++out) {
    if (levels_[levels_.size() - 1 - out].object != object) continue;
    for (std::size_t i = 0; i <= out; ++i) close_level();
    return;
  }
}

void Repair::close_level() {
  if (expect_ == Expect::kColon) out_ += ":null";
  if (expect_ == Expect::kValue) out_ += "null";
  out_ += levels_.back().object ? '}' : ']';
  levels_.pop_back();
  end_value();
}

void Repair::begin_value() {
  if (expect_ == Expect::kValue) return;
  if (levels_.empty()) {
    if (documents_ > 0) out_ += ',';
    return;
  }
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
}

void Repair::end_value() {
  if (levels_.empty()) {
    ++documents_;
    expect_ = Expect::kElement;
  } else {
    expect_ = levels_.back().object ? Expect::kKey : Expect::kElement;
  }
}

bool Repair::write_string() {
  begin_value();
  pos_ = append_repaired_string(text_, pos_ + 1, out_);
  if (expect_ == Expect::kKey) {
    expect_ = Expect::kColon;
  } else {
    end_value();
  }
  return true;
}

// true, null, undefined, ...; as a key any name.
bool Repair::write_word() {
  std::size_t end = pos_;
  while (end < text_.size() && is_name_char(text_[end])) ++end;
  const std::string_view word = text_.substr(pos_, end - pos_);
  if (word.empty()) return false;
  if (expect_ == Expect::kKey) {
    begin_value();
    out_.append("\"").append(word).append("\"");
    pos_ = end;
    expect_ = Expect::kColon;
    return true;
  }
  const std::string_view literal = literal_of(word);
  if (literal.empty()) return false;
  begin_value();
  out_ += literal;
  pos_ = end;
  end_value();
  return true;
}

// A number in JSON's spelling; one that no double can hold becomes a string.
bool Repair::write_number() {
  std::size_t end = pos_;
  while (end < text_.size() && (is_name_char(text_[end]) || text_[end] == '.' || text_[end] == '+'))
    ++end;
  std::string_view written = text_.substr(pos_, end - pos_);
  pos_ = end;
  begin_value();
  const bool negative = written.front() == '-';
  if (negative || written.front() == '+') written.remove_prefix(1);
  while (written.size() > 1 && written[0] == '0' && is_digit(written[1])) written.remove_prefix(1);
  std::string number = negative ? "-" : "";
  if (written.starts_with('.')) number += '0';
  for (std::size_t i = 0; i < written.size(); ++i) {
    number += written[i];
    if (written[i] == '.' && (i + 1 == written.size() || !is_digit(written[i + 1]))) number += '0';
  }
  double value = 0;
  const char* const last = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), last, value);
  if (stop == last && error == std::errc() && std::isfinite(value)) {
    out_ += number;
  } else if (literal_of(written) == "null") {
    out_ += "null";
  } else {
    out_.append("\"").append(number).append("\"");
  }
  end_value();
  return true;
}

// White space, controls, no-break and zero-width spaces, line separators, byte order marks.
bool Repair::skip_space() {
  const auto c = static_cast<unsigned char>(text_[pos_]);
  if (c <= 0x20 || c == 0x7F || c == 0xA0) {
    ++pos_;
    return true;
  }
  for (const std::string_view odd :
       {"\xC2\xA0", "\xEF\xBB\xBF", "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\xA8", "\xE2\x80\xA9",
        "\xE3\x80\x80", "\xEF\xBF\xBD"}) {
    if (at(odd)) {
      pos_ += odd.size();
      return true;
    }
  }
  return false;
}

void Repair::skip_space_and_wrappers() {
  while (pos_ < text_.size()) {
    if (skip_space()) continue;
    if (at("//")) {
      skip_line_comment();
    } else if (at("/*")) {
      const std::size_t end = text_.find("*/", pos_ + 2);
      pos_ = end == std::string_view::npos ? text_.size() : end + 2;
    } else if (at("<!--")) {
      skip_markup_comment();
    } else if (at("<![CDATA[")) {
      pos_ += 9;
    } else if (at("-->") || at("]]>")) {
      pos_ += 3;
    } else {
      return;
    }
  }
}

// "//" up to the end of the line; only the slashes when they hide a wrapper: //<![CDATA[
void Repair::skip_line_comment() {
  pos_ += 2;
  while (pos_ < text_.size() && (text_[pos_] == ' ' || text_[pos_] == '\t')) ++pos_;
  if (at("<![CDATA[") || at("<!--") || at("]]>") || at("-->")) return;
  pos_ = std::min(text_.find_first_of("\r\n", pos_), text_.size());
}

// A comment around the document is a wrapper: only "<!--" goes, with the rest of its line. One that
// ends before any bracket is passed over.
void Repair::skip_markup_comment() {
  const std::size_t end = next_of("-->", comment_end_);
  const std::size_t document = next_of("{[", bracket_);
  pos_ += 4;
  if (end < document) {
    pos_ = end + 3;
    return;
  }
  const std::string_view before = text_.substr(pos_, document - pos_);
  pos_ += std::min(before.find_first_of("\r\n"), before.size());
}

// For "-->" the token, for "{[" either character; the size of the text when there is none.
std::size_t Repair::next_of(std::string_view token, std::size_t& cache) const {
  if (cache < pos_ || cache == 0) {
    cache = token == "{[" ? text_.find_first_of(token, pos_) : text_.find(token, pos_);
    cache = std::min(cache, text_.size());
  }
  return cache;
}

}  // namespace

std::optional<std::string> repair_json(std::string_view text, std::size_t max_depth) {
  return Repair(text, max_depth).run();
}

}  // namespace placer
