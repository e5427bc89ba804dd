// Short texts of opening hours: tokens (hours_tokens.h) -> rules -> week (week.h).
//
//   text   = rule *(separator rule)
//   rule   = [days] body | body days          days missing: every day
//   days   = day or range *("," day or range) ["except" days]
//   body   = span *("," span) | "closed" | "24 hours" | "by appointment"
//
// A text is read in every language that has all of its words; if they disagree, it is ambiguous.
#include <algorithm>
#include <initializer_list>

#include "scraper/place/hours_tokens.h"
#include "scraper/place/text.h"
#include "scraper/place/week.h"

namespace placer {
namespace {

using enum HoursKind;

constexpr std::size_t kMaxTokens = 200;
constexpr std::size_t kMaxText = 2000;  // bytes; longer texts are prose
constexpr int kHalfDay = 12 * 60;

// What a rule says of its days.
struct Body {
  enum class What { kNothing, kSpans, kClosed, kAppointment } what = What::kNothing;
  std::vector<MinuteSpan> spans;
};

class Parser {
 public:
  Parser(const std::vector<HoursToken>& tokens, bool english)
      : tokens_(tokens), english_(english) {}

  bool parse(Week& week) {
    if (is_every_day()) {
      for (int day = 0; day < kDaysOfWeek; ++day) week.open(day, {0, kMinutesOfDay});
      return true;
    }
    const bool body_first = times_come_first();
    bool any = false;
    while (skip_separators(), peek().kind != kEnd) {
      if (!rule(body_first, week)) return false;
      any = true;
    }
    return any;
  }

  bool ambiguous() const { return ambiguous_; }
  bool by_appointment() const { return by_appointment_; }

 private:
  const HoursToken& peek(std::size_t ahead = 0) const {
    static const HoursToken kEndToken;
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kEndToken;
  }

  static bool is_gap(const HoursToken& token) {
    return token.kind == kSeparator || token.kind == kLine;
  }
  static bool is_day(const HoursToken& token) { return token.kind == kDay || token.kind == kDays; }
  static bool is_body(const HoursToken& token) {
    return token.kind == kTime || token.kind == kClosed || token.kind == kAllDay ||
           token.kind == kAppointment;
  }

  void skip_separators() {
    while (is_gap(peek())) ++at_;
  }
  void skip_lines() {
    while (peek().kind == kLine) ++at_;
  }

  bool is_every_day() const {  // "Mo-Su": schema.org means all day by it
    return tokens_.size() == 3 && tokens_[0].kind == kDay && tokens_[0].first == 0 &&
           tokens_[1].kind == kDash && tokens_[2].kind == kDay &&
           tokens_[2].first == kDaysOfWeek - 1;
  }

  // "9am-5pm Monday to Friday": a body stands first, a day last.
  bool times_come_first() const {
    const auto matters = [](const HoursToken& token) {
      return !is_gap(token) && token.kind != kDash;
    };
    const auto first = std::find_if(tokens_.begin(), tokens_.end(), matters);
    const auto last = std::find_if(tokens_.rbegin(), tokens_.rend(), matters);
    return first != tokens_.end() && is_body(*first) && is_day(*last);
  }

  bool rule(bool body_first, Week& week) {
    std::vector<int> on;
    std::vector<int> excepted;
    Body said;
    if (body_first || (peek().kind == kClosed && closes_days_behind())) {
      if (!body(said)) return false;
      while (peek().kind == kSeparator || peek().kind == kLine) ++at_;
      if (is_day(peek()) && !days(on, excepted)) return false;
    } else {
      if (is_day(peek())) {
        if (!days(on, excepted)) return false;
        if (const std::size_t columns = columns_here(on)) return read_columns(on, columns, week);
      }
      skip_lines();
      if (peek().kind == kDash) ++at_;  // "Sunday - closed"
      if (peek().kind == kSeparator && is_body(peek(1))) ++at_;
      skip_lines();
      if (!body(said)) return false;
      if (!except(excepted)) return false;
    }
    if (on.empty()) {
      for (int day = 0; day < kDaysOfWeek; ++day) on.push_back(day);
    }
    for (const int day : excepted) std::erase(on, day);
    apply(said, on, week);
    for (const int day : excepted) week.close(day);
    return true;
  }

  // "closed Sunday", and nothing more of Sunday.
  bool closes_days_behind() const {
    std::size_t ahead = 1;
    if (peek(ahead).kind == kDash) ++ahead;
    if (!is_day(peek(ahead))) return false;
    while (is_day(peek(ahead)) || peek(ahead).kind == kDash ||
           (peek(ahead).kind == kSeparator && is_day(peek(ahead + 1)))) {
      ++ahead;
    }
    return !is_body(peek(ahead));
  }

  static void apply(const Body& said, const std::vector<int>& on, Week& week) {
    for (const int day : on) {
      if (said.what == Body::What::kClosed) week.close(day);
      for (const MinuteSpan& span : said.spans) week.open(day, span);
    }
  }

