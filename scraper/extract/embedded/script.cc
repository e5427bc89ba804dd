#include "scraper/extract/embedded/script.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/utf8.h"

namespace placer {
namespace {

constexpr std::size_t kShortest = 20;  // bytes of a literal worth reading
constexpr std::size_t kMost = 2'000;   // literals of one script
constexpr std::size_t kDeepest = 512;  // brackets within each other
constexpr std::size_t kLongestName = 64;

bool is_name_char(char c) {
  return ascii::is_letter(c) || ascii::is_digit(c) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

void append_scalar(std::uint32_t code, std::string& out) {
  append_utf8(is_scalar_value(code) ? code : kReplacementCodePoint, out);
}

std::optional<std::uint32_t> hex_at(std::string_view source, std::size_t at, std::size_t digits) {
  if (at + digits > source.size()) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : source.substr(at, digits)) {
    const char lower = ascii::lower(c);
    if (ascii::is_digit(c)) {
      value = value * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// The escape behind a backslash; moves `at` behind it.
void append_escape(std::string_view source, std::size_t& at, std::string& out) {
  const char c = source[at++];
  constexpr std::string_view kFrom = "nrtbfv0";
  constexpr std::string_view kTo("\n\r\t\b\f\v\0", 7);
  if (const std::size_t simple = kFrom.find(c); simple != kFrom.npos) {
    out += kTo[simple];
  } else if (c == 'x') {
    const auto code = hex_at(source, at, 2);
    if (code) at += 2;
    append_scalar(code.value_or('x'), out);
  } else if (c == 'u' && at < source.size() && source[at] == '{') {
    const std::size_t end = std::min(source.find('}', at), source.size());
    const auto code = hex_at(source, at + 1, std::min<std::size_t>(end - at - 1, 6));
    at = std::min(end + 1, source.size());
    append_scalar(code.value_or(kReplacementCodePoint), out);
  } else if (c == 'u') {
    auto code = hex_at(source, at, 4);
    if (code) at += 4;
    const bool high = code && *code >= 0xD800 && *code < 0xDC00;
    if (high && source.substr(at, 2) == "\\u") {
      const auto low = hex_at(source, at + 2, 4);
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
        code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
        at += 6;
      }
    }
    append_scalar(code.value_or('u'), out);
  } else if (c != '\n') {  // a backslash at the end of a line joins it with the next
    out += c;
  }
}

std::string json_quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Reads tokens; of literals it writes the JSON as it goes.
class Scan {
 public:
  explicit Scan(std::string_view source) : source_(source) {}

  // What a script that was cut off leaves open is not read.
  std::vector<ScriptLiteral> run() {
    while (at_ < source_.size() && literals_.size() < kMost) {
      if (!skip_space_and_comments()) step();
    }
    return std::move(literals_);
  }

 private:
  enum class Kind : std::uint8_t { kCode, kObject, kArray };
  // What a literal expects next; kSkip: the end of a value that is more than a literal.
  enum class State : std::uint8_t { kKey, kColon, kValue, kComma, kSkip };
  struct Frame {
    Kind kind;
    char close;
    State state;
    bool root = false;          // a literal that stands in code
    bool nested_value = false;  // the value read last is an object or array
    std::size_t member_at = 0;  // where in the output the current member began, its comma included
    std::size_t value_at = 0;   // the same, its value
  };
  struct Output {
    std::string name;
    std::string text;
  };

  bool reads_literal() const {
    return !frames_.empty() && frames_.back().kind != Kind::kCode &&
           frames_.back().state != State::kSkip;
  }
  bool expects(State state) const { return reads_literal() && frames_.back().state == state; }
  char next() const { return at_ + 1 < source_.size() ? source_[at_ + 1] : '\0'; }
  std::string& out() { return outputs_.back().text; }
  void token(char last, std::string_view word = {}) {
    before_ = last;
    word_ = word;
  }

  bool skip_space_and_comments();
  void step();
  void string_token(char quote);
  void number_token();
  void word_token();
  void punctuator(char c);
  void open(char bracket);
  void close(char bracket);
  void close_literal(Frame& frame);
  void comma();
  void skip_regex();
  void begin_member();
  void write_key(const std::string& name);
  void write_value(std::string_view json);
  void spoil();
  bool after(std::string_view characters) const {
    if (!word_.empty()) return word_ == "return";
    return before_ != '\0' && characters.find(before_) != characters.npos;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  char before_ = ';';      // the last character of the last token
  std::string_view word_;  // the last token when it was a word
  std::string name_;       // the last word that a literal may go to
  std::vector<Frame> frames_;
  std::vector<Output> outputs_;
  std::vector<ScriptLiteral> literals_;
};

bool Scan::skip_space_and_comments() {
  const std::size_t begin = at_;
  while (at_ < source_.size()) {
    const std::string_view rest = source_.substr(at_, 4);
    if (ascii::is_space(rest.front()) || rest.front() == '\v') {
      ++at_;
    } else if (rest.starts_with("//") || rest == "<!--") {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else if (rest.starts_with("/*")) {
      const std::size_t end = source_.find("*/", at_ + 2);
      at_ = end == source_.npos ? source_.size() : end + 2;
    } else {
      break;
    }
  }
  return at_ != begin;
}

void Scan::step() {
  const char c = source_[at_];
  if (c == '"' || c == '\'' || c == '`') return string_token(c);
  const bool sign = (c == '-' || c == '.') && expects(State::kValue);
  if (ascii::is_digit(c) || (sign && (ascii::is_digit(next()) || next() == '.'))) {
    return number_token();
  }
  if (is_name_char(c)) return word_token();
  if (c == '{' || c == '[' || c == '(') return open(c);
  if (c == '}' || c == ']' || c == ')') return close(c);
  if (c == '/' && after("(,=:[!&|?{};+")) return skip_regex();
  punctuator(c);
}

void Scan::punctuator(char c) {
  const bool bit = c == '!' && (next() == '0' || next() == '1');
  if (c == ',' && !frames_.empty() && frames_.back().kind != Kind::kCode) {
    comma();
  } else if (c == ':' && expects(State::kColon)) {
    out() += ':';
    frames_.back().value_at = out().size();
    frames_.back().state = State::kValue;
  } else if (bit && expects(State::kValue)) {
    write_value(next() == '0' ? "true" : "false");
    ++at_;
  } else if (reads_literal()) {
    spoil();
  }
  token(c);
  ++at_;
}

// Commas are written when a member or element begins, so that trailing ones are gone.
void Scan::begin_member() {
  frames_.back().member_at = out().size();
  if (out().back() != '{' && out().back() != '[') out() += ',';
}

void Scan::write_key(const std::string& name) {
  begin_member();
  out() += json_quoted(name);
  frames_.back().state = State::kColon;
}

// REQUIRES the state kValue. A bracket may stand for the value that it begins.
void Scan::write_value(std::string_view json) {
  Frame& frame = frames_.back();
  if (frame.kind == Kind::kArray) begin_member();
  frame.value_at = out().size();
  frame.nested_value = json == "{" || json == "[";
  frame.state = State::kComma;
  out() += json;
}

// The value read last, or the one that should come, is more than a literal.
void Scan::spoil() {
  Frame& frame = frames_.back();
  if (frame.state == State::kColon) out().resize(frame.member_at);  // a method, a getter
  if (frame.state == State::kValue) write_value("null");
  if (frame.state == State::kComma && !frame.nested_value) {
    out().resize(frame.value_at);
    out() += "null";
  }
  frame.state = State::kSkip;
}

void Scan::string_token(char quote) {
  const std::size_t begin = at_;
  std::string text = script_string(source_, at_);
  const bool computed = quote == '`' && text.find("${") != std::string::npos;
  token(quote);
  if (expects(State::kKey) && !computed) {
    if (text.size() <= kLongestName) name_ = text;
    return write_key(text);
  }
  if (expects(State::kValue) && !computed) return write_value(json_quoted(text));
  if (reads_literal()) return spoil();
  const std::string_view written = ascii::trim(text);
  const bool is_json = written.starts_with('{') || written.starts_with('[');
  if (is_json && !computed && at_ - begin >= kShortest) literals_.push_back({name_, text});
}

void Scan::number_token() {
  const std::size_t begin = at_++;
  while (at_ < source_.size()) {
    const char c = source_[at_];
    const bool exponent = (c == '-' || c == '+') && ascii::lower(source_[at_ - 1]) == 'e';
    if (!is_name_char(c) && c != '.' && !exponent) break;
    ++at_;
  }
  const std::string_view number = source_.substr(begin, at_ - begin);
  token('0', number);
  if (expects(State::kKey)) {
    write_key(std::string(number));
  } else if (expects(State::kValue)) {
    write_value(number);
  } else if (reads_literal()) {
    spoil();
  }
}

void Scan::word_token() {
  const std::size_t begin = at_;
  while (at_ < source_.size() && is_name_char(source_[at_])) ++at_;
  const std::string_view word = source_.substr(begin, at_ - begin);
  token(word.back(), word);
  constexpr std::string_view kNoNames[] = {"return", "var",  "let",  "const", "new",
                                           "parse",  "JSON", "push", "window"};
  const bool names = std::ranges::find(kNoNames, word) == std::end(kNoNames);
  if (names && word.size() <= kLongestName) name_ = word;
  if (expects(State::kKey)) {
    write_key(std::string(word));
  } else if (expects(State::kValue)) {
    const bool absent = word == "null" || word == "undefined" || word == "NaN";
    if (word == "true" || word == "false" || absent) {
      write_value(absent ? "null" : word);
    } else {
      spoil();
    }
  } else if (reads_literal()) {
    spoil();
  }
}

void Scan::open(char bracket) {
  const bool object = bracket == '{';
  Frame frame{Kind::kCode, object ? '}' : bracket == '[' ? ']' : ')', State::kSkip};
  const bool literal = bracket != '(' && frames_.size() < kDeepest;
  if (literal && expects(State::kValue)) {
    write_value(object ? "{" : "[");
    frame.kind = object ? Kind::kObject : Kind::kArray;
  } else {
    if (reads_literal()) spoil();
    // Elsewhere it is a block or an index.
    if (literal && after("=(,:[?|&")) {
      frame.kind = object ? Kind::kObject : Kind::kArray;
      frame.root = true;
      outputs_.push_back({name_, std::string(1, bracket)});
    }
  }
  if (frame.kind != Kind::kCode) frame.state = object ? State::kKey : State::kValue;
  frames_.push_back(frame);
  token(bracket);
  ++at_;
}

void Scan::comma() {
  Frame& frame = frames_.back();
  const bool object = frame.kind == Kind::kObject;
  if (frame.state == State::kColon) out().resize(frame.member_at);  // {name}: a variable
  if (frame.state == State::kValue && object) out() += "null";
  frame.state = object ? State::kKey : State::kValue;
}

void Scan::close(char bracket) {
  token(bracket);
  ++at_;
  // A bracket that fits none of the innermost ones is passed over.
  constexpr std::size_t kNear = 3;
  std::size_t inner = 0;
  const std::size_t open = frames_.size();
  while (inner < kNear && inner < open && frames_[open - 1 - inner].close != bracket) ++inner;
  if (inner == kNear || inner == open) return;
  for (std::size_t i = 0; i <= inner; ++i) {
    Frame& frame = frames_.back();
    if (frame.kind != Kind::kCode) close_literal(frame);
    frames_.pop_back();
  }
}

void Scan::close_literal(Frame& frame) {
  if (frame.state == State::kColon) out().resize(frame.member_at);
  if (frame.state == State::kValue && frame.kind == Kind::kObject) out() += "null";
  out() += frame.close;
  if (!frame.root) return;
  if (out().size() >= kShortest) {
    literals_.push_back({std::move(outputs_.back().name), std::move(out())});
  }
  outputs_.pop_back();
}

void Scan::skip_regex() {
  if (reads_literal()) spoil();
  bool in_class = false;
  for (++at_; at_ < source_.size() && source_[at_] != '\n'; ++at_) {
    const char c = source_[at_];
    if (c == '\\') ++at_;
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (c == '/' && !in_class) break;
  }
  at_ = std::min(at_ + 1, source_.size());
  token('/');
}

}  // namespace

std::vector<ScriptLiteral> script_literals(std::string_view source) { return Scan(source).run(); }

std::string script_string(std::string_view source, std::size_t& at) {
  const char quote = source[at++];
  const std::string_view stops = quote == '`' ? "`\\" : quote == '"' ? "\"\\\n" : "'\\\n";
  std::string out;
  while (at < source.size() && source[at] != quote) {
    const std::size_t special = std::min(source.find_first_of(stops, at), source.size());
    out += source.substr(at, special - at);
    at = special;
    if (at == source.size() || source[at] == quote) break;
    if (source[at] == '\n') return out;  // unterminated: the line ends it
    if (++at < source.size()) append_escape(source, at, out);
  }
  if (at < source.size()) ++at;
  return out;
}

}  // namespace placer
