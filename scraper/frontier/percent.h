// Percent-encoding (RFC 3986 section 2, URL Standard section 1.3) and the octets under it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace placer {

// The percent-encode sets of the URL Standard that http and https URLs need. Octets from 0x80 and
// C0 controls are in each of them.
enum class PercentSet : std::uint8_t {
  kFragment = 1,
  kQuery = 2,  // special-query
  kPath = 4,
  kUserinfo = 8,
};

bool in_percent_set(PercentSet set, char octet);

// Letters, digits, '-', '.', '_' and '~' (RFC 3986 section 2.3): the same with and without
// encoding.
bool is_unreserved(char octet);

char ascii_lower(char c);
bool equal_ignoring_ascii_case(std::string_view a, std::string_view b);

// The octet that "%hh" at `at` stands for; -1 where there is no such triplet.
int percent_triplet(std::string_view text, std::size_t at);

// "%HH".
void append_percent_triplet(char octet, std::string& out);

// Encodes the octets in `set`; what is encoded already stays as it is written.
void append_percent_encoded(std::string_view text, PercentSet set, std::string& out);

// Each triplet becomes its octet; a '%' that begins none stays.
std::string percent_decoded(std::string_view text);

// RFC 3986 section 6.2.2: triplets of unreserved octets decoded, the others in upper case. No octet
// is decoded into a triplet ("%4%41"), so that doing it twice changes nothing.
void append_evened_out(std::string_view text, std::string& out);

// UTF-8 with U+FFFD for each ill-formed sequence (Encoding Standard, "UTF-8 decode without BOM").
void append_well_formed_utf8(std::string_view text, std::string& out);

bool is_ascii(std::string_view text);

}  // namespace placer
