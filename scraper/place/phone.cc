#include "scraper/place/phone.h"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "scraper/frontier/percent.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kMaxText = 500;  // bytes looked at
constexpr std::size_t kMaxPhones = 10;
constexpr std::size_t kFewestDigits = 5;  // of a piece that can be a number by itself

const PhoneNumberUtil& numbering_plans() {
  static const PhoneNumberUtil& plans = []() -> const PhoneNumberUtil& {
    const PhoneNumberUtil& instance = *PhoneNumberUtil::GetInstance();
    // The library writes to stdout by default. It keeps this pointer for good.
    static NullLogger silent;
    i18n::phonenumbers::Logger::set_logger_impl(&silent);
    return instance;
  }();
  return plans;
}

// In many languages.
enum class WordKind { kOther, kLabel, kFax, kOr, kExtension };

struct Word {
  std::string_view text;  // lower case
  WordKind kind;
};

constexpr Word kWords[] = {
    {"tel", WordKind::kLabel},
    {"tél", WordKind::kLabel},
    {"telefon", WordKind::kLabel},
    {"telefono", WordKind::kLabel},
    {"teléfono", WordKind::kLabel},
    {"telefone", WordKind::kLabel},
    {"telephone", WordKind::kLabel},
    {"téléphone", WordKind::kLabel},
    {"phone", WordKind::kLabel},
    {"ph", WordKind::kLabel},
    {"mobile", WordKind::kLabel},
    {"mobil", WordKind::kLabel},
    {"mob", WordKind::kLabel},
    {"móvil", WordKind::kLabel},
    {"movil", WordKind::kLabel},
    {"cell", WordKind::kLabel},
    {"handy", WordKind::kLabel},
    {"fijo", WordKind::kLabel},
    {"gsm", WordKind::kLabel},
    {"whatsapp", WordKind::kLabel},
    {"office", WordKind::kLabel},
    {"тел", WordKind::kLabel},
    {"телефон", WordKind::kLabel},
    {"моб", WordKind::kLabel},
    {"τηλ", WordKind::kLabel},
    {"τηλέφωνο", WordKind::kLabel},
    {"telefoon", WordKind::kLabel},
    {"telefoni", WordKind::kLabel},
    {"telefonas", WordKind::kLabel},
    {"telefonszám", WordKind::kLabel},
    {"telefonnummer", WordKind::kLabel},
    {"telefonummer", WordKind::kLabel},
    {"rufnummer", WordKind::kLabel},
    {"fon", WordKind::kLabel},
    {"festnetz", WordKind::kLabel},
    {"mobiltelefon", WordKind::kLabel},
    {"mobiili", WordKind::kLabel},
    {"mobiel", WordKind::kLabel},
    {"mobilni", WordKind::kLabel},
    {"celular", WordKind::kLabel},
    {"cellulare", WordKind::kLabel},
    {"cep", WordKind::kLabel},
    {"tlf", WordKind::kLabel},
    {"tfno", WordKind::kLabel},
    {"telf", WordKind::kLabel},
    {"tfn", WordKind::kLabel},
    {"puh", WordKind::kLabel},
    {"puhelin", WordKind::kLabel},
    {"portable", WordKind::kLabel},
    {"telephones", WordKind::kLabel},
    {"phones", WordKind::kLabel},
    {"hotline", WordKind::kLabel},
    {"freephone", WordKind::kLabel},
    {"landline", WordKind::kLabel},
    {"電話", WordKind::kLabel},
    {"电话", WordKind::kLabel},
    {"電話番号", WordKind::kLabel},
    {"전화", WordKind::kLabel},
    {"fax", WordKind::kFax},
    {"telefax", WordKind::kFax},
    {"faks", WordKind::kFax},
    {"facsimile", WordKind::kFax},
    {"télécopie", WordKind::kFax},
    {"télécopieur", WordKind::kFax},
    {"faksi", WordKind::kFax},
    {"φαξ", WordKind::kFax},
    {"传真", WordKind::kFax},
    {"факс", WordKind::kFax},
    {"or", WordKind::kOr},
    {"oder", WordKind::kOr},
    {"ou", WordKind::kOr},
    {"und", WordKind::kOr},
    {"and", WordKind::kOr},
    {"et", WordKind::kOr},
    {"y", WordKind::kOr},
    {"of", WordKind::kOr},
    {"o", WordKind::kOr},
    {"oppure", WordKind::kOr},
    {"lub", WordKind::kOr},
    {"nebo", WordKind::kOr},
    {"eller", WordKind::kOr},
    {"og", WordKind::kOr},
    {"och", WordKind::kOr},
    {"tai", WordKind::kOr},
    {"vagy", WordKind::kOr},
    {"sau", WordKind::kOr},
    {"или", WordKind::kOr},
    {"e", WordKind::kOr},
    {"en", WordKind::kOr},
    {"ext", WordKind::kExtension},
    {"extn", WordKind::kExtension},
    {"extension", WordKind::kExtension},
    {"x", WordKind::kExtension},
    {"int", WordKind::kExtension},
    {"доб", WordKind::kExtension},
    {"anexo", WordKind::kExtension},
    {"durchwahl", WordKind::kExtension},
    {"dw", WordKind::kExtension},
    {"poste", WordKind::kExtension},
    {"interno", WordKind::kExtension},
    {"wew", WordKind::kExtension},
    {"linka", WordKind::kExtension},
    {"ramal", WordKind::kExtension},
    {"anknytning", WordKind::kExtension},
};

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

