// The job files in config/examples.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "config/load.h"

namespace placer {

inline std::vector<std::filesystem::path> example_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PLACER_EXAMPLES)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What an example extends is beside it.
inline BaseFiles bases_of(const std::filesystem::path& path) {
  return {path.string(), [](const std::string& base) -> tl::expected<std::string, std::string> {
            return text_of(base);
          }};
}

}  // namespace placer
