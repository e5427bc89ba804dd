#include "scraper/place/hours_tokens.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/place/text.h"
#include "scraper/place/week.h"

namespace placer {
namespace {

using enum HoursKind;

// Phrases that begin with a digit, in any language; lower case. A longer one stands before its
// beginning.
struct Phrase {
  std::string_view text;
  HoursKind kind;
  int first = 0;
  int last = 0;
  bool always = false;
};

constexpr Phrase kPhrases[] = {
    {"24/7/365", kAllDay, 0, 0, true},
    {"24/7", kAllDay, 0, 0, true},
    {"24x7", kAllDay, 0, 0, true},
    {"7/24", kAllDay, 0, 0, true},
    {"24 hours a day, 7 days a week", kAllDay, 0, 0, true},
    {"24 hours a day 7 days a week", kAllDay, 0, 0, true},
    {"24h/24 7j/7", kAllDay, 0, 0, true},
    {"24h/24 et 7j/7", kAllDay, 0, 0, true},
    {"24h/24", kAllDay},
    {"24h sur 24", kAllDay},
    {"24 heures sur 24", kAllDay},
    {"24 ore su 24", kAllDay},
    {"24 hours a day", kAllDay},
    {"24-hours", kAllDay},
    {"24 hours", kAllDay},
    {"24hours", kAllDay},
    {"24-hour", kAllDay},
    {"24 hrs", kAllDay},
    {"24hrs", kAllDay},
    {"24 stunden", kAllDay},
    {"24 std.", kAllDay},
    {"24 std", kAllDay},
    {"24 horas", kAllDay},
    {"24 ore", kAllDay},
    {"24 uur per dag", kAllDay},
    {"24 heures", kAllDay},
    {"24 hodin", kAllDay},
    {"24 godziny", kAllDay},
    {"24 saat", kAllDay},
    {"24h", kAllDay},
    {"7 days a week", kDays, 0, 6},
    {"7 days", kDays, 0, 6},
    {"7 giorni su 7", kDays, 0, 6},
    {"7 jours sur 7", kDays, 0, 6},
    {"7 tage die woche", kDays, 0, 6},
    {"7 tage", kDays, 0, 6},
    {"7j/7", kDays, 0, 6},
    {"7/7", kDays, 0, 6},
    {"7 días a la semana", kDays, 0, 6},
    {"7 dagen per week", kDays, 0, 6},
    {"2ª", kDay, 0, 0},
    {"3ª", kDay, 1, 1},
    {"4ª", kDay, 2, 2},
    {"5ª", kDay, 3, 3},
    {"6ª", kDay, 4, 4},
};

constexpr std::string_view kDashes[] = {"‐", "‑", "‒", "–", "—", "―", "−", "～", "→"};
constexpr std::string_view kBullets[] = {"·", "•", "●", "▪"};

using ascii::is_digit;
using ascii::is_lower;
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

template <std::size_t N>
std::size_t prefix_of(std::string_view text, const std::string_view (&table)[N]) {
  for (const std::string_view prefix : table) {
    if (text.starts_with(prefix)) return prefix.size();
  }
  return 0;
}

bool starts_with_lower(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  return std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char c) {
    return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
  });
}

// "am", "p.m.", " a.m" at the front of `text`: its length, with the next byte no letter.
std::size_t half_of_day(std::string_view text) {
  for (const std::string_view ending :
       {" a.m.", " p.m.", " a.m", " p.m", "a.m.", "p.m.", "a.m", "p.m", " am", " pm", "am", "pm"}) {
    if (!starts_with_lower(text, ending)) continue;
    if (text.size() == ending.size() || !is_letter(text[ending.size()])) return ending.size();
  }
  return 0;
}

// As hours_words has its keys.
std::string key_of(std::string_view written) {
  if (!is_ascii(written)) return folded(written);
  std::string key = lower_ascii(written);
  std::replace_if(
      key.begin(), key.end(), [](char c) { return c == '-' || c == '/' || c == '\'' || c == '.'; },
      ' ');
  return key;
}

bool all_am(std::string_view half) { return half.find_first_of("aA") != std::string_view::npos; }

}  // namespace

bool HoursLexer::at_end() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  return at_ >= text_.size();
}