std::size_t digit_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// Full-width digits and signs (U+FF01 to U+FF5E) are the ASCII ones in wide cells.
std::string narrow(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\xEF' && i + 2 < text.size()) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      const auto third = static_cast<unsigned char>(text[i + 2]);
      const unsigned point = 0xF000U | ((second & 0x3FU) << 6U) | (third & 0x3FU);
      if (point >= 0xFF01 && point <= 0xFF5E) {
        out += static_cast<char>(point - 0xFF01 + '!');
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

struct WordAt {
  std::size_t begin;
  std::size_t end;
  WordKind kind;
};

std::optional<WordAt> next_word(std::string_view text, std::size_t from) {
  while (from < text.size() && !is_letter(text[from])) ++from;
  if (from == text.size()) return std::nullopt;
  std::size_t end = from;
  while (end < text.size() && is_letter(text[end])) ++end;
  const std::string word = lower_ascii(text.substr(from, end - from));
  WordAt found{from, end, WordKind::kOther};
  for (const Word& known : kWords) {
    if (known.text != word) continue;
    found.kind = known.kind;
    break;
  }
  return found;
}

struct Piece {
  std::string_view text;
  bool fax = false;
};

// Cut before labels and at words like "or"; the labels themselves are left out.
std::vector<Piece> cut_at_words(std::string_view text) {
  std::vector<Piece> pieces;
  Piece current{text.substr(0, 0), false};
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    current.text = text.substr(begin, end - begin);
    if (digit_count(current.text) > 0) pieces.push_back(current);
  };
  for (std::size_t from = 0;;) {
    const auto word = next_word(text, from);
    if (!word) break;
    from = word->end;
    if (word->kind == WordKind::kOther || word->kind == WordKind::kExtension) continue;
    close(word->begin);
    begin = word->end;
    if (word->kind != WordKind::kOr) current.fax = word->kind == WordKind::kFax;
  }
  close(text.size());
  return pieces;
}

// A number's digits, and the '+' before them, where nothing but plain signs stands between: the
// numbering plans read them alike, and sooner. Else the text itself.
std::string without_signs(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() > kLongest || digit_count(text) < kFewestDigits) return std::string(text);
  std::string digits;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) {
      digits += c;
    } else if (std::string_view(" -.()/").find(c) == std::string_view::npos) {
      return std::string(text);
    }
  }
  return digits;
}

