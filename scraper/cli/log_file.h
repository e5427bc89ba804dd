// The file of --log-file: whole lines at its end, also while something else rotates it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace placer::cli {

// Every line is one write to a file opened for appending, so that lines of several programs do not
// mix and a file that is cut off (logrotate's copytruncate) goes on at its new end. When the path
// leads to another file, or to none any more, since the file was renamed or deleted, the next line
// begins a new one there; the time between two looks at the path is `look_every`.
//
// A line that cannot be written is lost; the crawl is worth more. Confined to one thread.
class LogFile {
 public:
  // What is wrong with the log, for people; called for the first failure only.
  using Complaint = std::function<void(const std::string&)>;

  // The error is a message for people.
  static tl::expected<std::unique_ptr<LogFile>, std::string> open(
      const std::string& path,
      std::chrono::milliseconds look_every = std::chrono::milliseconds(200));
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  void on_failure(Complaint complaint) { complaint_ = std::move(complaint); }

  // REQUIRES: no line end in `line`.
  void write(std::string_view line);

 private:
  LogFile(std::string path, std::chrono::milliseconds look_every)
      : path_(std::move(path)), look_every_(look_every) {}

  // False, with errno, when the path cannot be opened; the file that was open stays then.
  bool open_path();
  void follow_path();
  void fail();

  std::string path_;
  std::chrono::milliseconds look_every_;
  std::chrono::steady_clock::time_point next_look_{};
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool torn_ = false;  // the file ends within a line that could not be written to its end
  bool failed_ = false;
  Complaint complaint_;
  std::string line_;
};

}  // namespace placer::cli
