// Another program that placer calls to its end: crontab, systemctl, the command of --notify.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace placer::cli {

struct ProgramCall {
  std::vector<std::string> arguments;    // the first is its name, looked for in PATH, or its path
  std::string input;                     // what it reads from standard input
  std::vector<std::string> environment;  // "NAME=value", besides this process's own
  bool collect = false;                  // its output; otherwise all of it goes to standard error
  std::chrono::milliseconds limit{30'000};
  std::function<bool()> give_up;  // asked while it runs; may be empty
};

struct ProgramEnd {
  int status = 0;       // exit status; 128 + the signal that ended it
  bool killed = false;  // it took longer than its limit, or give_up() said so
  std::string out;
  std::string err;
};

// Starts it in a process group of its own and waits for its end; when its time is over, the whole
// group is killed. Input and output travel through memory files, so that neither side can block the
// other. The error is a message for people: there is no such program, or no process can be made.
tl::expected<ProgramEnd, std::string> call_program(const ProgramCall& call);

}  // namespace placer::cli
