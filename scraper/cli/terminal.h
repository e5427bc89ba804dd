// What is shown to people: escaping, units, and whether somebody is watching.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace placer::cli {

// `text` fit for a terminal or a line of a log: control characters (C0, DEL, C1, bidirectional
// overrides) and bytes that are not UTF-8 become escapes such as \x1b and \u202e.
std::string printable(std::string_view text);

// The same, cut to `columns` characters with an ellipsis.
std::string printable(std::string_view text, std::size_t columns);

// JSON as dumped, the same value, fit for a terminal: what printable() escapes is written \u009b
// and the like. Line breaks of an indented dump stay.
std::string printable_json(std::string_view json);

// True when stderr is a terminal that can redraw a line.
bool stderr_is_terminal();
// True when colour is wanted on `fd`: a terminal, and NO_COLOR not set (no-color.org).
bool wants_colour(int fd);
// Columns of the terminal on stderr; 80 when unknown.
std::size_t terminal_columns();
// True when the locale's encoding is UTF-8, by LC_ALL, LC_CTYPE or LANG.
bool speaks_utf8();

std::string human_duration(std::chrono::milliseconds duration);  // "850 ms", "12.3 s", "4 min 10 s"
std::string human_count(std::uint64_t count);                    // "12,345"
std::string counted(std::uint64_t count, std::string_view noun);  // "1 place", "2 places"
std::string human_bytes(std::uint64_t bytes);                     // "1.2 MiB"

}  // namespace placer::cli
