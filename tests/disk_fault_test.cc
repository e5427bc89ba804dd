// Disks that are full, broken or read-only, too few descriptors, and others who hold the database:
// the program says what, where and what to do, and once the fault is gone completes to the same
// rows.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <iostream>
#include <set>

#include "tests/crawl_job.h"
#include "tests/faults.h"

namespace placer {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr int kDatabase = 3;  // exit status

class DiskFaultTest : public testing::Test {
 protected:
  DiskFaultTest() : site_(small_site()), server_(site_.handler()) {
    folder_.write("job.yaml", loopback_job(server_.url("/")));
    EXPECT_EQ(run_program(command(whole_)).status, 0);
  }

  std::vector<std::string> command(const std::string& db) const {
    return {PLACER_BINARY, "run", folder_ / "job.yaml", "--backend", "async", "--db", db};
  }

  std::string new_database() { return folder_ / ("broken" + std::to_string(next_++) + ".db"); }

  // Makes the calls of a kind fail with `error` at several points of the crawl, in each case for
  // the rest of the run (`times` 0) or for so many calls. Returns how many runs noticed.
  int sweep(const std::string& calls, int error, const std::string& times, const char* said) {
    const std::string kinds = " calls=" + calls;
    const std::string counted = new_database();
    const long points = count_changing_calls(counted, kinds, command(counted), folder_);
    EXPECT_GT(points, 0) << calls;
    const long runs = std::min(points, wanted("PLACER_FAULT_POINTS", 4));
    int noticed = 0;
    for (long i = 0; i < runs; ++i) {
      const long at = 1 + i * (points - 1) / std::max(runs - 1, 1L);
      const std::string db = new_database();
      SCOPED_TRACE(calls + " fails from call " + std::to_string(at) + " of " +
                   std::to_string(points));
      const ProgramResult result =
          run_program(with_faults("path=" + db + kinds + " at=" + std::to_string(at) +
                                      " do=" + std::to_string(error) + times,
                                  command(db)));
      // A call may fail that nothing depends on, such as that of a checkpoint.
      EXPECT_THAT(result.status, AnyOf(0, kDatabase)) << result.err;
      if (result.status == kDatabase) {
        ++noticed;
        EXPECT_THAT(result.err, HasSubstr(db));
        EXPECT_THAT(result.err, HasSubstr(said));
        EXPECT_THAT(result.err, HasSubstr("run the same command")) << "what to do next";
      }
      EXPECT_EQ(run_program(command(db)).status, 0);
      expect_complete(db, whole_);
    }
    return noticed;
  }

