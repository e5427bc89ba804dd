#include "scraper/page/selector_nth.h"

#include <algorithm>
#include <string_view>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::int32_t kMostNumber = 1'000'000;

bool take_word(SelectorText& text, std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (ascii::lower(text.peek(i)) != word[i]) return false;
  }
  text.advance(word.size());
  return true;
}

std::optional<std::int32_t> take_digits(SelectorText& text) {
  if (!ascii::is_digit(text.peek())) return std::nullopt;
  std::int32_t number = 0;
  for (; ascii::is_digit(text.peek()); text.advance()) {
    number = std::min(number * 10 + (text.peek() - '0'), kMostNumber);
  }
  return number;
}

// "+" or "-" as a factor; nothing when neither comes next.
std::optional<std::int32_t> take_sign(SelectorText& text) {
  if (text.take('+')) return 1;
  if (text.take('-')) return -1;
  return std::nullopt;
}

}  // namespace

std::optional<AnPlusB> take_an_plus_b(SelectorText& text) {
  if (take_word(text, "odd")) return AnPlusB{2, 1};
  if (take_word(text, "even")) return AnPlusB{2, 0};
  const std::int32_t sign = take_sign(text).value_or(1);
  const auto number = take_digits(text);
  if (ascii::lower(text.peek()) != 'n') {
    if (!number) return std::nullopt;
    return AnPlusB{0, sign * *number};
  }
  text.advance();
  AnPlusB read{sign * number.value_or(1), 0};
  SelectorText ahead = text;
  ahead.skip_space();
  const auto offset_sign = take_sign(ahead);
  if (!offset_sign) return read;
  ahead.skip_space();
  text = ahead;
  const auto offset = take_digits(text);
  if (!offset) return std::nullopt;
  read.offset = *offset_sign * *offset;
  return read;
}

bool is_among(std::int64_t index, const AnPlusB& wanted) {
  const std::int64_t beyond = index - wanted.offset;
  if (wanted.step == 0) return beyond == 0;
  return beyond % wanted.step == 0 && beyond / wanted.step >= 0;
}

}  // namespace placer
