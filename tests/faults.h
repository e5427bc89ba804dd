// Runs the program under test with faults (faults.cc says which there are).
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "storage/table_difference.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {

// The library cannot be put in front of a sanitizer's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_WITHOUT_FAULTS() GTEST_SKIP() << "no faults under sanitizers"
#else
#define SKIP_WITHOUT_FAULTS() static_cast<void>(0)
#endif

// `command` with `faults`, words as in "path=/tmp/a.db at=3 do=kill".
inline std::vector<std::string> with_faults(const std::string& faults,
                                            std::vector<std::string> command) {
  command.insert(command.begin(),
                 {"/usr/bin/env", std::string("LD_PRELOAD=") + PLACER_FAULTS_LIBRARY,
                  "PLACER_FAULTS=" + faults});
  return command;
}

// How many calls that change files beginning with `path` the command makes, run to its end.
inline long count_changing_calls(const std::string& path, const std::string& calls,
                                 const std::vector<std::string>& command,
                                 const TemporaryFolder& folder) {
  const std::string file = folder / "calls";
  const ProgramResult result =
      run_program(with_faults("path=" + path + calls + " count=" + file, command));
  EXPECT_EQ(result.status, 0) << result.err;
  long count = 0;
  std::ifstream(file) >> count;
  return count;
}

// What two databases hold differently, a line each; empty: nothing. `account`: also in what was
// filtered, which is of the last pass alone and less where that found pages unmodified.
inline std::string differences(const std::string& first, const std::string& second,
                               bool account = true) {
  const auto tables = compare_databases(first, second);
  if (!tables) return tables.error().message;
  std::string text;
  for (const TableDifference& table : *tables) {
    if (table.table == "filtered" && !account) continue;
    for (const DifferingRow& row : table.examples) {
      text += table.table + " " + row.key + " " + row.column + ": " + row.first.value_or("-") +
              " / " + row.second.value_or("-") + "\n";
    }
  }
  return text;
}

// That the database is whole, has nothing left to do and holds what `whole` does.
inline void expect_complete(const std::string& db, const std::string& whole) {
  const bool one_pass = query_lines(db, "SELECT count(DISTINCT pass) FROM run").front() == "1";
  EXPECT_EQ(differences(whole, db, one_pass), "");
  EXPECT_EQ(query_lines(db, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
  EXPECT_EQ(query_lines(db, "SELECT count(*) FROM queue"), std::vector<std::string>{"0"});
}

// A number from the environment, for the long forms that `./dev chaos` runs.
inline long wanted(const char* variable, long otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::atol(text);
}

// Twenty pages that state about as many places; every page links to several.
inline web::SiteOptions small_site() {
  web::SiteOptions options;
  options.seed = 7;
  options.pages = 20;
  options.json_ld = 0.9;
  options.microdata = 0.1;
  options.page_bytes = 2048;
  options.links_per_page = 6;
  options.missing = 0.1;
  options.redirects = 0.1;
  return options;
}

}  // namespace placer