  const web::Site site_;
  web::RunningServer server_;
  const TemporaryFolder folder_;
  const std::string whole_ = folder_ / "whole.db";
  int next_ = 0;
};

TEST_F(DiskFaultTest, SaysThatTheDiskIsFullAndCompletesWhenThereIsRoom) {
  SKIP_WITHOUT_FAULTS();
  EXPECT_GE(sweep("write,size", ENOSPC, "", "full"), 2);
}

TEST_F(DiskFaultTest, SaysThatTheDiskFailedAtAWrite) {
  SKIP_WITHOUT_FAULTS();
  EXPECT_GE(sweep("write", EIO, " times=1", "disk I/O error"), 1);
}

TEST_F(DiskFaultTest, SaysThatTheDiskFailedToSync) {
  SKIP_WITHOUT_FAULTS();
  sweep("sync", EIO, "", "disk I/O error");
}

TEST_F(DiskFaultTest, SaysThatTheFolderIsReadOnly) {
  SKIP_WITHOUT_FAULTS();
  const std::string db = new_database();
  const std::string faults = "path=" + db + " calls=open,remove at=1 do=" + std::to_string(EROFS);
  for (const char* moment : {"before the first run", "when the database is there"}) {
    SCOPED_TRACE(moment);
    const ProgramResult result = run_program(with_faults(faults, command(db)));
    EXPECT_EQ(result.status, kDatabase);
    EXPECT_THAT(result.err, HasSubstr(db));
    EXPECT_THAT(result.err, HasSubstr("Read-only file system"));
    EXPECT_EQ(run_program(command(db)).status, 0);
    expect_complete(db, whole_);
  }
}

TEST_F(DiskFaultTest, SaysThatTheFolderIsMissing) {
  const std::string db = folder_ / "nowhere/a.db";
  const ProgramResult result = run_program(command(db));
  EXPECT_EQ(result.status, kDatabase);
  EXPECT_THAT(result.err, HasSubstr(db));
  EXPECT_THAT(result.err, HasSubstr("No such file or directory"));
}

// From far too few to enough. Where connections cannot be opened pages are errors of this pass, and
// the next one completes.
TEST_F(DiskFaultTest, EndsWithAMessageWhenDescriptorsRunOut) {
  std::set<int> statuses;
  for (const int limit : {5, 6, 8, 10, 12, 14, 18, 24, 64}) {
    SCOPED_TRACE(limit);
    const std::string db = new_database();
    std::vector<std::string> limited = command(db);
    limited.insert(
        limited.begin(),
        {"/bin/sh", "-c", "ulimit -n " + std::to_string(limit) + "; exec \"$0\" \"$@\""});
    const ProgramResult result = run_program(limited);
    statuses.insert(result.status);
    EXPECT_LT(result.status, 126) << result.err;
    EXPECT_EQ(result.err.empty(), false) << "a summary or what went wrong";
    // The pass goes on; what it took for a page's fault is asked for again in the next.
    EXPECT_LE(run_program(command(db)).status, 1);
    EXPECT_EQ(run_program(command(db)).status, 0);
    expect_complete(db, whole_);
  }
  EXPECT_EQ(statuses.count(0), 1U) << "enough is enough";
  EXPECT_GT(statuses.size(), 1U) << "too few are too few";
}

// Another program's connection with a transaction open.
class Other {
 public:
  Other(const std::string& db, const char* begin) {
    EXPECT_EQ(sqlite3_open(db.c_str(), &db_), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db_, begin, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db_);
  }
  ~Other() { sqlite3_close(db_); }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  std::string count_places() {
    std::string count;
    const auto take = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) = values[0];
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(db_, "SELECT count(*) FROM place", take, &count, nullptr), SQLITE_OK);
    return count;
  }

 private:
  sqlite3* db_ = nullptr;
};

TEST_F(DiskFaultTest, IsNotHeldUpByAReaderThatStays) {
  const std::string db = new_database();
  std::vector<std::string> first = command(db);
  first.insert(first.end(), {"--max-pages", "5"});
  ASSERT_EQ(run_program(first).status, 0);
  {
    Other reader(db, "BEGIN; SELECT count(*) FROM place");
    const std::string before = reader.count_places();
    EXPECT_EQ(run_program(command(db)).status, 0);
    EXPECT_EQ(reader.count_places(), before) << "a reader sees one state";
  }
  expect_complete(db, whole_);
  EXPECT_EQ(run_program(command(db)).status, 0);
  expect_complete(db, whole_);
}

TEST_F(DiskFaultTest, SaysThatAnotherProgramWritesToTheDatabase) {
  if (wanted("PLACER_FAULT_POINTS", 0) == 0) {
    GTEST_SKIP() << "waits for five seconds; ./dev chaos runs it";
  }
  const std::string db = new_database();
  std::vector<std::string> first = command(db);
  first.insert(first.end(), {"--max-pages", "5"});
  ASSERT_EQ(run_program(first).status, 0);
  {
    const Other writer(db, "BEGIN IMMEDIATE");
    const ProgramResult result = run_program(command(db));
    EXPECT_EQ(result.status, kDatabase);
    EXPECT_THAT(result.err, HasSubstr("another program"));
  }
  EXPECT_EQ(run_program(command(db)).status, 0);
  expect_complete(db, whole_);
}

}  // namespace
}  // namespace placer
