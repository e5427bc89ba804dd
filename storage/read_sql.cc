#include "storage/read_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/database_file.h"
#include "storage/geo.h"
#include "storage/moment.h"

namespace placer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLongestValue = 64 << 20;
constexpr int kLongestStatement = 1 << 20;
constexpr int kInstructionsBetweenLooks = 10'000;

// Pragmas that only tell something, and only without an argument that would set it.
bool is_reading_pragma(const char* name, const char* argument) {
  constexpr std::array kAlways = {"table_info", "table_xinfo", "table_list",      "index_list",
                                  "index_info", "index_xinfo", "foreign_key_list"};
  constexpr std::array kBare = {"data_version", "user_version", "application_id", "page_count",
                                "page_size",    "encoding",     "compile_options"};
  const auto is_name = [name](const char* known) { return sqlite3_stricmp(name, known) == 0; };
  return std::ranges::any_of(kAlways, is_name) ||
         (argument == nullptr && std::ranges::any_of(kBare, is_name));
}

int allow_reading(void*, int action, const char* first, const char* second, const char*,
                  const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return sqlite3_stricmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
      return is_reading_pragma(first, second) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

int is_overdue(void* deadline) {
  return Clock::now() > *static_cast<const Clock::time_point*>(deadline) ? 1 : 0;
}

SqlValue value_of(sqlite3_stmt* statement, int column) {
  const auto size = [&] {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text == nullptr ? "" : text, size());
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return SqlBlob{std::string(bytes == nullptr ? "" : bytes, size())};
    }
    default:
      return std::monostate();
  }
}

class ReadStatement {
 public:
  explicit ReadStatement(Database& db) : db_(db.raw()) {}
  ~ReadStatement() { sqlite3_finalize(statement_); }
  ReadStatement(const ReadStatement&) = delete;
  ReadStatement& operator=(const ReadStatement&) = delete;

  Result<void> prepare(std::string_view sql) {
    if (sql.size() > kLongestStatement) return wrong("longer than 1 MiB");
    const char* rest = nullptr;
    const int code =
        sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement_, &rest);
    if (code == SQLITE_AUTH) return wrong("only reading this database is allowed here");
    if (code != SQLITE_OK) return wrong(sqlite3_errmsg(db_));
    if (statement_ == nullptr) return wrong("there is no statement in it");
    const std::string_view behind(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
    if (behind.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
      return wrong("one statement at a time");
    }
    if (sqlite3_stmt_readonly(statement_) == 0) {
      return wrong("only reading this database is allowed here");
    }
    return {};
  }

  Result<std::uint64_t> run(const SqlVisitor& visit) {
    const int count = sqlite3_column_count(statement_);
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.emplace_back(sqlite3_column_name(statement_, i));
    visit.columns(names);
    std::vector<SqlValue> values(names.size());
    std::uint64_t rows = 0;
    for (;;) {
      const int code = sqlite3_step(statement_);
      if (code == SQLITE_DONE) return rows;
      if ((code & 0xff) == SQLITE_INTERRUPT) return wrong("took too long and was ended");
      if (code != SQLITE_ROW) return wrong(sqlite3_errmsg(db_));
      for (int i = 0; i < count; ++i) {
        values[static_cast<std::size_t>(i)] = value_of(statement_, i);
      }
      ++rows;
      if (!visit.row(values)) return rows;
    }
  }

 private:
  static tl::unexpected<Error> wrong(const std::string& why) {
    return fail(ErrorCode::kInvalidArgument, "the statement: " + why);
  }

  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

Result<std::uint64_t> read_sql(const std::string& path, std::string_view sql,
                               std::chrono::milliseconds most, const SqlVisitor& visit) {
  auto opened = open_for_reading(path);
  if (!opened) return tl::unexpected(opened.error());
  Database& db = **opened;
  add_geo_functions(db);
  add_hours_functions(db);
  // Virtual tables set themselves up, when they are first used, in ways that look like writing.
  db.exec(
      "SELECT 1 FROM place_text, place_geo, json_each('[]'), json_tree('[]'),"
      " pragma_table_list, pragma_table_info('x'), pragma_table_xinfo('x'), pragma_index_list('x'),"
      " pragma_index_info('x'), pragma_foreign_key_list('x') LIMIT 0",
      "opening the indexes");
  if (auto status = db.status(); !status) return tl::unexpected(status.error());
  sqlite3_limit(db.raw(), SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_limit(db.raw(), SQLITE_LIMIT_ATTACHED, 0);
  Clock::time_point deadline = Clock::now() + most;
  sqlite3_progress_handler(db.raw(), kInstructionsBetweenLooks, is_overdue, &deadline);
  sqlite3_set_authorizer(db.raw(), allow_reading, nullptr);
  ReadStatement statement(db);
  if (auto ready = statement.prepare(sql); !ready) return tl::unexpected(ready.error());
  return statement.run(visit);
}

}  // namespace placer