  // "Mo-Fr", "Mo,We,Fr", "Sa-Mo", "Mo & Th", "Mo-Su except We".
  bool days(std::vector<int>& on, std::vector<int>& excepted) {
    day_lines_ = 0;
    std::size_t read = 0;
    while (is_day(peek())) {
      const HoursToken& first = tokens_[at_++];
      int last = first.last;
      if (first.kind == kDay && peek().kind == kDash && peek(1).kind == kDay) {
        last = peek(1).first;
        at_ += 2;
        if (first.first == kPublicHoliday || last == kPublicHoliday) return false;
      }
      for (int day = first.first;; day = (day + 1) % kDaysOfWeek) {
        on.push_back(day);
        if (day == last) break;
      }
      ++read;
      if (peek().kind == kLine && is_day(peek(1))) {
        ++at_;
        ++day_lines_;
      } else if (peek().kind == kSeparator && is_day(peek(1))) {
        ++at_;
      }
    }
    if (day_lines_ + 1 != read) day_lines_ = 0;
    return except(excepted);
  }

  bool except(std::vector<int>& excepted) {
    std::size_t ahead = is_gap(peek()) ? 1 : 0;
    if (peek(ahead).kind != kExcept) return true;
    at_ += ahead + 1;
    if (!is_day(peek())) return false;
    std::vector<int> none;
    return days(excepted, none) && none.empty();
  }

  // A table with the days as its heads: as many bodies follow as there were days, a line each.
  std::size_t columns_here(const std::vector<int>& on) const {
    if (day_lines_ < 1 || on.size() != day_lines_ + 1) return 0;
    std::size_t bodies = 0;
    bool line = true;
    for (std::size_t ahead = 0; peek(ahead).kind != kEnd; ++ahead) {
      if (peek(ahead).kind == kLine) line = true;
      if (is_day(peek(ahead))) return 0;
      if (line && is_body(peek(ahead))) ++bodies;
      if (is_body(peek(ahead))) line = false;
    }
    return bodies == on.size() ? bodies : 0;
  }

  bool read_columns(const std::vector<int>& on, std::size_t columns, Week& week) {
    for (std::size_t column = 0; column < columns; ++column) {
      skip_separators();
      Body said;
      if (!body(said)) return false;
      apply(said, {on[column]}, week);
    }
    return true;
  }

  bool body(Body& said) {
    switch (peek().kind) {
      case kClosed:
        ++at_;
        said.what = Body::What::kClosed;
        return true;
      case kAllDay:
        ++at_;
        said.what = Body::What::kSpans;
        said.spans = {{0, kMinutesOfDay}};
        return true;
      case kAppointment:
        ++at_;
        said.what = Body::What::kAppointment;
        by_appointment_ = true;
        return true;
      default:
        return spans(said);
    }
  }

  bool spans(Body& said) {
    while (peek().kind == kTime && peek(1).kind == kDash && peek(2).kind == kTime) {
      const auto span = join(peek(), peek(2), said);
      if (!span) return false;
      at_ += 3;
      said.spans.push_back(*span);
      std::size_t ahead = 0;
      while (is_gap(peek(ahead))) ++ahead;
      if (ahead == 0 || peek(ahead).kind != kTime || columns_follow(ahead)) break;
      at_ += ahead;
    }
    said.what = Body::What::kSpans;
    return !said.spans.empty();
  }

  // In a table the next line's times are the next day's.
  bool columns_follow(std::size_t ahead) const {
    if (day_lines_ == 0) return false;
    for (std::size_t i = 0; i < ahead; ++i) {
      if (peek(i).kind == kLine) return true;
    }
    return false;
  }

  // Fills in what one of the two leaves out: "9-5pm", "9am-5", in English also "9-5".
  std::optional<MinuteSpan> join(const HoursToken& from, const HoursToken& to, const Body& said) {
    int open = from.first;
    int close = to.first;
    if (!from.half && to.half && from.hour12 >= 0) {
      open %= kHalfDay;
      if (close > kHalfDay && open + kHalfDay < close) open += kHalfDay;
      if (close <= open) ambiguous_ = true;  // "11-2am": from noon or from midnight?
    } else if (from.half && !to.half && to.hour12 >= 0) {
      if (close <= open) close = close % kHalfDay + kHalfDay;
    } else if (!from.half && !to.half && from.hour12 >= 0 && to.hour12 >= 0) {
      read_twelve_hours(from, to, said, open, close);
    }
    if (open == close) ambiguous_ = true;
    if (ambiguous_) return std::nullopt;
    return span_of(open, close);
  }

