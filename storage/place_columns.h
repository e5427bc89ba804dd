// A Place as columns of SQL and as JSON, both built from the one list in place.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scraper/place/place.h"
#include "storage/sqlite.h"

namespace placer {

const std::vector<std::string>& place_field_names();

// "name, branch, ..." with `prefix` before and `suffix` after each name: "p.name, p.branch".
std::string place_field_list(std::string_view prefix = "", std::string_view suffix = "");

// "?, ?, ?" for as many parameters.
std::string parameters(std::size_t count);

void add_place(Statement& statement, const Place& place);

// Reads columns [first, first + place_field_names().size()).
Place read_place(const Statement& statement, int first);

// Fields that are absent are absent as keys. Bytes that are not UTF-8 become U+FFFD, so that
// place_of_json(place_json(p)) == p for all valid UTF-8.
std::string place_json(const Place& place);
Place place_of_json(std::string_view json);

}  // namespace placer
