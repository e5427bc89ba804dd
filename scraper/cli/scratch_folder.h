// A fresh folder below the system's temporary folder for databases that nobody keeps.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace placer::cli {

class ScratchFolder {
 public:
  // `purpose` becomes part of the name. Throws std::runtime_error when it cannot be created.
  explicit ScratchFolder(const std::string& purpose) {
    std::string name =
        (std::filesystem::temp_directory_path() / ("placer-" + purpose + "-XXXXXX")).string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create " + name);
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace placer::cli
