#include "storage/database_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "storage/schema.h"
#include "storage/seen_store.h"

namespace placer {
namespace {

struct Migration {
  int version;  // of the schema it leads to
  const char* sql;
  void (*finish)(Database&);  // what SQL cannot do; may be null
};

// In order; a database of version n runs those above n. A new one is made by the schema itself.
const std::array kMigrations = {Migration{2, kMigration2Sql, nullptr},
                                Migration{3, kMigration3Sql, import_seen},
                                Migration{4, kMigration4Sql, nullptr}};

struct Header {
  std::int64_t application_id = 0;
  std::int64_t version = 0;
  std::int64_t tables = 0;
};

Result<Header> read_header(Database& db) {
  Header header;
  for (auto [sql, value] : {std::pair{"PRAGMA application_id", &header.application_id},
                            std::pair{"PRAGMA user_version", &header.version},
                            std::pair{"SELECT count(*) FROM sqlite_schema", &header.tables}}) {
    Statement statement(db, sql, "reading the header");
    if (statement.first()) *value = statement.integer(0);
  }
  if ((db.code() & 0xff) == SQLITE_NOTADB) {
    (void)db.status();
    return fail(ErrorCode::kStorage, db.path() + ": not an SQLite database; nothing was changed");
  }
  if (auto status = db.status(); !status) return tl::unexpected(status.error());
  return header;
}

struct Look {
  std::unique_ptr<Database> db;
  Header header;
};

// Opens for reading and reads the header. A folder that is not writable has no room for the memory
// that readers share; nobody writes there, so the file may be taken as immutable.
//
// `may_recover`: a database whose first run was killed while it switched to write-ahead logging
// still has a rollback journal, which only a connection that may write can play back.
Result<Look> look_at(const std::string& path, bool may_recover) {
  std::error_code error;
  const auto folder = std::filesystem::absolute(path, error).parent_path();
  const bool immutable =
      ::access(folder.c_str(), W_OK) != 0 && !std::filesystem::exists(path + "-wal", error);
  const bool recovers = may_recover && std::filesystem::exists(path + "-journal", error);
  auto db = Database::open(path, recovers    ? Access::kWrite
                                 : immutable ? Access::kImmutable
                                             : Access::kRead);
  if (!db) return tl::unexpected(db.error());
  auto header = read_header(**db);
  if (!header) return tl::unexpected(header.error());
  return Look{std::move(*db), *header};
}

bool is_empty(const Header& header) { return header.application_id == 0 && header.tables == 0; }

Result<void> check_ours(const std::string& path, const Header& header) {
  if (header.application_id != kApplicationId) {
    return fail(ErrorCode::kStorage,
                path + ": an SQLite database of another program; nothing was changed");
  }
  if (header.version > kSchemaVersion) {
    return fail(ErrorCode::kStorage,
                fmt::format("{}: written by a newer placer (schema {}, this program knows {})",
                            path, header.version, kSchemaVersion));
  }
  return {};
}

Result<void> migrate(Database& db, std::int64_t from) {
  Transaction transaction(db);
  if (from == 0) db.exec(kSchemaSql, "creating the schema");
  for (const Migration& migration : kMigrations) {
    if (from == 0 || migration.version <= from) continue;
    db.exec(migration.sql, "migrating the schema");
    if (migration.finish != nullptr) migration.finish(db);
  }
  db.exec(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId,
                      kSchemaVersion)
              .c_str(),
          "marking the schema's version");
  return transaction.commit();
}

void set_pragmas(Database& db, Durability durability) {
  db.exec(
      "PRAGMA foreign_keys=ON; PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY;"
      "PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=4000;"
      "PRAGMA journal_size_limit=67108864",
      "setting up the connection");
  db.exec(durability == Durability::kFull ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
          "setting the durability");
}

// The same lock by whatever name the file is called.
std::string lock_path(const std::string& database_path) {
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(database_path, error);
  return (error ? database_path : path.string()) + ".lock";
}

std::string holder(int fd) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size() - 1, 0);
  const std::string_view digits(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t end = digits.find_first_not_of("0123456789");
  const std::string_view pid = digits.substr(0, end);
  return pid.empty() ? "" : fmt::format(" (process {})", pid);
}

}  // namespace

RunLock::RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunLock::~RunLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<RunLock> RunLock::take(const std::string& database_path) {
  const std::string path = lock_path(database_path);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) {
    return fail(ErrorCode::kStorage,
                fmt::format("{}: opening the lock file: {}", path, std::strerror(errno)));
  }
  RunLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::kLocked,
                  fmt::format("{}: another run holds the database{}", database_path, holder(fd)));
    }
    return fail(ErrorCode::kStorage, fmt::format("{}: locking: {}", path, std::strerror(errno)));
  }
  // The process id is for people; the lock holds without it, on a full disk too.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) < 0) errno = 0;
  return lock;
}

Result<void> check_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  auto look = look_at(path, true);
  if (!look) return tl::unexpected(look.error());
  return is_empty(look->header) ? Result<void>() : check_ours(path, look->header);
}

Result<std::unique_ptr<Database>> open_for_writing(const StorageOptions& options) {
  auto db = Database::open(options.path, Access::kWrite);
  if (!db) return db;
  (*db)->exec("PRAGMA journal_mode=WAL", "switching to write-ahead logging");
  set_pragmas(**db, options.durability);
  auto header = read_header(**db);
  if (!header) return tl::unexpected(header.error());
  if (header->version < kSchemaVersion) {
    if (auto done = migrate(**db, header->version); !done) return tl::unexpected(done.error());
  }
  return db;
}

Result<std::unique_ptr<Database>> open_for_reading(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(ErrorCode::kStorage, path + ": no such database; 'placer run' writes one");
  }
  auto look = look_at(path, false);
  if (!look) return tl::unexpected(look.error());
  auto& [db, header] = *look;
  if (auto ours = check_ours(path, header); !ours) return tl::unexpected(ours.error());
  if (header.version < kSchemaVersion) {
    return fail(ErrorCode::kStorage,
                fmt::format("{}: of an older placer (schema {}); `placer run` migrates it", path,
                            header.version));
  }
  db->exec("PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384",
           "setting up the connection");
  if (auto status = db->status(); !status) return tl::unexpected(status.error());
  return std::move(db);
}

}  // namespace placer
