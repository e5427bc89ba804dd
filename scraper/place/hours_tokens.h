// Texts of opening hours as tokens (hours_text.cc reads them).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scraper/place/hours_words.h"

namespace placer {

struct HoursToken {
  HoursKind kind = HoursKind::kEnd;
  int first = 0;  // days, or the minutes of a time
  int last = 0;
  int hour12 = -1;        // of a time without am or pm that may be either: its hour
  bool bare = false;      // of a time: an hour alone ("9")
  bool half = false;      // of a time: am or pm was said
  bool comma = false;     // of a separator
  bool always = false;    // "24/7": every day is meant
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  std::span<const HoursWord> meanings = {};  // of a word, by language; the kind is not known before
};

// Reads tokens off the front of a text, which must outlive it.
class HoursLexer {
 public:
  explicit HoursLexer(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

  bool at_end();  // nothing but white space is left
  std::size_t position() const { return at_; }

  // The next token; nothing for a word or sign that no language has, which is passed over.
  std::optional<HoursToken> next();

 private:
  std::optional<HoursToken> digits();
  std::optional<HoursToken> word();
  std::optional<HoursToken> sign();
  std::size_t word_end(std::size_t at) const;
  std::string_view rest() const { return text_.substr(at_); }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace placer
