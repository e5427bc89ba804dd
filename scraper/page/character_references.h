// Character references of HTML (HTML standard, section 13.2.5.72).
#pragma once

#include <string>
#include <string_view>

namespace placer {

// What a reference in text or in an attribute's value stands for, in UTF-8: "&eacute;" is "é", and
// "&noentity;" itself. `reference` begins with '&' and has all letters and digits after it, its ';'
// if it has one, and in an attribute a '=' that follows.
//
// Gumbo is asked, by a parse of its own, and each thread remembers some thousands of answers. Null
// for what is too long to be a reference, and when that parse fails. Holds until the next call.
// REQUIRES: no parse of Gumbo is under way on this thread.
const std::string* read_reference(std::string_view reference, bool in_attribute);

}  // namespace placer
