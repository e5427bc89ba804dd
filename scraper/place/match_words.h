// Words of names and streets, and how alike two texts are. All words are folded() ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace placer {

enum class NameWord : std::uint8_t {
  kTelling,  // what a place is known by
  kGeneric,  // what it is: "restaurant", "hotel"
  kJoining,  // "the", "und", "de"
  kLegal,    // "gmbh", "ltd"
};
NameWord kind_of_name_word(std::string_view word);

// "saint" and "sankt" are "st", spelled numbers digits: "second" and "2nd" are "2th".
std::string canonical_name_word(std::string_view word);

// The one form of a word for a kind of street: "avenue" and "av" are "ave". Empty: it is none.
std::string_view street_type(std::string_view word);

// "w" and "west" are "west". Empty: no direction.
std::string_view street_direction(std::string_view word);

// "between", "near": what follows describes where the street is.
bool ends_street(std::string_view word);
// "suite", "apt": a unit's number follows.
bool names_unit(std::string_view word);

// Jaro-Winkler similarity of bytes, 0 ... 1; of longer texts the first 64 bytes count.
double jaro_winkler(std::string_view a, std::string_view b);

// 1: the same word; 0: another. Spelling mistakes and abbreviations ("deli", "delicatessen") are
// between. Words with digits are the same or not.
double word_likeness(std::string_view a, std::string_view b);

}  // namespace placer
