#include "scraper/cli/notify.h"

#include <fmt/core.h>

#include <filesystem>

#include "scraper/cli/alarm_json.h"
#include "scraper/cli/call_program.h"
#include "scraper/cli/command.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::size_t kLongestSummary = 2000;  // of an environment that has an end

std::string absolute(const std::string& path) {
  if (path.empty() || path == "-") return path;
  std::error_code unknown;
  const auto full = std::filesystem::absolute(path, unknown);
  return unknown ? path : full.lexically_normal().string();
}

std::string json_of(const RunEnding& ending) {
  const nlohmann::ordered_json json = {
      {"job", ending.job},
      {"job_file", absolute(ending.job_file)},
      {"outcome", ending.outcome},
      {"exit", ending.exit},
      {"database", absolute(ending.database)},
      {"summary", ending.summary},
      {"alarms", alarms_json(ending.alarms)},
  };
  return printable_json(
             json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) +
         "\n";
}

}  // namespace

bool is_trouble(const RunEnding& ending) {
  if (!ending.alarms.empty()) return true;
  return ending.exit != kExitDone && ending.exit != kExitInterrupted;
}

std::optional<std::string> notify(const std::string& command, const RunEnding& ending,
                                  const std::function<bool()>& give_up,
                                  std::chrono::milliseconds limit) {
  ProgramCall call;
  call.arguments = {"/bin/sh", "-c", command};
  call.input = json_of(ending);
  call.limit = limit;
  call.give_up = give_up;
  call.environment = {
      "PLACER_JOB=" + ending.job,
      "PLACER_JOB_FILE=" + absolute(ending.job_file),
      "PLACER_OUTCOME=" + ending.outcome,
      fmt::format("PLACER_EXIT={}", ending.exit),
      "PLACER_DATABASE=" + absolute(ending.database),
      "PLACER_SUMMARY=" + printable(ending.summary, kLongestSummary),
      fmt::format("PLACER_ALARMS={}", ending.alarms.size()),
  };
  const auto end = call_program(call);
  if (!end) return "--notify: " + end.error();
  if (end->killed) {
    return fmt::format("--notify: the command was killed, as it had not ended after {}",
                       human_duration(limit));
  }
  if (end->status == 0) return std::nullopt;
  return fmt::format("--notify: the command ended with status {}", end->status);
}

}  // namespace placer::cli
