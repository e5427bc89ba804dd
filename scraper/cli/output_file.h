// A file that appears whole or not at all.
#pragma once

#include <fstream>
#include <string>
#include <tl/expected.hpp>

namespace placer::cli {

// Written beside its place under another name, then put there in one step, so that whoever reads
// the file never sees half of it. What is no ordinary file (a pipe, /dev/null) is written as it
// stands, and a symbolic link stays one. While it is open, SIGINT, SIGTERM and SIGHUP remove what
// was written before they end the program; at most one is open at a time.
class OutputFile {
 public:
  // The error is a message for people.
  static tl::expected<OutputFile, std::string> open(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  std::ostream& stream() { return stream_; }

  // Brings it to the disk and to its place. Without it nothing is left behind.
  tl::expected<void, std::string> keep();

 private:
  OutputFile() = default;

  std::string path_;
  std::string partial_;  // empty: written in place
  std::ofstream stream_;
};

}  // namespace placer::cli
