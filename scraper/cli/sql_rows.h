// Rows of a SELECT on the terminal, and lists of columns as people write them.
#pragma once

#include <chrono>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace placer::cli {

// Runs `sql` (storage/read_sql.h), shows its rows as a table or as JSON, an object per line, and
// returns the exit status.
int show_sql_rows(const std::string& database, const std::string& sql,
                  std::chrono::milliseconds most, bool json);

// "name,addr:city" -> {"name", "addr_city"}, each of them `known` and once; the error is a message
// for people.
tl::expected<std::vector<std::string>, std::string> chosen_columns(
    const std::string& text, const std::vector<std::string>& known);

}  // namespace placer::cli
