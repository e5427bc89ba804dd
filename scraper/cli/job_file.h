// Reading a job file for a command: from disk to jobs, with errors on stderr.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "scraper/frontier/url.h"

namespace placer::cli {

// A job with its start URLs parsed.
struct ReadyJob {
  Job job;
  std::vector<Url> start;
};

// The options that choose and change jobs, shared by the commands that take a job file.
class JobFileOptions {
 public:
  JobFileOptions() = default;
  explicit JobFileOptions(std::string file) : file_(std::move(file)) {}

  void add_to(CLI::App& command);

  // All jobs of the file, or the one that --job names. Nothing after printing what is wrong where;
  // the caller ends with kExitUsage.
  std::optional<std::vector<ReadyJob>> load() const;

 private:
  std::string file_;
  std::string job_;
  std::string backend_;
  std::string workers_;
  std::string db_;
  std::vector<std::string> settings_;
};

}  // namespace placer::cli