  // Neither time says am or pm. In English "9-5" ends in the afternoon, and "9-12, 1-5" goes on.
  void read_twelve_hours(const HoursToken& from, const HoursToken& to, const Body& said, int& open,
                         int& close) {
    constexpr int kEarliest = 6 * 60;
    const bool goes_on =
        !said.spans.empty() && open <= kHalfDay && open < said.spans.back().close && open < 7 * 60;
    if (english_ && goes_on && open + kHalfDay >= said.spans.back().close) {
      open += kHalfDay;
      if (close < open) close += kHalfDay;
      return;
    }
    if (close >= open) return;
    if (english_ && open >= kEarliest && open <= 12 * 60 + 59 && close <= 11 * 60) {
      close += kHalfDay;
      if (close <= open || close - open > 16 * 60) ambiguous_ = true;
      return;
    }
    // "9:00-5:00": afternoon or next morning?
    const bool long_night = close + kMinutesOfDay - open >= 18 * 60;
    if (from.bare || to.bare || long_night) ambiguous_ = true;
  }

  const std::vector<HoursToken>& tokens_;
  bool english_;
  std::size_t at_ = 0;
  std::size_t day_lines_ = 0;  // line ends between the days read last, when each had a line
  bool ambiguous_ = false;
  bool by_appointment_ = false;
};

// The tokens as one language has them; nothing when it lacks a word.
std::optional<std::vector<HoursToken>> in_language(const std::vector<HoursToken>& tokens,
                                                   std::uint8_t language) {
  std::vector<HoursToken> out;
  for (HoursToken token : tokens) {
    if (!token.meanings.empty()) {
      const auto meaning =
          std::find_if(token.meanings.begin(), token.meanings.end(),
                       [&](const HoursWord& word) { return word.language == language; });
      if (meaning == token.meanings.end()) return std::nullopt;
      token.kind = meaning->kind;
      token.first = meaning->first;
      token.last = meaning->last;
      token.half = token.kind == kTime;
    }
    if (token.kind != kNoise && token.kind != kLabel) out.push_back(token);
  }
  return out;
}

enum class Reading { kNone, kAmbiguous, kRead };

// Reads the tokens in the languages of the set, which must agree.
Reading read_in(std::uint32_t languages, const std::vector<HoursToken>& tokens,
                Schedule& schedule) {
  std::optional<Schedule> agreed;
  bool ambiguous = false;
  for (std::uint8_t language = 0; language < 32; ++language) {
    const std::uint32_t bit = std::uint32_t{1} << language;
    if ((languages & bit) == 0) continue;
    const auto words = in_language(tokens, language);
    if (!words) continue;
    Schedule read = schedule;
    Parser parser(*words, bit == kEnglishHours);
    if (!parser.parse(read.week)) {
      ambiguous = ambiguous || parser.ambiguous();
      continue;
    }
    if (parser.by_appointment()) read.note("by appointment");
    if (agreed && agreed->week.osm() != read.week.osm()) return Reading::kAmbiguous;
    if (!agreed) agreed = std::move(read);
  }
  if (!agreed) return ambiguous ? Reading::kAmbiguous : Reading::kNone;
  schedule = std::move(*agreed);
  return Reading::kRead;
}

}  // namespace

std::optional<int> day_named(std::string_view word) {
  word = trimmed(word);
  if (word.size() > 60) return std::nullopt;
  std::optional<int> day;
  for (const HoursWord& meaning : hours_words(folded(word))) {
    if (meaning.kind != kDay) continue;
    if (meaning.language == 0) return meaning.first;
    if (day && *day != meaning.first) return std::nullopt;
    day = meaning.first;
  }
  return day;
}

namespace {

// In the first of the sets of languages that has all of its words.
bool add_in(std::string_view text, std::initializer_list<std::uint32_t> sets, Schedule& schedule) {
  if (text.size() > kMaxText) {
    schedule.note("not understood: " + std::string(text.substr(0, kMaxText)));
    return false;
  }
  std::vector<HoursToken> tokens;
  HoursLexer lexer(text);
  bool understood = true;
  while (understood && !lexer.at_end()) {
    const auto token = lexer.next();
    understood = token.has_value() && tokens.size() < kMaxTokens;
    if (understood) tokens.push_back(*token);
  }
  auto reading = Reading::kNone;
  for (const std::uint32_t languages : sets) {
    if (understood && reading == Reading::kNone) reading = read_in(languages, tokens, schedule);
  }
  if (reading == Reading::kRead) return true;
  schedule.note((reading == Reading::kAmbiguous ? "ambiguous: " : "not understood: ") +
                std::string(text));
  return false;
}

}  // namespace

bool add_text(std::string_view text, std::uint32_t language, Schedule& schedule) {
  return add_in(text, {language, all_hours_languages()}, schedule);
}

bool add_text_only(std::string_view text, std::uint32_t languages, Schedule& schedule) {
  return add_in(text, {languages}, schedule);
}

bool add_text(std::string_view text, Schedule& schedule) { return add_text(text, 0, schedule); }

}  // namespace placer
