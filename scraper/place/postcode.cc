#include "scraper/place/postcode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>

#include "scraper/ascii.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

using enum PostcodeOrder;

// 9: a digit; A: a capital letter; X: a capital letter or digit; W: a digit or 'W'; a space: at
// most one, written as one; anything else: itself.
struct Form {
  std::string_view country;
  std::string_view form;
  PostcodeOrder order;
  bool certain = false;
  std::string_view prefix = {};  // written in front, with '-' or a space: "D-10115"
};

constexpr Form kForms[] = {
    {"US", "99999-9999", kAfterState},
    {"US", "99999", kAfterState},
    {"CA", "A9A 9A9", kAfterState, true},
    {"AU", "9999", kAfterState},
    {"GB", "AA9A 9AA", kAfterCity, true},
    {"GB", "A9A 9AA", kAfterCity, true},
    {"GB", "AA99 9AA", kAfterCity, true},
    {"GB", "A99 9AA", kAfterCity, true},
    {"GB", "AA9 9AA", kAfterCity, true},
    {"GB", "A9 9AA", kAfterCity, true},
    {"IE", "A9W XXXX", kAfterCity},
    {"NL", "9999 AA", kBeforeCity, false, "NL"},
    {"PT", "9999-999", kBeforeCity, false, "P"},
    {"PL", "99-999", kBeforeCity, false, "PL"},
    {"CZ", "999 99", kBeforeCity, false, "CZ"},
    {"SK", "999 99", kBeforeCity, false, "SK"},
    {"SE", "999 99", kBeforeCity, false, "SE"},
    {"SE", "999 99", kBeforeCity, false, "S"},
    {"GR", "999 99", kBeforeCity, false, "GR"},
    {"DE", "99999", kBeforeCity, false, "D"},
    {"DE", "99999", kBeforeCity, false, "DE"},
    {"FR", "99999", kBeforeCity, false, "F"},
    {"FR", "99999", kBeforeCity, false, "FR"},
    {"ES", "99999", kBeforeCity, false, "E"},
    {"ES", "99999", kBeforeCity, false, "ES"},
    {"IT", "99999", kBeforeCity, false, "I"},
    {"IT", "99999", kBeforeCity, false, "IT"},
    {"FI", "99999", kBeforeCity, false, "FI"},
    {"FI", "99999", kBeforeCity, false, "FIN"},
    {"EE", "99999", kBeforeCity},
    {"HR", "99999", kBeforeCity, false, "HR"},
    {"RS", "99999", kBeforeCity},
    {"TR", "99999", kBeforeCity, false, "TR"},
    {"UA", "99999", kBeforeCity},
    {"MX", "99999", kBeforeCity},
    {"MC", "99999", kBeforeCity},
    {"AT", "9999", kBeforeCity, false, "A"},
    {"AT", "9999", kBeforeCity, false, "AT"},
    {"CH", "9999", kBeforeCity, false, "CH"},
    {"LI", "9999", kBeforeCity, false, "FL"},
    {"BE", "9999", kBeforeCity, false, "B"},
    {"BE", "9999", kBeforeCity, false, "BE"},
    {"LU", "9999", kBeforeCity, false, "L"},
    {"DK", "9999", kBeforeCity, false, "DK"},
    {"NO", "9999", kBeforeCity, false, "NO"},
    {"NO", "9999", kBeforeCity, false, "N"},
    {"HU", "9999", kBeforeCity, false, "H"},
    {"SI", "9999", kBeforeCity, false, "SI"},
    {"BG", "9999", kBeforeCity, false, "BG"},
    {"LV", "9999", kBeforeCity, false, "LV"},
    {"LT", "99999", kBeforeCity, false, "LT"},
    {"RO", "999999", kBeforeCity},
    {"RU", "999999", kBeforeCity},
    {"NZ", "9999", kAfterCity},
    {"ZA", "9999", kAfterCity},
    {"IN", "999999", kAfterCity},
    {"IN", "999 999", kAfterCity},
    {"SG", "999999", kAfterCity},
    {"CN", "999999", kAfterCity},
    {"BR", "99999-999", kAfterCity},
    {"JP", "999-9999", kBeforeCity},
    {"KR", "99999", kAfterCity},
};

