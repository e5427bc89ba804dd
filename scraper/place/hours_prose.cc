#include "scraper/place/hours_prose.h"

#include <algorithm>
#include <optional>

#include "scraper/ascii.h"
#include "scraper/place/hours_tokens.h"
#include "scraper/place/text.h"
#include "scraper/place/week.h"

namespace placer {
namespace {

using enum HoursKind;

constexpr std::size_t kBefore = 100;    // bytes before a time that are read
constexpr std::size_t kLongest = 1500;  // bytes of one mention
constexpr std::size_t kMostMentions = 100;
constexpr std::size_t kMostAnchors = 400;
constexpr int kMostTrims = 8;
constexpr std::size_t kMostTokens = 150;  // of one mention
constexpr int kMostReadings = 600;        // of one text

using ascii::is_digit;
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
using ascii::is_lower;
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Can a time of day, or "24/7", begin at the digit at `at`?
bool is_anchor(std::string_view text, std::size_t at) {
  const char before = at == 0 ? ' ' : text[at - 1];
  if (is_digit(before) || before == '$' || before == '.' || before == '+') return false;
  const auto byte = [&](std::size_t i) { return i < text.size() ? lower(text[i]) : ' '; };
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end - at > 2) return false;
  if (end - at == 2 && text[at] == '2' && text[at + 1] == '4') return true;
  const char next = byte(end);
  if ((next == ':' || next == '.' || next == 'h' || next == 'u') && is_digit(byte(end + 1))) {
    return is_digit(byte(end + 2)) && !is_digit(byte(end + 3));
  }
  std::size_t after = end;
  while (byte(after) == ' ' && after < text.size()) ++after;
  const char c = byte(after);
  if ((c == 'a' || c == 'p') && (byte(after + 1) == 'm' || byte(after + 1) == '.')) return true;
  if (c == 'h' || c == 'u') {  // "9h", "9 Uhr", "9 uur"
    const char second = byte(after + 1);
    return !is_letter(second) || (c == 'u' && (second == 'h' || second == 'u'));
  }
  // "9-17", "9 – 17", "9 to 5", "9 bis 17".
  if (c == '-' || c == '\xE2') {
    after += c == '-' ? 1 : 3;
  } else {
    std::size_t word = after;
    while (word < text.size() && is_letter(text[word])) ++word;
    if (word == after || word - after > 6) return false;
    after = word;
  }
  while (byte(after) == ' ' && after < text.size()) ++after;
  return is_digit(byte(after)) && after - end <= 10;
}

class Finder {
 public:
  Finder(std::string_view text, std::string_view language)
      : text_(text), language_(hours_language(language)) {}

  std::vector<HoursMention> find() {
    std::size_t anchors = 0;
    for (std::size_t at = find_digit(text_, 0); at != std::string_view::npos;
         at = find_digit(text_, std::max(at + 1, done_))) {
      if (!is_anchor(text_, at)) continue;
      if (++anchors > kMostAnchors || found_.size() >= kMostMentions) break;
      read_around(at);
    }
    return std::move(found_);
  }

 private:
  // The stretch of known tokens that holds the byte `anchor`.
  void read_around(std::size_t anchor) {
    std::size_t begin = std::max(done_, anchor > kBefore ? anchor - kBefore : 0);
    while (begin > done_ && begin < anchor && text_[begin - 1] != ' ' && text_[begin - 1] != '\n') {
      ++begin;
    }
    const std::string_view window = text_.substr(0, std::min(text_.size(), anchor + kLongest));
    HoursLexer lexer(window, begin);
    std::vector<HoursToken> run;
    while (!lexer.at_end()) {
      auto token = lexer.next();
      if (token) {
        // "..., Office hours: ..." begins another statement.
        if (means(*token, kLabel) && !run.empty() && run.back().end > anchor) break;
        if (run.size() >= kMostTokens) break;
        run.push_back(*token);
        continue;
      }
      if (lexer.position() > anchor) break;
      run.clear();
    }
    done_ = std::max(anchor + 1, run.empty() ? 0 : run.back().end);
    if (run.empty() || run.back().end <= anchor || run.front().begin > anchor) return;
    // Words of a language that the page is not in mean nothing: first without them.
    if (!read_run(run, language_ | kEnglishHours) && language_ == 0) {
      read_run(run, all_hours_languages());
    }
  }

