// Telephone numbers in running text (phone.h): a shape first, then labels and numbering plans.
#include <algorithm>
#include <optional>

#include "scraper/ascii.h"
#include "scraper/place/phone.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kMostMentions = 300;
constexpr std::size_t kMostTried = 1000;
constexpr std::size_t kFewestDigits = 7;
constexpr std::size_t kMostDigits = 15;
constexpr std::size_t kMostSigns = 16;   // bytes, at least, of signs before a number's first digit
constexpr std::size_t kLabelReach = 30;  // bytes before a number in which its label stands

using ascii::is_digit;
using ascii::is_upper;
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::string digits_of(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_digit);
  return out;
}

// Bytes of a sign that may stand within a number; 0: none.
std::size_t joint_at(std::string_view text, std::size_t at) {
  if (std::string_view(" -.()/").find(text[at]) != std::string_view::npos) return 1;
  if (static_cast<unsigned char>(text[at]) < 0x80) return 0;
  for (const std::string_view dash : {"–", "‑", "‐", "−", "·"}) {
    if (text.substr(at).starts_with(dash)) return dash.size();
  }
  return 0;
}

// Digits in groups, as written: "(206) 588-2075" is {3, 3, 4}.
std::vector<std::size_t> groups_of(std::string_view text) {
  std::vector<std::size_t> groups;
  bool within = false;
  for (const char c : text) {
    if (is_digit(c)) {
      if (!within) groups.push_back(0);
      ++groups.back();
    }
    within = is_digit(c);
  }
  return groups;
}

struct Shape {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t digits = 0;
};

// The run of digits and signs that begins at `at`.
Shape shape_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kMostJoints = 3;  // in a row, as in ") - "
  Shape shape{at, at, 0};
  std::size_t joints = 0;
  std::size_t open = 0;  // brackets
  for (std::size_t i = at; i < text.size() && shape.digits <= kMostDigits;) {
    const char c = text[i];
    if (is_digit(c) || (c == '+' && (i == at || (i == at + 1 && text[at] == '(')))) {
      joints = 0;
      shape.digits += c == '+' ? 0 : 1;
      shape.end = ++i;
      continue;
    }
    const std::size_t joint = joint_at(text, i);
    if (joint == 0 || ++joints > kMostJoints) break;
    if (c == '(') {
      if (shape.digits > 5) break;  // "555 1234 (24 hours)"
      ++open;
    } else if (c == ')') {
      if (open == 0) break;
      --open;
    }
    i += joint;
  }
  return shape;
}

bool is_north_american(const std::vector<std::size_t>& groups, std::string_view digits) {
  const std::size_t skip = groups.size() == 4 && groups[0] == 1 && digits[0] == '1' ? 1 : 0;
  if (groups.size() != skip + 3) return false;
  return groups[skip] == 3 && groups[skip + 1] == 3 && groups[skip + 2] == 4;
}

// "12.10.2009", "2009-10-12", "1998-2009", "192.168.0.1", "1.234.567".
bool is_no_number(std::string_view written, const std::vector<std::size_t>& groups) {
  if (written.front() == '+' || written.front() == '(') return false;
  const auto year = [](std::string_view four) {
    return four.starts_with("19") || four.starts_with("20");
  };
  if (groups.size() == 3 && groups[2] == 4 && groups[0] <= 2 && groups[1] <= 2) return true;
  if (groups.size() >= 3 && groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2 && year(written)) {
    return true;
  }
  if (groups.size() == 2 && groups[0] == 4 && groups[1] == 4 && year(written) &&
      year(written.substr(written.size() - 4))) {
    return true;
  }
  const bool dots = written.find_first_of(" -()/") == std::string_view::npos;
  if (dots && groups.size() == 4 &&
      std::all_of(groups.begin(), groups.end(), [](std::size_t size) { return size <= 3; })) {
    return true;
  }
  return dots && groups.size() >= 2 && groups[0] <= 3 &&
         std::all_of(groups.begin() + 1, groups.end(),
                     [](std::size_t size) { return size == 3; }) &&
         groups.size() <= 3 && written[0] != '0' && groups[0] + groups.size() * 3 < 12;
}

class Finder {
 public:
  Finder(std::string_view text, std::string_view region) : text_(text), region_(region) {}

