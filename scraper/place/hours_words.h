// The words of opening hours in many languages.
//
// A language is a row of kLanguages (hours_words.cc). Words are compared folded (text.h): without
// case, accents and punctuation. The same word may mean different things in different languages
// ("di" is Tuesday in German, Sunday in French).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace placer {

enum class HoursKind : std::uint8_t {
  kDay,          // one day; `first` is it, 0 is Monday, 7 public holidays
  kDays,         // `first` to `last`
  kTime,         // a time of day, in minutes
  kDash,         // to, until
  kSeparator,    // and, comma
  kLine,         // a line's end
  kClosed,       // closed
  kAllDay,       // 24 hours
  kAppointment,  // by appointment
  kExcept,       // except
  kLabel,        // says that hours follow: "open", "opening hours"
  kNoise,        // says nothing: "from", "Uhr"
  kEnd,
};

struct HoursWord {
  std::uint8_t language = 0;
  HoursKind kind = HoursKind::kNoise;
  int first = 0;
  int last = 0;
};

inline constexpr std::uint32_t kEnglishHours = 1;      // as a bit of a set of languages
inline constexpr std::size_t kLongestHoursPhrase = 4;  // words

// What a folded word, or several joined by one space, means in each language that has it.
std::span<const HoursWord> hours_words(std::string_view folded);

// Is the folded word the first of several that mean something together?
bool begins_hours_phrase(std::string_view folded);

// The set of one language by its BCP 47 tag ("de-AT"); 0: not known here.
std::uint32_t hours_language(std::string_view tag);

// All languages.
std::uint32_t all_hours_languages();

}  // namespace placer
