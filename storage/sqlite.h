// SQLite's C API as owned objects whose failures stick.
//
// The first failure of any statement stays with its Database; until status() takes it, later
// statements do nothing and yield no rows. So a sequence of statements is written straight down
// and checked once, where it ends: in Transaction::commit() or status(). Every Error is kStorage
// and says which file, what was being done and what SQLite answered.
//
// Thread safety: a Database and its Statements are confined to one thread. Never across a fork.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/result.h"

namespace placer {

enum class Access : std::uint8_t {
  kWrite,      // creates the file when it is missing
  kRead,       // sees a consistent state while another process writes
  kImmutable,  // for files on read-only media, which nobody writes
};

// Bytes that are bound as a BLOB.
struct Blob {
  std::string_view bytes;
};

class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const std::string& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs one or more statements without parameters; `action` names them in an Error.
  void exec(const char* sql, const char* action);

  // The first failure since the last call, and forgets it.
  Result<void> status();
  bool ok() const { return code_ == SQLITE_OK; }
  int code() const { return code_; }  // extended result code of the failure that sticks

  void note(int code, const char* action);  // records a failure
  sqlite3* raw() const { return db_; }
  const std::string& path() const { return path_; }

 private:
  Database(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}

  std::string path_;
  sqlite3* db_ = nullptr;
  int code_ = SQLITE_OK;
  std::string message_;
};

// A prepared statement. Text and blobs are bound without a copy: they must live until the
// statement has run. Views of columns live until the next step or reset.
class Statement {
 public:
  // `action` must be a literal: "storing a page".
  Statement(Database& db, std::string_view sql, const char* action);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  // Binds all parameters in order and runs to the end; result rows are dropped.
  template <class... T>
  void run(const T&... values) {
    start();
    (add(values), ...);
    while (next()) {
    }
  }

  // Binds all parameters and steps once: `for (bool row = s.first(x); row; row = s.next())`.
  // Whoever leaves such a loop early calls reset().
  template <class... T>
  bool first(const T&... values) {
    start();
    (add(values), ...);
    return next();
  }

  // The same in pieces, for parameters that come from a loop.
  void start();
  void add(std::nullopt_t);
  void add(double value);  // NaN binds NULL
  void add(std::string_view value);
  void add(Blob value);
  void add(const std::string& value) { add(std::string_view(value)); }
  void add(const char* value) { add(std::string_view(value)); }
  void add(std::integral auto value) { add_integer(static_cast<std::int64_t>(value)); }
  template <class T>
  void add(const std::optional<T>& value) {
    value ? add(*value) : add(std::nullopt);
  }
  bool next();  // true: a row is there; false: done or failed, and reset
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  double real(int column) const;
  std::string_view text(int column) const;   // empty for NULL
  std::string_view bytes(int column) const;  // of a BLOB
  std::string string(int column) const { return std::string(text(column)); }
  std::optional<std::string> optional_string(int column) const;

  sqlite3_stmt* raw() const { return statement_; }

 private:
  void add_integer(std::int64_t value);

  Database* db_;
  sqlite3_stmt* statement_ = nullptr;
  const char* action_;
  int bound_ = 0;
};

// BEGIN IMMEDIATE ... COMMIT. Rolls back unless committed, leaving the database usable.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // The first failure since the transaction began; everything is undone then.
  [[nodiscard]] Result<void> commit();

 private:
  Database* db_;
  bool open_ = true;
};

// Empty is "not stated" in the web's values and NULL in the database.
inline std::optional<std::string_view> or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// Of the library that is running: "3.40.1".
std::string_view sqlite_version();

}  // namespace placer