using ascii::is_digit;
using ascii::is_upper;
bool is_word(char c) {
  return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool fits(char form, char c) {
  switch (form) {
    case '9':
      return is_digit(c);
    case 'A':
      return is_upper(c);
    case 'X':
      return is_upper(c) || is_digit(c);
    case 'W':
      return is_digit(c) || c == 'W';
    default:
      return c == form;
  }
}

// The number of bytes at the front of `text` that have the form, 0: it has not. `code` gets them in
// the country's spelling.
std::size_t match(std::string_view form, std::string_view text, std::string& code) {
  std::size_t at = 0;
  code.clear();
  if (text.size() + 1 < form.size()) return 0;
  for (const char want : form) {
    if (want == ' ') {
      if (at < text.size() && text[at] == ' ') ++at;
      code += ' ';
      continue;
    }
    if (at == text.size() || !fits(want, text[at])) return 0;
    code += text[at++];
  }
  return at;
}

// What may not stand right behind a code: more of a number or word.
bool ends_code(std::string_view rest) {
  if (rest.empty()) return true;
  if (is_word(rest[0]) && static_cast<unsigned char>(rest[0]) < 0x80) return false;
  const bool joint = rest[0] == '-' || rest[0] == '.' || rest[0] == ':' || rest[0] == '/' ||
                     rest[0] == ',' || rest[0] == '@' || rest[0] == '%';
  return !joint || rest.size() < 2 || !is_digit(rest[1]);
}

// What may not stand right before: more of a number, a price, an address of the net.
bool begins_code(std::string_view before) {
  if (before.empty()) return true;
  const char last = before.back();
  if (is_word(last) && static_cast<unsigned char>(last) < 0x80) return false;
  if (last == '$' || last == '#' || last == '@' || last == '_' || last == '/' || last == '=' ||
      last == '+') {
    return false;
  }
  const bool joint = last == '-' || last == '.' || last == ',' || last == ':';
  return !joint || before.size() < 2 || !is_digit(before[before.size() - 2]);
}

// The length of a prefix ("D-", "CH ") right before `at`; 0: there is none.
std::size_t prefix_length(std::string_view text, std::size_t at, std::string_view prefix) {
  if (prefix.empty() || at < prefix.size() + 1 || text[at - 1] != '-') return 0;
  const std::size_t begin = at - prefix.size() - 1;
  if (text.substr(begin, prefix.size()) != prefix) return 0;
  if (begin > 0 && is_word(text[begin - 1])) return 0;
  return prefix.size() + 1;
}

// May the form stand for a code without a prefix?
bool is_marked(const Form& form, std::string_view country) {
  return form.certain || form.order == kAfterState || form.country == country;
}

std::optional<Postcode> read(const Form& form, std::string_view text, std::size_t at,
                             std::string_view country) {
  const std::size_t prefix =
      at > 0 && text[at - 1] == '-' ? prefix_length(text, at, form.prefix) : 0;
  if (prefix == 0 && !is_marked(form, country)) return std::nullopt;
  std::string code;
  const std::size_t length = match(form.form, text.substr(at), code);
  if (length == 0 || !ends_code(text.substr(at + length))) return std::nullopt;
  if (prefix == 0 && !begins_code(text.substr(0, at))) return std::nullopt;
  return Postcode{at - prefix,  at + length, std::move(code),
                  form.country, form.order,  form.certain || prefix > 0};
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

// How many digits a form begins with.
constexpr std::size_t leading_digits(std::string_view form) {
  std::size_t count = 0;
  while (count < form.size() && form[count] == '9') ++count;
  return count;
}

constexpr std::size_t kMostDigits = 6;  // in a row, of a code

// Forms as places in kForms, in its order, by the digits they begin with.
class FormsByDigits {
 public:
  constexpr void add(std::size_t form) {
    const std::size_t digits = leading_digits(kForms[form].form);
    forms_[digits][counts_[digits]++] = static_cast<std::uint8_t>(form);
  }
  constexpr std::span<const std::uint8_t> of(std::size_t digits) const {
    return std::span(forms_[digits]).first(counts_[digits]);
  }

 private:
  std::array<std::array<std::uint8_t, std::size(kForms)>, kMostDigits + 1> forms_{};
  std::array<std::uint8_t, kMostDigits + 1> counts_{};
};

constexpr FormsByDigits kAllForms = [] {
  FormsByDigits all;
  for (std::size_t i = 0; i < std::size(kForms); ++i) all.add(i);
  return all;
}();

// Those that are read without a prefix.
FormsByDigits marked_forms(std::string_view country) {
  FormsByDigits marked;
  for (std::size_t i = 0; i < std::size(kForms); ++i) {
    if (is_marked(kForms[i], country)) marked.add(i);
  }
  return marked;
}

}  // namespace

std::vector<Postcode> find_postcodes(std::string_view text, std::string_view country) {
  constexpr std::size_t kMost = 4000;
  std::vector<Postcode> all;
  const FormsByDigits marked = marked_forms(country);
  std::size_t digit = 0;  // the first one from `at` on
  for (std::size_t at = 0; at < text.size() && all.size() < kMost; ++at) {
    if (digit <= at) {
      digit = find_digit(text, at);
      if (digit == std::string_view::npos) break;
      at = std::max(at, digit < 2 ? 0 : digit - 2);  // "W1J", "IP1": two letters at most before it
    }
    const char c = text[at];
    if (!is_digit(c) && !(is_upper(c) && at + 2 < text.size() &&
                          (is_digit(text[at + 1]) || is_digit(text[at + 2])))) {
      continue;
    }
    if (at > 0 && is_word(text[at - 1]) && static_cast<unsigned char>(text[at - 1]) < 0x80)
      continue;
    const std::size_t before = all.size();
    const std::size_t digits = digits_at(text, at);
    if (digits > kMostDigits || (digits > 0 && digits < 2)) {
      at += digits - 1;
      continue;
    }
    const bool prefixed = at > 0 && text[at - 1] == '-';
    for (const std::uint8_t form : (prefixed ? kAllForms : marked).of(digits)) {
      auto found = read(kForms[form], text, at, country);
      if (!found) continue;
      // A certain form, and the country in mind, go before the others.
      const bool first = found->certain || found->country == country;
      all.insert(first ? all.begin() + static_cast<std::ptrdiff_t>(before) : all.end(),
                 std::move(*found));
    }
    const bool proven = std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                                    [](const Postcode& code) { return code.certain; });
    if (!proven && country.empty() && digits >= 2) {
      std::string code;
      for (const std::string_view form :
           {"99999", "9999-999", "99-999", "9999 AA", "999999", "999 999"}) {
        if (leading_digits(form) != digits) continue;
        const std::size_t length = match(form, text.substr(at), code);
        if (length == 0 || !ends_code(text.substr(at + length)) ||
            !begins_code(text.substr(0, at))) {
          continue;
        }
        const std::string_view likely = form == "9999 AA"                    ? "NL"
                                        : form == "9999-999"                 ? "PT"
                                        : form == "99-999"                   ? "PL"
                                        : form[3] == ' ' || form.size() == 6 ? "IN"
                                                                             : "";
        // Abroad the code may stand on either side of the city.
        if (likely != "IN") all.push_back({at, at + length, code, likely, kBeforeCity, false});
        if (likely == "IN" || form == "99999") {
          all.push_back({at, at + length, code, likely, kAfterCity, false});
        }
        break;
      }
    }
  }
  return all;
}

bool is_postcode_of(std::string_view code, std::string_view country) {
  bool known = false;
  std::string spelled;
  for (const Form& form : kForms) {
    if (form.country != country) continue;
    known = true;
    if (match(form.form, code, spelled) == code.size()) return true;
  }
  return !known;
}

}  // namespace placer
