// Telephone numbers as publishers write them, turned into E.164 (libphonenumber).
//
// Pure, safe for concurrent use. The first call loads the numbering plans: some 5 ms, 4 MB.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

struct Phone {
  std::string e164;       // "+493012345678"
  std::string extension;  // digits; empty when there is none
  bool fax = false;       // labelled as a fax number

  bool operator==(const Phone&) const = default;
};

// The valid numbers in `text`, in order, none twice, ten at most. `region` (ISO 3166-1 alpha-2)
// says how national numbers are meant; empty: only international ones are understood.
//
// Several numbers stand apart by ';', '|', ',', '/', "or" and its translations, or by labels
// ("Tel.", "Fax", "Mobil"); "02/633.17.59" stays one, because its parts are no numbers. Reads
// RFC 3966 ("tel:"), labels, vanity letters ("1-800-FLOWERS") and full-width digits. What is no
// valid number gives nothing.
std::vector<Phone> parse_phones(std::string_view text, std::string_view region);

// What a word before or behind a number says of it, in many languages: "Tel", "Fax".
enum class PhoneLabel { kNone, kPhone, kFax };
PhoneLabel phone_label(std::string_view word);

// A telephone number in running text.
struct PhoneMention {
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  std::string e164;  // empty: labelled as a number, but none that the region knows
  std::string extension;
  bool labelled = false;  // a word such as "Tel." says what it is
  bool fax = false;       // labelled as a fax number
  bool voice = true;      // not labelled as a fax number only
};

// The numbers in a text of several lines, in order, at most 300; each as often as it stands there.
// What looks like a date, a price or the like is none. Numbers as North America writes them
// ("206-588-2075") need no region, nor do international ones; others are read in `region`. Numbers
// are looked for by their shape first, so text without any costs next to nothing; linear.
std::vector<PhoneMention> find_phones(std::string_view text, std::string_view region);

}  // namespace placer