  static bool means(const HoursToken& token, HoursKind kind) {
    if (token.meanings.empty()) return token.kind == kind;
    return std::any_of(token.meanings.begin(), token.meanings.end(),
                       [&](const HoursWord& word) { return word.kind == kind; });
  }
  static bool names_day(const HoursToken& token) {
    return means(token, kDay) || means(token, kDays);
  }
  static bool may_begin(const HoursToken& token) {
    return names_day(token) || token.kind == kTime || means(token, kAllDay) ||
           means(token, kClosed) || means(token, kTime);
  }
  static bool may_end(const HoursToken& token) {
    return may_begin(token) || means(token, kAppointment);
  }

  // Trims the run on both sides until it is understood. Longest first.
  bool read_run(const std::vector<HoursToken>& run, std::uint32_t languages) {
    std::size_t first = 0;
    for (int front = 0; front < kMostTrims; ++front, ++first) {
      while (first < run.size() && !may_begin(run[first])) ++first;
      if (first >= run.size()) return false;
      std::size_t last = run.size();
      for (int back = 0; back < kMostTrims; ++back, --last) {
        while (last > first && !may_end(run[last - 1])) --last;
        if (last <= first) break;
        if (keep(run, first, last, languages)) return true;
      }
    }
    return false;
  }

  bool keep(const std::vector<HoursToken>& run, std::size_t first, std::size_t last,
            std::uint32_t languages) {
    const auto some = [&](auto&& test) {
      return std::any_of(run.begin() + static_cast<std::ptrdiff_t>(first),
                         run.begin() + static_cast<std::ptrdiff_t>(last), test);
    };
    if (!some(
            [](const HoursToken& token) { return token.kind == kTime || means(token, kAllDay); })) {
      return false;
    }
    const bool always = some([](const HoursToken& token) { return token.always; });
    const bool clear = some([](const HoursToken& token) {
      return (token.kind == kTime && !token.bare) || means(token, kAllDay);
    });
    if (!always && !names_days(run, first, last) && !(clear && labelled(run, first))) return false;
    const std::size_t begin = run[first].begin;
    const std::size_t end = run[last - 1].end;
    if (++readings_ > kMostReadings) return false;
    Schedule schedule;
    if (!add_text_only(text_.substr(begin, end - begin), languages, schedule) ||
        !schedule.week.known()) {
      return false;
    }
    // Words such as "Central Time" go with it.
    std::size_t noise = last;
    while (noise < run.size() && run[noise].kind == kNoise && !run[noise].meanings.empty() &&
           !names_day(run[noise]) && !means(run[noise], kLabel)) {
      ++noise;
    }
    found_.push_back({begin, run[noise - 1].end, schedule.hours()});
    done_ = run[noise - 1].end;
    return true;
  }

  // One short word may be any word of another language: "to" is Thursday in Swedish.
  bool names_days(const std::vector<HoursToken>& run, std::size_t first, std::size_t last) const {
    std::size_t days = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (!names_day(run[i])) continue;
      const std::size_t length = run[i].end - run[i].begin;
      const bool spoken =
          std::any_of(run[i].meanings.begin(), run[i].meanings.end(), [&](const HoursWord& word) {
            const bool day = word.kind == kDay || word.kind == kDays;
            return (((language_ | kEnglishHours) >> word.language) & 1U) != 0 && day;
          });
      const bool capital = !is_lower(text_[run[i].begin]);
      if (length >= 5 ||
          (spoken && (length > 2 || (capital && (language_ & ~kEnglishHours) != 0)))) {
        return true;
      }
      ++days;
    }
    return days >= 2;
  }

  // Do words such as "open" stand right before the token?
  static bool labelled(const std::vector<HoursToken>& run, std::size_t first) {
    for (std::size_t i = first; i > 0 && first - i < 4; --i) {
      if (means(run[i - 1], kLabel)) return true;
    }
    return false;
  }

  std::string_view text_;
  std::uint32_t language_;
  std::size_t done_ = 0;
  int readings_ = 0;
  std::vector<HoursMention> found_;
};

}  // namespace

std::vector<HoursMention> find_hours(std::string_view text, std::string_view language) {
  return Finder(text, language).find();
}

}  // namespace placer