std::optional<HoursToken> HoursLexer::next() {
  if (at_end()) return HoursToken{};
  const std::size_t begin = at_;
  const char c = text_[at_];
  std::optional<HoursToken> token;
  if (is_digit(c) ||
      ((c == 't' || c == 'T') && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
    token = digits();
  } else if (is_letter(c) && word_end(at_) > at_) {
    token = word();
  } else {
    token = sign();
  }
  if (at_ == begin) ++at_;
  if (token) {
    token->begin = begin;
    token->end = at_;
  }
  return token;
}

std::optional<HoursToken> HoursLexer::sign() {
  if (const std::size_t dash = prefix_of(rest(), kDashes)) {
    at_ += dash;
    return HoursToken{kDash};
  }
  if (const std::size_t bullet = prefix_of(rest(), kBullets)) {
    at_ += bullet;
    return HoursToken{kSeparator};
  }
  const char c = text_[at_++];
  if (c == '-' || c == '~') return HoursToken{kDash};
  if (c == '\n') return HoursToken{kLine};
  if (std::string_view(":.()*'\"[]").find(c) != std::string_view::npos) return HoursToken{kNoise};
  HoursToken separator{kSeparator};
  separator.comma = c == ',' || c == '&' || c == '/' || c == '+';
  if (separator.comma || c == ';' || c == '|') return separator;
  return std::nullopt;
}

std::size_t HoursLexer::word_end(std::size_t at) const {
  while (
      at < text_.size() && is_letter(text_[at]) &&
      (static_cast<unsigned char>(text_[at]) < 0x80 ||
       (prefix_of(text_.substr(at), kDashes) == 0 && prefix_of(text_.substr(at), kBullets) == 0))) {
    ++at;
  }
  return at;
}

std::optional<HoursToken> HoursLexer::word() {
  constexpr std::size_t kLongestWord = 40;
  std::size_t ends[kLongestHoursPhrase] = {};
  std::size_t count = 0;
  std::size_t at = at_;
  while (count < kLongestHoursPhrase && at < text_.size() && is_letter(text_[at])) {
    const std::size_t end = word_end(at);
    if (end == at || end - at > kLongestWord) break;
    ends[count++] = end;
    if (end + 1 >= text_.size()) break;
    const char joint = text_[end];
    if (joint != ' ' && joint != '-' && joint != '/' && joint != '\'' && joint != '.') break;
    at = end + 1;
  }
  const std::size_t begin = at_;
  at_ = count > 0 ? ends[0] : word_end(at_);
  if (count == 0) return std::nullopt;
  std::string first = key_of(text_.substr(begin, ends[0] - begin));
  if (count > 1 && !begins_hours_phrase(first.substr(0, first.find(' ')))) count = 1;
  for (std::size_t words = count; words > 0; --words) {
    HoursToken token;
    token.meanings =
        hours_words(words == 1 ? first : key_of(text_.substr(begin, ends[words - 1] - begin)));
    if (token.meanings.empty()) continue;
    token.kind = kNoise;
    at_ = ends[words - 1];
    if (rest().starts_with("'s ") || rest().starts_with("'s:")) at_ += 2;  // "Sunday's"
    return token;
  }
  // "FridayClosed": two words whose gap was a change of cell or style.
  for (std::size_t i = begin + 1; i < at_; ++i) {
    if (!is_lower(text_[i - 1]) || text_[i] < 'A' || text_[i] > 'Z') continue;
    HoursToken token;
    token.meanings = hours_words(lower_ascii(text_.substr(begin, i - begin)));
    if (token.meanings.empty()) break;
    token.kind = kNoise;
    at_ = i;
    return token;
  }
  return std::nullopt;
}

std::optional<HoursToken> HoursLexer::digits() {
  for (const Phrase& phrase : kPhrases) {
    if (!starts_with_lower(rest(), phrase.text)) continue;
    const std::string_view after = rest().substr(phrase.text.size());
    if (!after.empty() && ((is_letter(after[0]) && static_cast<unsigned char>(after[0]) < 0x80) ||
                           is_digit(after[0]))) {
      continue;
    }
    at_ += phrase.text.size();
    HoursToken token{phrase.kind, phrase.first, phrase.last};
    token.always = phrase.always;
    return token;
  }
  const std::string_view text = rest();
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  std::size_t length = is_digit(text[0]) ? 0 : 1;
  const std::size_t start = length;
  std::string clock;
  while (length < text.size() && length < 16) {
    const char c = text[length];
    const bool mark = c == 'h' || c == 'H' || c == 'u' || c == 'U';
    if (is_digit(c) || ((c == ':' || c == '.') && digit_at(length + 1))) {
      clock += c;
    } else if (mark && digit_at(length + 1) && digit_at(length + 2)) {
      clock += ':';
    } else {
      break;
    }
    ++length;
  }
  for (const std::string_view ordinal : {"st", "nd", "rd", "th"}) {
    if (starts_with_lower(text.substr(length), ordinal)) {
      at_ += length + ordinal.size();
      return std::nullopt;  // "20th May"
    }
  }
  const bool bare = length - start <= 2;
  bool hour_mark = false;
  if (bare && length < text.size() && (text[length] == 'h' || text[length] == 'H') &&
      (length + 1 == text.size() || !is_letter(text[length + 1]))) {
    hour_mark = true;  // "9h"
    ++length;
  }
  const std::size_t half = hour_mark ? 0 : half_of_day(text.substr(length));
  if (half > 0) clock += all_am(text.substr(length, half)) ? "am" : "pm";
  at_ += length + half;
  const auto minutes = parse_clock(bare && half == 0 ? clock + ":00" : clock);
  if (!minutes) return std::nullopt;
  HoursToken time{kTime, *minutes};
  time.half = half > 0;
  time.bare = bare && half == 0 && !hour_mark;
  if (half == 0 && !hour_mark && clock.front() != '0' && *minutes < 13 * 60) {
    time.hour12 = *minutes / 60;
  }
  // "12 noon" is one time.
  const std::size_t here = at_;
  if (time.bare && *minutes == 12 * 60 && !at_end() && is_letter(text_[at_])) {
    const std::string after = lower_ascii(text_.substr(at_, word_end(at_) - at_));
    if (after == "noon" || after == "midday" || after == "midnight") {
      at_ = word_end(at_);
      time.first = after == "midnight" ? 0 : 12 * 60;
      time.half = true;
      return time;
    }
  }
  at_ = here;
  return time;
}

}  // namespace placer
