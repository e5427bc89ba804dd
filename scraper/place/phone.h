// Telephone numbers as publishers write them, turned into E.164 (libphonenumber).
//
// Pure, safe for concurrent use. The first call loads the numbering plans: some 5 ms, 4 MB.
#pragma once

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

}  // namespace placer
