// Which files are opened, and by whom.
#include "storage/database_file.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "storage/query.h"
#include "storage/schema.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using ::testing::HasSubstr;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Error refusal(const std::string& path) {
  auto storage = SqliteStorage::open(path, {path, Durability::kNormal});
  EXPECT_FALSE(storage);
  return storage ? Error{} : storage.error();
}

TEST(DatabaseFileTest, RefusesASecondRunAndNamesTheFirst) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  auto first = open_storage(path);
  std::filesystem::create_symlink(path, folder / "alias.db");
  for (const char* name : {"cafes.db", "alias.db"}) {
    const Error error = refusal(folder / name);
    EXPECT_EQ(error.code, ErrorCode::kLocked);
    EXPECT_THAT(error.message, HasSubstr("another run holds the database"));
    EXPECT_THAT(error.message, HasSubstr("(process " + std::to_string(getpid()) + ")"));
  }
  first.reset();
  EXPECT_TRUE(open_storage(path));
}

TEST(DatabaseFileTest, IsFreeAgainWhenTheHolderIsKilled) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto storage = SqliteStorage::open(path, {path, Durability::kNormal});
    const char ready = storage ? 'y' : 'n';
    if (write(pipe_ends[1], &ready, 1) != 1) _exit(1);
    for (;;) pause();
  }
  char ready = 0;
  ASSERT_EQ(read(pipe_ends[0], &ready, 1), 1);
  ASSERT_EQ(ready, 'y');
  const Error error = refusal(path);
  EXPECT_EQ(error.code, ErrorCode::kLocked);
  EXPECT_THAT(error.message, HasSubstr("(process " + std::to_string(child) + ")"));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(open_storage(path));
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(DatabaseFileTest, LeavesAFileThatIsNoDatabaseAsItIs) {
  TemporaryFolder folder;
  const std::string path = folder / "letter.txt";
  const std::string text =
      "Dear Anna, this is no database, but it is long enough for a header. "
      "It must stay as it is, whatever somebody writes into a job file.";
  std::ofstream(path) << text;
  const Error error = refusal(path);
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_THAT(error.message, HasSubstr("not an SQLite database"));
  EXPECT_EQ(bytes_of(path), text);
  EXPECT_FALSE(std::filesystem::exists(path + ".lock"));
  auto reader = Lookup::open(path);
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("not an SQLite database"));
}

TEST(DatabaseFileTest, LeavesTheDatabaseOfAnotherProgramAsItIs) {
  TemporaryFolder folder;
  const std::string path = folder / "other.db";
  {
    auto db = Database::open(path, Access::kWrite);
    (*db)->exec("CREATE TABLE place (x)", "testing");
    ASSERT_TRUE((*db)->status());
  }
  const std::string before = bytes_of(path);
  EXPECT_THAT(refusal(path).message, HasSubstr("of another program"));
  EXPECT_EQ(bytes_of(path), before);
}

TEST(DatabaseFileTest, RefusesTheDatabaseOfANewerProgram) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  open_storage(path);
  {
    auto db = Database::open(path, Access::kWrite);
    (*db)->exec(("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1)).c_str(), "testing");
  }
  const Error error = refusal(path);
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_THAT(error.message,
              HasSubstr("newer placer (schema " + std::to_string(kSchemaVersion + 1) +
                        ", this program knows " + std::to_string(kSchemaVersion)));
  EXPECT_FALSE(Lookup::open(path));
}

TEST(DatabaseFileTest, FillsAnEmptyFileAndMarksItAsOurs) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  std::ofstream(path).close();
  open_storage(path);
  EXPECT_EQ(rows(path, "PRAGMA user_version"), std::to_string(kSchemaVersion) + "\n");
  EXPECT_EQ(rows(path, "PRAGMA application_id"), std::to_string(kApplicationId) + "\n");
  EXPECT_EQ(rows(path, "PRAGMA journal_mode"), "wal\n");
  EXPECT_EQ(rows(path, "PRAGMA foreign_key_check"), "");
}

TEST(DatabaseFileTest, SaysWhichFolderIsMissing) {
  TemporaryFolder folder;
  const Error error = refusal(folder / "no/such/cafes.db");
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_THAT(error.message, HasSubstr("no/such/cafes.db"));
  EXPECT_THAT(error.message, HasSubstr("No such file or directory"));
  auto reader = Lookup::open(folder / "none.db");
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("no such database"));
}

// A child gives up the right to write anywhere, for root may write to any folder.
TEST(DatabaseFileTest, SaysThatAFolderIsReadOnlyAndReadsTheDatabaseInIt) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  {
    auto storage = open_storage(path);
    ASSERT_TRUE(storage->begin_run("cafes", "serial", kNoon));
    ASSERT_TRUE(storage->commit({fetched(1, {observation("Anna")})}, {}));
    ASSERT_TRUE(storage->end_run(RunOutcome::kDone, {}, kNoon));
  }
  std::filesystem::remove(path + ".lock");
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::others_read);
  std::filesystem::permissions(folder.path(), perms::owner_read | perms::owner_exec |
                                                  perms::others_read | perms::others_exec);
  const pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
    auto storage = SqliteStorage::open(path, {path, Durability::kNormal});
    if (storage || storage.error().code != ErrorCode::kStorage) _exit(1);
    if (storage.error().message.find("Permission denied") == std::string::npos) _exit(2);
    auto lookup = Lookup::open(path);
    if (!lookup) _exit(3);
    auto status = lookup->status();
    _exit(status && status->places == 1 ? 0 : 4);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::filesystem::permissions(folder.path(), perms::owner_all);
}

TEST(DatabaseTest, ReportsTheFirstFailureAndForgetsItThen) {
  TemporaryFolder folder;
  auto db = std::move(*Database::open(folder / "x.db", Access::kWrite));
  db->exec("CREATE TABLE t (x) STRICT", "making a table");
  db->exec("SELECT 1", "never run");
  auto status = db->status();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("x.db: making a table: "));
  EXPECT_TRUE(db->status());
}

TEST(DatabaseTest, RollsBackWhenTheFileMayNotGrow) {
  TemporaryFolder folder;
  auto db = std::move(*Database::open(folder / "x.db", Access::kWrite));
  db->exec("CREATE TABLE t (x); PRAGMA max_page_count = 10", "making a table");
  {
    Transaction transaction(*db);
    Statement insert(*db, "INSERT INTO t VALUES (?)", "filling the table");
    for (int i = 0; i < 100; ++i) insert.run(std::string(1000, 'x'));
    const auto done = transaction.commit();
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("filling the table: database or disk is full"));
  }
  Transaction transaction(*db);
  Statement(*db, "INSERT INTO t VALUES (1)", "filling the table").run();
  EXPECT_TRUE(transaction.commit());
  EXPECT_EQ(rows(folder / "x.db", "SELECT x FROM t"), "1\n");
}

}  // namespace
}  // namespace placer
