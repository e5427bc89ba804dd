// Runs this program as a child and measures it from outside.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace placer::cli {

struct Measured {
  int status = -1;  // exit status; 128 + the signal that ended it
  std::chrono::milliseconds wall{0};
  std::chrono::milliseconds cpu{0};  // user and system, children included
  std::uint64_t peak_memory = 0;     // bytes: the largest sum of PSS over the process tree seen
  std::string errors;                // what it wrote to stderr
};

// Runs `arguments` (the first is the path) to its end. Memory is sampled every 20 ms.
// Throws std::runtime_error when it cannot be started.
Measured measure(const std::vector<std::string>& arguments);

// A child that prints one line and then serves until this object dies.
class Background {
 public:
  explicit Background(const std::vector<std::string>& arguments);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  const std::string& first_line() const { return first_line_; }

 private:
  int pid_ = -1;
  std::string first_line_;
};

}  // namespace placer::cli