  std::vector<PhoneMention> find() {
    std::size_t tried = 0;
    std::size_t digit = 0;  // the first one from `at` on
    for (std::size_t at = 0; at < text_.size() && found_.size() < kMostMentions;) {
      if (digit <= at) {
        digit = find_digit(text_, at);
        if (digit == std::string_view::npos) break;
        at = std::max(at, digit < kMostSigns ? 0 : digit - kMostSigns);
      }
      const char c = text_[at];
      const bool opens = (c == '+' || c == '(') && at + 1 < text_.size() &&
                         (is_digit(text_[at + 1]) || text_[at + 1] == '+' || text_[at + 1] == ' ');
      if (!is_digit(c) && !opens) {
        ++at;
        continue;
      }
      if (!begins_number(at)) {
        at = past_word(at);
        continue;
      }
      Shape shape = shape_at(text_, at);
      if (shape.digits < kFewestDigits && vanity(at, shape)) {
        at = found_.back().end;
        continue;
      }
      if (shape.digits < 6 || ++tried > kMostTried) {
        at = std::max(at + 1, shape.end);
        continue;
      }
      at = std::max(at + 1, read(shape));
    }
    return std::move(found_);
  }

 private:
  bool begins_number(std::size_t at) const {
    if (at == 0) return true;
    const char before = text_[at - 1];
    if (before == '.' || before == '-' || before == '/' || before == ',') {
      return at < 2 || !(is_digit(text_[at - 2]) || (before == '/' && is_letter(text_[at - 2])));
    }
    if (static_cast<unsigned char>(before) >= 0x80) return text_[at] == '+' || after_sign(at);
    return !is_letter(before) && !is_digit(before) &&
           std::string_view("$#@_=&%").find(before) == std::string_view::npos;
  }

  // After "•", "–" and the like a number may begin; after "€" and letters none.
  bool after_sign(std::size_t at) const {
    const std::string_view before = text_.substr(0, at);
    return before.size() >= 3 && before[before.size() - 3] == '\xE2' &&
           before[before.size() - 2] != '\x82';
  }

  std::size_t past_word(std::size_t at) const {
    do {
      ++at;
    } while (at < text_.size() && is_digit(text_[at]));
    return at;
  }

  // Reads what may be a number; where to go on.
  std::size_t read(Shape shape) {
    PhoneMention mention;
    mention.begin = shape.begin;
    mention.end = shape.end;
    read_labels(mention);
    if (shape.digits > kMostDigits || !number(mention)) {
      // Perhaps a number, and more digits behind a gap: "206-588-2075 98104".
      const auto shorter = without_last_group(mention);
      if (!shorter) {
        if (mention.labelled && shape.digits >= kFewestDigits && shape.digits <= kMostDigits &&
            keeps_unread(mention)) {
          keep(std::move(mention));
        }
        return shape.end;
      }
      mention.end = *shorter;
    }
    extension(mention);
    const std::size_t end = mention.end;
    keep(std::move(mention));
    return end;
  }

  bool keeps_unread(const PhoneMention& mention) const {
    const std::string_view written = text_.substr(mention.begin, mention.end - mention.begin);
    return !is_no_number(written, groups_of(written));
  }

  std::optional<std::size_t> without_last_group(PhoneMention& mention) {
    std::size_t end = mention.end;
    for (int tries = 0; tries < 4; ++tries) {
      while (end > mention.begin && is_digit(text_[end - 1])) --end;
      while (end > mention.begin && !is_digit(text_[end - 1])) --end;
      PhoneMention shorter = mention;
      shorter.end = end;
      if (end <= mention.begin + 6) return std::nullopt;
      const char gap = text_[end];
      if ((gap == ' ' || gap == ')' || gap == '/') && number(shorter)) {
        mention.e164 = shorter.e164;
        return end;
      }
    }
    return std::nullopt;
  }

