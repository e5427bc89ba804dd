#include "scraper/cli/log_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

std::string cannot_write(const std::string& path) {
  return fmt::format("cannot write the log file '{}': {}", printable(path), std::strerror(errno));
}

// What must not get lines at its end: a slip of the hand names the database.
bool is_database(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  std::array<char, kMagic.size()> begin{};
  std::ifstream(path, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()) == kMagic;
}

}  // namespace

tl::expected<std::unique_ptr<LogFile>, std::string> LogFile::open(
    const std::string& path, std::chrono::milliseconds look_every) {
  if (is_database(path)) {
    return tl::unexpected(fmt::format("the log file '{}' is a database", printable(path)));
  }
  std::unique_ptr<LogFile> file(new LogFile(path, look_every));
  if (!file->open_path()) return tl::unexpected(cannot_write(path));
  return file;
}

LogFile::~LogFile() {
  if (fd_ >= 0) ::close(fd_);
}

bool LogFile::open_path() {
  // Not to wait for a reader when it is a named pipe; what is written then does wait.
  const int fd = ::open(path_.c_str(),
                        O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  if (fd < 0) return false;
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    ::close(fd);
    return false;
  }
  ::fcntl(fd, F_SETFL, O_APPEND);
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
  device_ = status.st_dev;
  inode_ = status.st_ino;
  torn_ = false;
  return true;
}

void LogFile::follow_path() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return;
  next_look_ = now + look_every_;
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_) {
    return;
  }
  if (!open_path()) fail();
}

void LogFile::fail() {
  if (failed_) return;
  failed_ = true;
  if (complaint_) complaint_(cannot_write(path_));
}

void LogFile::write(std::string_view line) {
  follow_path();
  line_.assign(torn_ ? "\n" : "");
  line_.append(line).push_back('\n');
  std::string_view rest = line_;
  while (!rest.empty()) {
    const ssize_t count = ::write(fd_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (rest.size() < line_.size()) torn_ = true;
      return fail();
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  torn_ = false;
}

}  // namespace placer::cli
