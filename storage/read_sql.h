// SQL that somebody wrote, run on a database that it cannot change.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scraper/result.h"

namespace placer {

struct SqlBlob {
  std::string bytes;
};
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob>;

struct SqlVisitor {
  std::function<void(const std::vector<std::string>&)> columns;  // names, once, before the rows
  // False: no more rows are wanted.
  std::function<bool(const std::vector<SqlValue>&)> row;
};

// Runs the one statement `sql` and returns how many rows it had. It may read the tables and views
// of the database at `path`, and no other file; distance_m() and open_at() are there. A statement
// that takes longer than `most` is ended, as is one that makes values beyond 64 MiB. Errors are
// kStorage when the database cannot be read, kInvalidArgument when it is the statement's fault.
Result<std::uint64_t> read_sql(const std::string& path, std::string_view sql,
                               std::chrono::milliseconds most, const SqlVisitor& visit);

}  // namespace placer
