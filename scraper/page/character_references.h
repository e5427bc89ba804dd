// Character references of HTML (HTML standard, section 13.2.5.72).
#pragma once

#include <string>
#include <string_view>

namespace placer {

// What a reference in text or in an attribute's value stands for, in UTF-8: "&eacute;" is "é", and
// "&noentity;" itself. `reference` begins with '&' and has all letters and digits after it, its ';'
// if it has one, and in an attribute a '=' that follows.
//
// Gumbo is asked once for each, and each thread remembers the answers: null for what is too long to
// be one, and when the thread has seen thousands of them. The result holds as long as the thread.
const std::string* read_reference(std::string_view reference, bool in_attribute);

}  // namespace placer
