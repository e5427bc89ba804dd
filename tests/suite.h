// What the tests on other projects' conformance data share: reading it, and the tally of a suite.
//
// The data lies in PLACER_SUITES and is not part of this repository: a test that wants it says
// SKIP_WITHOUT(path) first.
#pragma once

#include <absl/strings/escaping.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

inline std::filesystem::path suite_path(std::string_view path) {
  return std::filesystem::path(PLACER_SUITES) / path;
}

// Not within functions that return a value.
#define SKIP_WITHOUT(path)                                    \
  if (!std::filesystem::exists(path))                         \
  GTEST_SKIP() << (path) << " is missing: the suite that it " \
               << "belongs to is not on this machine"

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// One value per line.
inline std::vector<nlohmann::json> read_ndjson(const std::filesystem::path& path) {
  std::vector<nlohmann::json> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

inline std::string from_base64(const std::string& text) {
  std::string bytes;
  EXPECT_TRUE(absl::Base64Unescape(text, &bytes)) << text;
  return bytes;
}

// White space runs as one space, none at the ends.
inline std::string collapsed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// Counts the cases of a suite and prints what came of them when it goes.
class Tally {
 public:
  explicit Tally(std::string suite) : suite_(std::move(suite)) {}
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;
  ~Tally() {
    std::cout << "suite " << suite_ << ": " << passed_ << "/" << total_
              << ", failures:" << (failures_.empty() ? " none" : failures_) << "\n";
  }

  void count(bool passed, const std::string& id) {
    ++total_;
    if (passed) {
      ++passed_;
    } else {
      failures_ += " " + id;
    }
  }

  // That there were cases, and that all passed.
  void expect_all() const {
    EXPECT_GT(total_, 0U);
    EXPECT_EQ(failures_, "");
  }

  std::size_t passed() const { return passed_; }
  std::size_t total() const { return total_; }
  const std::string& failures() const { return failures_; }

 private:
  std::string suite_;
  std::size_t passed_ = 0;
  std::size_t total_ = 0;
  std::string failures_;
};

}  // namespace placer