// What `written` says, by the numbering plans. A call costs some 20 us.
std::optional<Phone> ask_numbering_plans(const std::string& written, const std::string& region) {
  PhoneNumber number;
  if (numbering_plans().Parse(written, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
      !numbering_plans().IsValidNumber(number)) {
    return std::nullopt;
  }
  Phone phone;
  numbering_plans().Format(number, PhoneNumberUtil::E164, &phone.e164);
  phone.extension = number.extension();
  return phone;
}

// The answers asked for last: a site has its number on every page, a page in several formats.
class Answers {
 public:
  const std::optional<Phone>& to(std::string written, std::string_view region) {
    const std::hash<std::string_view> hash_of;
    const std::size_t hash = hash_of(written) * 31 + hash_of(region);
    Answer& answer = answers_[hash % answers_.size()];
    if (answer.written != written || answer.region != region) {
      answer.written = std::move(written);
      answer.region = region;
      answer.phone = ask_numbering_plans(answer.written, answer.region);
    }
    return answer.phone;
  }

 private:
  struct Answer {
    std::string written;  // empty: none yet
    std::string region;
    std::optional<Phone> phone;
  };
  std::array<Answer, 128> answers_;
};

std::optional<Phone> as_written(std::string_view text, std::string_view region) {
  thread_local Answers answers;
  std::string written = without_signs(text);
  if (written.empty()) return std::nullopt;
  // Without a region only what begins with '+' is a number.
  const bool national = written.find_first_not_of("0123456789") == std::string::npos;
  if (national && region.empty()) return std::nullopt;
  return answers.to(std::move(written), region.empty() ? std::string_view("ZZ") : region);
}

// One number. Words after the digits are a remark ("030 1234567 nur vormittags"), unless only
// with them, as vanity letters, it is a number.
std::optional<Phone> single(std::string_view text, std::string_view region) {
  text = trimmed(text);
  if (text.starts_with(':') || text.starts_with('.')) text = trimmed(text.substr(1));
  const std::size_t first_digit = text.find_first_of("+0123456789");
  if (first_digit == std::string_view::npos) return std::nullopt;
  const auto word = next_word(text, first_digit);
  if (word && word->kind == WordKind::kOther) {
    if (auto phone = as_written(text.substr(0, word->begin), region)) return phone;
  }
  if (auto phone = as_written(text, region)) return phone;
  // "0049..." is how most of the world dials abroad, whatever the region.
  const std::string_view number = text.substr(first_digit);
  if (region.empty() && number.starts_with("00")) {
    return as_written("+" + std::string(number.substr(2)), region);
  }
  return std::nullopt;
}

class Collector {
 public:
  explicit Collector(std::string_view region) : region_(region) {}

  void add(const Piece& piece) {
    if (add_parts(piece)) return;
    if (auto phone = single(piece.text, region_)) keep(std::move(*phone), piece.fax);
  }

  std::vector<Phone> phones() && { return std::move(phones_); }

 private:
  // "a / b", "a, b": several numbers if each part is one by itself. A short part makes it one
  // number ("030/1234567").
  bool add_parts(const Piece& piece) {
    const auto parts = split_any(piece.text, "/,");
    if (parts.size() < 2) return false;
    std::vector<Phone> found;
    for (const std::string_view part : parts) {
      if (digit_count(part) < kFewestDigits) continue;
      auto phone = single(part, region_);
      if (!phone) return false;
      found.push_back(std::move(*phone));
    }
    if (found.empty() || (found.size() < 2 && single(piece.text, region_))) return false;
    for (Phone& phone : found) keep(std::move(phone), piece.fax);
    return true;
  }

  void keep(Phone phone, bool fax) {
    phone.fax = fax;
    const bool known = std::any_of(phones_.begin(), phones_.end(),
                                   [&](const Phone& other) { return other.e164 == phone.e164; });
    if (!known && phones_.size() < kMaxPhones) phones_.push_back(std::move(phone));
  }

  std::string_view region_;
  std::vector<Phone> phones_;
};

}  // namespace

PhoneLabel phone_label(std::string_view word) {
  const std::string lower = lower_ascii(word);
  for (const Word& known : kWords) {
    if (known.text != lower) continue;
    if (known.kind == WordKind::kFax) return PhoneLabel::kFax;
    if (known.kind == WordKind::kLabel) return PhoneLabel::kPhone;
  }
  return PhoneLabel::kNone;
}

std::vector<Phone> parse_phones(std::string_view text, std::string_view region) {
  text = trimmed(text);
  if (text.size() > kMaxText) {  // not in the middle of a number
    const std::size_t end = text.substr(0, kMaxText).find_last_of(";|,/\n");
    text = text.substr(0, end == std::string_view::npos ? 0 : end);
  }
  // A URI holds no space; "Tel: 030 ..." is a label.
  const bool tel_uri = lower_ascii(text.substr(0, 4)) == "tel:" &&
                       text.find_first_of(" \t\r\n") == std::string_view::npos;
  const std::string plain = narrow(percent_decoded(text));
  Collector collector(region);
  if (tel_uri) {  // the parameters behind ';' belong to the number
    collector.add({plain, false});
    return std::move(collector).phones();
  }
  for (const std::string_view part : split_any(plain, ";|\n\r\t")) {
    for (const Piece& piece : cut_at_words(part)) collector.add(piece);
  }
  return std::move(collector).phones();
}

}  // namespace placer
