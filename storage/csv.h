// Comma-separated values that a spreadsheet opens without running any of them.
#pragma once

#include <string>
#include <string_view>

namespace placer {

// A CSV cell: quoted where RFC 4180 section 2 asks for it, and with a leading ' where a spreadsheet
// would take the text for a formula: it begins, behind white space, with = + - @, their full-width
// forms, TAB, CR or LF. That goes for telephone numbers ("+49...") too.
std::string csv_cell(std::string_view text);

// Only quoted: byte for byte what it was for every reader of CSV.
std::string csv_cell_raw(std::string_view text);

}  // namespace placer
