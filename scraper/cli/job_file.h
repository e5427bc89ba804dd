// Reading a job file for a command: from disk to jobs, with errors on stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "scraper/cli/command.h"
#include "scraper/frontier/url.h"

namespace placer::cli {

// A job with its start URLs parsed.
struct ReadyJob {
  Job job;
  std::vector<Url> start;
};

// Whether the job's secrets have to be there: variables of the environment that it names.
enum class Secrets : std::uint8_t {
  kNeeded,  // an error when one is missing
  kNamed,   // a warning, and another for each that stands in the file itself
};

// The options that choose and change jobs, shared by the commands that take a job file.
class JobFileOptions {
 public:
  JobFileOptions() = default;
  explicit JobFileOptions(std::string file) : file_(std::move(file)) {}

  // All of them, or those that a command has a use for.
  void add_to(Command& command);
  void add_file_to(Command& command);
  void add_optional_file_to(Command& command);
  void add_changes_to(Command& command);      // --job, --workers, --set
  void add_whereabouts_to(Command& command);  // --backend, --db

  bool has_file() const { return !file_.empty(); }
  const std::string& file() const { return file_; }
  const std::string& job() const { return job_; }  // of --job

  // The options again, as a command line has them, without the file.
  std::vector<std::string> arguments() const;

  // All jobs of the file, or the one that --job names. Nothing after printing what is wrong where;
  // the caller ends with kExitUsage.
  std::optional<std::vector<ReadyJob>> load(Secrets secrets = Secrets::kNeeded) const;

 private:
  std::string file_;
  std::string job_;
  std::string backend_;
  std::string workers_;
  std::string db_;
  std::vector<std::string> settings_;
};

}  // namespace placer::cli
