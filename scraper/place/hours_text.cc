// Short texts of opening hours: words -> tokens -> rules (week.h).
//
//   text   = rule *(separator rule)
//   rule   = [days] times          days missing: every day
//   days   = day or range *("," day or range)
//   times  = span *("," span) | "closed" | "24 hours"
//
// A language is a matter of rows in kWords.
#include <algorithm>

#include "scraper/place/text.h"
#include "scraper/place/week.h"

namespace placer {
namespace {

constexpr std::size_t kMaxTokens = 200;
constexpr std::size_t kMaxText = 2000;  // bytes; longer texts are prose

enum class Kind { kDay, kDays, kTime, kDash, kSeparator, kClosed, kAllDay, kNoise, kEnd };

struct Word {
  std::string_view text;  // lower case
  Kind kind;
  int first = 0;  // a day, or the first and last of several
  int last = 0;
};

constexpr Word kWords[] = {
    {"mo", Kind::kDay, 0},
    {"mon", Kind::kDay, 0},
    {"monday", Kind::kDay, 0},
    {"mondays", Kind::kDay, 0},
    {"tu", Kind::kDay, 1},
    {"tue", Kind::kDay, 1},
    {"tues", Kind::kDay, 1},
    {"tuesday", Kind::kDay, 1},
    {"tuesdays", Kind::kDay, 1},
    {"we", Kind::kDay, 2},
    {"wed", Kind::kDay, 2},
    {"weds", Kind::kDay, 2},
    {"wednesday", Kind::kDay, 2},
    {"wednesdays", Kind::kDay, 2},
    {"th", Kind::kDay, 3},
    {"thu", Kind::kDay, 3},
    {"thur", Kind::kDay, 3},
    {"thurs", Kind::kDay, 3},
    {"thursday", Kind::kDay, 3},
    {"thursdays", Kind::kDay, 3},
    {"fr", Kind::kDay, 4},
    {"fri", Kind::kDay, 4},
    {"friday", Kind::kDay, 4},
    {"fridays", Kind::kDay, 4},
    {"sa", Kind::kDay, 5},
    {"sat", Kind::kDay, 5},
    {"saturday", Kind::kDay, 5},
    {"saturdays", Kind::kDay, 5},
    {"su", Kind::kDay, 6},
    {"sun", Kind::kDay, 6},
    {"sunday", Kind::kDay, 6},
    {"sundays", Kind::kDay, 6},
    {"ph", Kind::kDay, 7},
    {"publicholiday", Kind::kDay, 7},
    {"publicholidays", Kind::kDay, 7},
    {"daily", Kind::kDays, 0, 6},
    {"everyday", Kind::kDays, 0, 6},
    {"weekdays", Kind::kDays, 0, 4},
    {"weekends", Kind::kDays, 5, 6},
    {"weekend", Kind::kDays, 5, 6},
    {"closed", Kind::kClosed},
    {"off", Kind::kClosed},
    {"to", Kind::kDash},
    {"until", Kind::kDash},
    {"till", Kind::kDash},
    {"thru", Kind::kDash},
    {"through", Kind::kDash},
    {"and", Kind::kSeparator},
    {"from", Kind::kNoise},
    {"open", Kind::kNoise},
    {"hours", Kind::kNoise},
};

// Several words that mean one token.
constexpr Word kPhrases[] = {
    {"24/7", Kind::kAllDay},
    {"24 hours", Kind::kAllDay},
    {"24hours", Kind::kAllDay},
    {"24 hrs", Kind::kAllDay},
    {"24h", Kind::kAllDay},
    {"all day", Kind::kAllDay},
    {"every day", Kind::kDays, 0, 6},
    {"7 days a week", Kind::kDays, 0, 6},
    {"public holidays", Kind::kDay, 7},
    {"public holiday", Kind::kDay, 7},
};

struct Token {
  Kind kind = Kind::kEnd;
  int first = 0;  // days, or the minutes of a time
  int last = 0;
  int hour12 = -1;     // of a time without am or pm and at most 12:59: its hour
  bool bare = false;   // of a time: an hour alone ("9")
  bool half = false;   // of a time: am or pm was said
  bool comma = false;  // of a separator
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Dashes of all lengths as '-', the narrow spaces as ' '. Lower case.
std::string normalized(std::string_view text) {
  std::string out = lower_ascii(text);
  for (const std::string_view dash : {"‐", "‑", "‒", "–", "—", "−", "～"}) {
    for (std::size_t at = out.find(dash); at != std::string::npos; at = out.find(dash)) {
      out.replace(at, dash.size(), "-");
    }
  }
  return out;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(normalized(text)) {}

  // Nothing when a word is unknown.
  std::optional<std::vector<Token>> tokens() {
    std::vector<Token> out;
    while (skip_space(), at_ < text_.size()) {
      auto token = next();
      if (!token || out.size() >= kMaxTokens) return std::nullopt;
      if (token->kind != Kind::kNoise) out.push_back(*token);
    }
    return out;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  std::optional<Token> next() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    if (auto phrase = take_phrase(rest)) return phrase;
    const char c = rest.front();
    if (is_digit(c) || (c == 't' && rest.size() > 1 && is_digit(rest[1]))) return take_time(rest);
    if (is_letter(c)) return take_word(rest);
    ++at_;
    if (c == '-') return Token{Kind::kDash};
    if (c == ':' || c == '.' || c == '(' || c == ')') return Token{Kind::kNoise};
    Token separator{Kind::kSeparator};
    separator.comma = c == ',' || c == '&' || c == '/';
    if (separator.comma || c == ';' || c == '|' || c == '\n') return separator;
    return std::nullopt;
  }

  std::optional<Token> take_phrase(std::string_view rest) {
    for (const Word& phrase : kPhrases) {
      if (!rest.starts_with(phrase.text)) continue;
      const std::string_view after = rest.substr(phrase.text.size());
      if (!after.empty() && (is_letter(after.front()) || is_digit(after.front()))) continue;
      at_ += phrase.text.size();
      return Token{phrase.kind, phrase.first, phrase.last == 0 ? phrase.first : phrase.last};
    }
    return std::nullopt;
  }

  std::optional<Token> take_word(std::string_view rest) {
    std::size_t length = 0;
    while (length < rest.size() && is_letter(rest[length])) ++length;
    at_ += length;
    const std::string_view word = rest.substr(0, length);
    if (word == "noon" || word == "midday" || word == "midnight") {
      Token time{Kind::kTime, parse_clock(word).value_or(0)};
      time.half = true;
      return time;
    }
    for (const Word& known : kWords) {
      if (known.text == word) {
        return Token{known.kind, known.first, known.last == 0 ? known.first : known.last};
      }
    }
    return std::nullopt;
  }

  std::optional<Token> take_time(std::string_view rest) {
    std::size_t length = rest.front() == 't' ? 1 : 0;
    while (length < rest.size() && (is_digit(rest[length]) || rest[length] == ':' ||
                                    ((rest[length] == '.' || rest[length] == 'h') &&
                                     length + 1 < rest.size() && is_digit(rest[length + 1])))) {
      ++length;
    }
    if (length < rest.size() && rest[length] == 'h' &&
        (length + 1 == rest.size() || !is_letter(rest[length + 1]))) {
      ++length;
    }
    std::string_view number = rest.substr(0, length);
    if (number.ends_with(':')) number.remove_suffix(1), --length;
    bool half = false;
    for (const std::string_view ending :
         {" a.m.", " p.m.", "a.m.", "p.m.", " am", " pm", "am", "pm"}) {
      if (rest.substr(length).starts_with(ending)) {
        length += ending.size();
        half = true;
        break;
      }
    }
    at_ += length;
    const bool bare = !half && number.size() <= 2;
    const auto minutes =
        parse_clock(bare ? std::string(number) + ":00" : std::string(rest.substr(0, length)));
    if (!minutes) return std::nullopt;
    Token time{Kind::kTime, *minutes};
    time.half = half;
    time.bare = bare;
    if (!half && number.front() != '0' && *minutes < 13 * 60) time.hour12 = *minutes / 60;
    return time;
  }

  std::string text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  bool parse(Week& week) {
    if (is_every_day()) return rule_for_every_day(week);
    bool any = false;
    while (skip_separators(), peek().kind != Kind::kEnd) {
      if (!rule(week)) return false;
      any = true;
    }
    return any;
  }

  bool ambiguous() const { return ambiguous_; }

 private:
  const Token& peek(std::size_t ahead = 0) const {
    static const Token kEndToken;
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kEndToken;
  }

  void skip_separators() {
    while (peek().kind == Kind::kSeparator) ++at_;
  }

  static bool is_day(const Token& token) {
    return token.kind == Kind::kDay || token.kind == Kind::kDays;
  }

  // https://schema.org/openingHours: "Mo-Su" alone is "Monday through Sunday, all day".
  bool is_every_day() const {
    return tokens_.size() == 3 && tokens_[0].kind == Kind::kDay && tokens_[0].first == 0 &&
           tokens_[1].kind == Kind::kDash && tokens_[2].kind == Kind::kDay &&
           tokens_[2].first == kDaysOfWeek - 1;
  }

  static bool rule_for_every_day(Week& week) {
    for (int day = 0; day < kDaysOfWeek; ++day) week.open(day, {0, kMinutesOfDay});
    return true;
  }

  bool rule(Week& week) {
    std::vector<int> on;
    if (is_day(peek())) {
      if (!days(on)) return false;
    } else {
      for (int day = 0; day < kDaysOfWeek; ++day) on.push_back(day);
    }
    if (peek().kind == Kind::kDash && peek(1).kind != Kind::kTime) ++at_;  // "Sunday - closed"
    if (peek().kind == Kind::kClosed) {
      ++at_;
      for (const int day : on) week.close(day);
      return true;
    }
    if (peek().kind == Kind::kAllDay) {
      ++at_;
      for (const int day : on) week.open(day, {0, kMinutesOfDay});
      return true;
    }
    if (peek().kind == Kind::kDash) ++at_;  // "Monday - 9:00-17:00"
    return spans(on, week);
  }

  // "Mo-Fr", "Mo,We,Fr", "Sa-Mo".
  bool days(std::vector<int>& on) {
    while (is_day(peek())) {
      const Token first = tokens_[at_++];
      int last = first.last;
      if (first.kind == Kind::kDay && peek().kind == Kind::kDash && peek(1).kind == Kind::kDay) {
        last = peek(1).first;
        at_ += 2;
        if (first.first == kPublicHoliday || last == kPublicHoliday) return false;
      }
      for (int day = first.first;; day = (day + 1) % kDaysOfWeek) {
        on.push_back(day);
        if (day == last) break;
      }
      if (peek().kind == Kind::kSeparator && is_day(peek(1))) ++at_;
    }
    return true;
  }

  bool spans(const std::vector<int>& on, Week& week) {
    bool any = false;
    while (peek().kind == Kind::kTime && peek(1).kind == Kind::kDash &&
           peek(2).kind == Kind::kTime) {
      const auto span = join(peek(), peek(2));
      if (!span) return false;
      at_ += 3;
      any = true;
      for (const int day : on) week.open(day, *span);
      if (peek().kind == Kind::kSeparator && peek(1).kind == Kind::kTime) ++at_;
    }
    return any;
  }

  // Fills in what one of the two leaves out: "9-5pm", "9am-5".
  std::optional<MinuteSpan> join(const Token& from, const Token& to) {
    constexpr int kHalf = 12 * 60;
    int open = from.first;
    int close = to.first;
    if (!from.half && to.half && from.hour12 >= 0) {
      open %= kHalf;
      if (close > kHalf && open + kHalf < close) open += kHalf;
      if (close <= open) ambiguous_ = true;  // "11-2am": from noon or from midnight?
    } else if (from.half && !to.half && to.hour12 >= 0) {
      if (close <= open) close = close % kHalf + kHalf;
    } else if (!from.half && !to.half && close < open && from.hour12 >= 0 && to.hour12 >= 0) {
      // "9:00-5:00": afternoon or next morning?
      const bool long_night = close + kMinutesOfDay - open >= 18 * 60;
      if (from.bare || to.bare || long_night) ambiguous_ = true;
    }
    if (open == close) ambiguous_ = true;
    if (ambiguous_) return std::nullopt;
    return span_of(open, close);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool ambiguous_ = false;
};

}  // namespace

std::optional<int> day_named(std::string_view word) {
  std::string name = lower_ascii(trimmed(word));
  if (name.ends_with('.')) name.pop_back();
  for (const Word& known : kWords) {
    if (known.kind == Kind::kDay && known.text == name) return known.first;
  }
  return std::nullopt;
}

bool add_text(std::string_view text, Schedule& schedule) {
  if (text.size() > kMaxText) {
    schedule.note("not understood: " + std::string(text.substr(0, kMaxText)));
    return false;
  }
  const auto tokens = Lexer(text).tokens();
  Week week = schedule.week;
  if (tokens) {
    Parser parser(*tokens);
    if (parser.parse(week)) {
      schedule.week = week;
      return true;
    }
    if (parser.ambiguous()) {
      schedule.note("ambiguous: " + std::string(text));
      return false;
    }
  }
  schedule.note("not understood: " + std::string(text));
  return false;
}

}  // namespace placer