  // Is it one? Fills in its E.164 form.
  bool number(PhoneMention& mention) const {
    const std::string_view written = text_.substr(mention.begin, mention.end - mention.begin);
    const std::string digits = digits_of(written);
    if (digits.size() < 6 || digits.size() > kMostDigits) return false;
    const auto groups = groups_of(written);
    if (is_no_number(written, groups)) return false;
    if (digits.find_first_not_of(digits[0]) == std::string::npos) return false;
    const bool international = written.front() == '+' || written.starts_with("(+") ||
                               (written.starts_with("00") && digits.size() >= 10);
    const bool american = is_north_american(groups, digits);
    if (international) {
      if (set(mention, "+" + digits_of(without_trunk(written)))) return true;
    }
    if (!region_.empty() && (mention.labelled || is_written_as_number(written, groups, digits))) {
      if (set(mention, std::string(written)) || set(mention, digits)) return true;
    }
    if (american || (mention.labelled && region_.empty() && digits.size() >= 10 &&
                     digits.size() <= 11 && (digits.size() == 10 || digits[0] == '1'))) {
      return set(mention, (digits.size() == 11 ? "+" : "+1") + digits);
    }
    return false;
  }

  // "+44 (0) 20 ..." dials no 0 from abroad; "00" is "+".
  static std::string without_trunk(std::string_view written) {
    std::string out(written);
    for (const std::string_view trunk : {"(0)", "( 0 )"}) {
      if (const std::size_t at = out.find(trunk); at != std::string::npos)
        out.erase(at, trunk.size());
    }
    if (out.starts_with("00")) out.erase(0, 2);
    return out;
  }

  bool set(PhoneMention& mention, const std::string& text) const {
    const std::string_view region = text.front() == '+' ? std::string_view() : region_;
    const auto phones = parse_phones(text, region);
    if (phones.empty()) return false;
    mention.e164 = phones[0].e164;
    return true;
  }

  // Without a label a number must look like one: a trunk prefix, brackets, or groups.
  static bool is_written_as_number(std::string_view written, const std::vector<std::size_t>& groups,
                                   std::string_view digits) {
    if (digits.size() < 8 || groups.size() > 6) return false;
    if (written.front() == '(' || (written.front() == '0' && digits.size() >= 9)) return true;
    const bool grouped =
        groups.size() >= 2 &&
        std::all_of(groups.begin(), groups.end(), [](std::size_t size) { return size >= 2; });
    const bool toll_free = digits.starts_with("1300") || digits.starts_with("1800");
    return grouped && (digits.size() == 9 || digits.size() == 10 || toll_free) &&
           groups.size() >= 3;
  }

  // "888.FAX.IOSAFE", "1-800-FLOWERS".
  bool vanity(std::size_t at, const Shape& shape) {
    if (shape.digits != 3 && shape.digits != 4) return false;
    constexpr std::string_view kTollFree[] = {"800", "888", "877", "866", "855", "844", "833"};
    std::string digits = digits_of(text_.substr(at, shape.end - at));
    if (digits.size() == 4 && digits[0] == '1') digits.erase(0, 1);
    if (std::find(std::begin(kTollFree), std::end(kTollFree), digits) == std::end(kTollFree)) {
      return false;
    }
    std::size_t letters = 0;
    std::size_t end = shape.end;
    std::string signs;
    for (std::size_t i = shape.end; i < text_.size() && letters <= 11; ++i) {
      const char c = text_[i];
      if (is_upper(c) || is_digit(c)) {
        ++letters;
        signs += c;
        end = i + 1;
      } else if (!(c == '-' || c == '.' || (c == ' ' && letters == 0) ||
                   (c == ')' && letters == 0))) {
        break;
      }
    }
    if (letters < 7 || letters > 11 || (end < text_.size() && is_letter(text_[end]))) return false;
    PhoneMention mention;
    mention.begin = at;
    mention.end = end;
    const auto phones = parse_phones("1-" + digits + "-" + signs, "US");
    if (!phones.empty()) mention.e164 = phones[0].e164;
    read_labels(mention);
    if (mention.e164.empty() && !mention.labelled) return false;
    keep(std::move(mention));
    return true;
  }

  void extension(PhoneMention& mention) const {
    std::string_view rest = text_.substr(mention.end, 24);
    const std::size_t digit = rest.find_first_of("0123456789\n");
    if (digit == std::string_view::npos || rest[digit] == '\n') return;
    std::string label;
    for (const char c : rest.substr(0, digit)) {
      if (is_letter(c)) label += c;
    }
    label = lower_ascii(label);
    if (label != "x" && label != "ext" && label != "extn" && label != "extension") return;
    std::size_t end = digit;
    while (end < rest.size() && is_digit(rest[end])) ++end;
    if (end - digit > 6) return;
    mention.extension = rest.substr(digit, end - digit);
    mention.end += end;
  }

