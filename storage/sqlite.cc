#include "storage/sqlite.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace placer {
namespace {

constexpr int kBusyTimeoutMs = 5000;

// A file name as a URI, so that "?mode=" cannot come from the name itself.
std::string file_uri(const std::string& path, Access access) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  switch (access) {
    case Access::kWrite:
      return uri + "?mode=rwc";
    case Access::kRead:
      return uri + "?mode=ro";
    case Access::kImmutable:
      return uri + "?mode=ro&immutable=1";
  }
  return uri;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access) {
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                              : SQLITE_OPEN_READONLY);
  // Nobody asks how much memory SQLite has in use, and counting it takes a lock at each allocation.
  // Refused without harm where another part of the program has started SQLite before.
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file_uri(path, access).c_str(), &raw, flags, nullptr);
  std::unique_ptr<Database> db(new Database(path, raw));
  db->note(code, "opening the database");
  if (auto status = db->status(); !status) return tl::unexpected(status.error());
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (access != Access::kWrite) {
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  }
  return db;
}

Database::~Database() { sqlite3_close_v2(db_); }

void Database::note(int code, const char* action) {
  const int primary = code & 0xff;
  if (primary == SQLITE_OK || primary == SQLITE_ROW || primary == SQLITE_DONE || !ok()) return;
  code_ = code;
  const char* detail = db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
  message_ = fmt::format("{}: {}: {}", path_, action, detail);
  const int cause = db_ != nullptr ? sqlite3_system_errno(db_) : 0;
  if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) {
    message_ += fmt::format(" ({}code {})",
                            cause != 0 ? std::strerror(cause) + std::string(", ") : "", code);
  } else if (primary == SQLITE_BUSY) {
    message_ += " by another program that writes to it";
  }
}

Result<void> Database::status() {
  if (ok()) return {};
  code_ = SQLITE_OK;
  return fail(ErrorCode::kStorage, std::exchange(message_, {}));
}

void Database::exec(const char* sql, const char* action) {
  if (ok()) note(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), action);
}

Statement::Statement(Database& db, std::string_view sql, const char* action)
    : db_(&db), action_(action) {
  if (!db.ok()) return;
  db.note(sqlite3_prepare_v3(db.raw(), sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &statement_, nullptr),
          action);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_),
      statement_(std::exchange(other.statement_, nullptr)),
      action_(other.action_),
      bound_(other.bound_) {}

void Statement::start() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
  bound_ = 0;
}

void Statement::add(std::nullopt_t) {
  if (db_->ok()) db_->note(sqlite3_bind_null(statement_, ++bound_), action_);
}

void Statement::add(double value) {
  if (db_->ok()) db_->note(sqlite3_bind_double(statement_, ++bound_, value), action_);
}

void Statement::add_integer(std::int64_t value) {
  if (!db_->ok()) return;
  const int code = sqlite3_bind_int64(statement_, ++bound_, value);
  if (code != SQLITE_OK) db_->note(code, action_);
}

void Statement::add(std::string_view value) {
  if (!db_->ok()) return;
  const char* text = value.data() != nullptr ? value.data() : "";  // a null pointer binds NULL
  db_->note(
      sqlite3_bind_text64(statement_, ++bound_, text, value.size(), SQLITE_STATIC, SQLITE_UTF8),
      action_);
}

void Statement::add(Blob value) {
  if (!db_->ok()) return;
  const char* bytes = value.bytes.data() != nullptr ? value.bytes.data() : "";
  db_->note(sqlite3_bind_blob64(statement_, ++bound_, bytes, value.bytes.size(), SQLITE_STATIC),
            action_);
}

bool Statement::next() {
  if (!db_->ok() || statement_ == nullptr) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  db_->note(code, action_);
  sqlite3_reset(statement_);
  return false;
}

void Statement::reset() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Statement::bytes(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::string> Statement::optional_string(int column) const {
  if (is_null(column)) return std::nullopt;
  return string(column);
}

Transaction::Transaction(Database& db) : db_(&db) {
  db.exec("BEGIN IMMEDIATE", "beginning a transaction");
}

Transaction::~Transaction() {
  if (!open_) return;
  // A full disk may have rolled back already.
  if (sqlite3_get_autocommit(db_->raw()) == 0) {
    sqlite3_exec(db_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Result<void> Transaction::commit() {
  db_->exec("COMMIT", "committing a transaction");
  open_ = !db_->ok();
  return db_->status();
}

std::string_view sqlite_version() { return sqlite3_libversion(); }

}  // namespace placer
