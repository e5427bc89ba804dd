#include "scraper/cli/output_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

using Problem = tl::unexpected<std::string>;

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

// The file that a signal removes; empty: none. Written before the handlers are in place.
std::array<char, 4096> unfinished{};

extern "C" void remove_unfinished(int signal) {
  if (unfinished[0] != '\0') ::unlink(unfinished.data());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void watch(const std::string& path) {
  if (path.size() >= unfinished.size()) return;
  std::memcpy(unfinished.data(), path.c_str(), path.size() + 1);
  for (const int signal : kSignals) {
    // Under nohup and in the background of a script, what is ignored stays ignored.
    if (std::signal(signal, remove_unfinished) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

void unwatch() {
  for (const int signal : kSignals) {
    if (std::signal(signal, SIG_DFL) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
  unfinished[0] = '\0';
}

std::string cannot(const char* what, const std::string& path) {
  return fmt::format("cannot {} '{}': {}", what, printable(path), std::strerror(errno));
}

// As the file that it replaces; as any new file otherwise.
mode_t mode_for(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_mode & 0777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

tl::expected<OutputFile, std::string> OutputFile::open(const std::string& path) {
  OutputFile file;
  file.path_ = path;
  std::error_code error;
  if (std::filesystem::is_symlink(path, error)) {
    const auto target = std::filesystem::canonical(path, error);
    if (!error) file.path_ = target;
  }
  const auto status = std::filesystem::status(file.path_, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    file.stream_.open(file.path_, std::ios::binary);
    if (!file.stream_) return Problem(cannot("write", path));
    return file;
  }
  std::string name = file.path_ + ".XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return Problem(cannot("write", path));
  watch(name);
  file.partial_ = name;
  ::fchmod(fd, mode_for(file.path_));
  ::close(fd);
  file.stream_.open(name, std::ios::binary | std::ios::trunc);
  if (!file.stream_) return Problem(cannot("write", path));
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      partial_(std::exchange(other.partial_, {})),
      stream_(std::move(other.stream_)) {}

OutputFile::~OutputFile() {
  if (partial_.empty()) return;
  ::unlink(partial_.c_str());
  unwatch();
}

tl::expected<void, std::string> OutputFile::keep() {
  stream_.close();
  if (!stream_) return Problem(cannot("write", path_));
  if (partial_.empty()) return {};
  const int fd = ::open(partial_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced || std::rename(partial_.c_str(), path_.c_str()) != 0) {
    return Problem(cannot("write", path_));
  }
  partial_.clear();
  unwatch();
  return {};
}

}  // namespace placer::cli