  // Words in the reach before the number, or "(fax)" right behind it.
  void read_labels(PhoneMention& mention) const {
    std::size_t from = mention.begin > kLabelReach ? mention.begin - kLabelReach : 0;
    if (!found_.empty()) from = std::max(from, found_.back().end);
    std::string_view before = text_.substr(from, mention.begin - from);
    // A line above counts when it is a label alone, as in the cell of a table.
    const std::size_t line = before.find_last_of('\n');
    if (line != std::string_view::npos && !trimmed(before.substr(line + 1)).empty()) {
      before = before.substr(line + 1);
    } else if (line != std::string_view::npos) {
      const std::size_t above = before.substr(0, line).find_last_of('\n');
      before = before.substr(above == std::string_view::npos ? 0 : above + 1);
    }
    bool voice = false;
    bool fax = false;
    scan_labels(before, voice, fax);
    if (!voice && !fax) {
      const std::string_view behind = text_.substr(mention.end, 12);
      scan_labels(behind.substr(0, std::min(behind.find_first_of(",;\n0123456789"), behind.size())),
                  voice, fax);
      if (!behind.starts_with(" (") && !behind.starts_with(" fax") && !behind.starts_with(" Fax")) {
        voice = fax = false;
      }
    }
    // "Fax: 555-1234 or 555-2345": the label goes on.
    if (!voice && !fax && !found_.empty() && found_.back().labelled && goes_on(mention.begin)) {
      voice = found_.back().voice;
      fax = found_.back().fax;
    }
    mention.labelled = voice || fax;
    mention.fax = fax;
    mention.voice = voice || !fax;
  }

  // A letter with nothing but signs around it, in front of the number.
  static bool alone(std::string_view words, std::size_t begin, std::size_t end) {
    const bool starts =
        trimmed(words.substr(0, begin)).empty() || words.substr(0, begin).ends_with("| ");
    return starts && words[begin] < 'a' && trimmed(words.substr(end)).empty();
  }

  bool goes_on(std::size_t begin) const {
    const std::size_t end = found_.back().end;
    return begin - end <= 6 && text_.substr(end, begin - end).find('\n') == std::string_view::npos;
  }

  static void scan_labels(std::string_view words, bool& voice, bool& fax) {
    bool joined_before = false;
    for (std::size_t at = 0; at < words.size();) {
      if (!is_letter(words[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < words.size() && is_letter(words[end])) ++end;
      const std::string_view word = words.substr(at, end - at);
      PhoneLabel label = phone_label(word);
      const bool sign = end < words.size() && (words[end] == ':' || words[end] == '.');
      const std::string low = lower_ascii(word);
      if (label == PhoneLabel::kNone && word.size() == 1 &&
          (sign || alone(words, at, end))) {  // "T: ", "| F "
        if (low == "t" || low == "p" || low == "m") label = PhoneLabel::kPhone;
        if (low == "f") label = PhoneLabel::kFax;
      }
      if (label == PhoneLabel::kNone && (low == "call" || low == "dial")) {
        label = PhoneLabel::kPhone;
      }
      // The nearest label counts, "Tel/Fax" and "Phone & Fax" are two.
      const std::string_view rest = words.substr(end);
      const bool joined = rest.starts_with('/') || rest.starts_with(" / ") ||
                          rest.starts_with(" & ") || rest.starts_with(" and ") ||
                          rest.starts_with("/ ") || rest.starts_with(" und ") ||
                          rest.starts_with("+");
      if (label == PhoneLabel::kPhone) {
        fax = fax && joined_before;
        voice = true;
      } else if (label == PhoneLabel::kFax) {
        voice = voice && joined_before;
        fax = true;
      }
      joined_before = label != PhoneLabel::kNone && joined;
      at = end;
    }
  }

  void keep(PhoneMention mention) { found_.push_back(std::move(mention)); }

  std::string_view text_;
  std::string_view region_;
  std::vector<PhoneMention> found_;
};

}  // namespace

std::vector<PhoneMention> find_phones(std::string_view text, std::string_view region) {
  return Finder(text, region).find();
}

}  // namespace placer
