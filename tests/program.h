// Runs the program under test as its users do: arguments in, exit status and output back.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/temporary_folder.h"

namespace placer {

struct ProgramResult {
  int status = -1;  // exit status; 128 + the signal that ended it
  std::string out;
  std::string err;
};

// A child process in a process group of its own, its output collected in memory. The destructor
// kills the group if it still runs. Confined to one thread.
class Program {
 public:
  // Starts `arguments` (the first is the path). Throws std::runtime_error when it cannot.
  explicit Program(const std::vector<std::string>& arguments, const std::string& folder = "");
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void kill_group(int signal) const;

  // Reads until the program has printed `bytes` of standard error or closed it; false at the end.
  bool wait_for_error_output(std::size_t bytes);

  ProgramResult wait();  // until it ends

 private:
  bool read_some();

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  ProgramResult result_;
  bool ended_ = false;
};

// Runs to the end.
ProgramResult run_program(const std::vector<std::string>& arguments,
                          const std::string& folder = "");

// All rows of a query on a database file, a line each, columns joined by '|', NULL as "-".
std::vector<std::string> query_lines(const std::string& database, const std::string& sql);

// Every column of `place` but the times, in order of id: what must not depend on the backend.
std::vector<std::string> place_rows(const std::string& database);

}  // namespace placer
