// What two databases of one job hold differently. Left out is what depends on when and in which
// order things happened: times, durations, row ids that count up, and by which link a page was
// found first (found_on, depth, redirects). What remains must be equal on every backend, and
// equal again after kills and resumes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/result.h"

namespace placer {

// One row that is not the same in both.
struct DifferingRow {
  std::string key;     // of the row, for people: "https://example.org/a", "17, phone"
  std::string column;  // the first that differs; empty: the row is in one of the two only
  std::optional<std::string> first;  // its value; of a row in one only: set where it is
  std::optional<std::string> second;
};

struct TableDifference {
  std::string table;
  std::uint64_t rows = 0;              // that differ, or are in one of the two only; > 0
  std::vector<DifferingRow> examples;  // the first of them by key
};

// The tables compared: those that hold results, and the account of what was filtered.
std::vector<std::string_view> compared_tables();

// Streams both databases in order of key: memory for two rows and `examples` of each table. Empty:
// they are equal. kStorage when a file is missing, foreign or of another version.
Result<std::vector<TableDifference>> compare_databases(const std::string& first,
                                                       const std::string& second,
                                                       std::size_t examples = 5);

}  // namespace placer
