// Telling what a line, or a part of one, says in a postal address.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace placer {

enum class AddressLine {
  kStreet,    // "720 Brazos Street", "Hauptstr. 5", "Rua Direita 8"
  kBox,       // "PO Box 50188", "Postfach 12"
  kRoad,      // "Hall Lane": a street without a number
  kBuilding,  // "Essex House", "Cotes Park"
  kUnit,      // "Suite 110", "3rd Floor", "1º Andar", "Nº 608"
  kName,      // capitalised words: a building, an estate, a city
  kOther,     // anything else: prose, a telephone number
};

// What a part of an address is. A street needs a housenumber and a word or form that streets have;
// `strong` parts are streets by themselves, others only beside a postal code.
struct AddressPart {
  AddressLine line = AddressLine::kOther;
  bool strong = false;
  std::size_t begin = 0;  // where the address begins in the text, past a sentence or name before it
};

AddressPart read_address_part(std::string_view part);

// The end of the street in "1391 Smizer Mill Road Suite 3 Fenton": past its last word for street,
// box or unit and what belongs to it. Nothing when there is none.
std::optional<std::size_t> end_of_street(std::string_view part);

// Capitalised words, at most `most`, that can name a city: no digits, no word of an address.
bool is_place_name(std::string_view text, std::size_t most);

}  // namespace placer
