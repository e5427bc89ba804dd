// placer check: validates a job file and prints what would run; or the schema of all job files.
#include <fmt/core.h>

#include <memory>

#include "backends/backends.h"
#include "config/job_schema.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/job_file.h"

namespace placer::cli {
namespace {

struct CheckOptions {
  JobFileOptions jobs;
  bool schema = false;
};

int check(const CheckOptions& options) {
  if (options.schema) {
    fmt::print("{}", job_schema());
    return kExitDone;
  }
  if (!options.jobs.has_file()) {
    fmt::print(stderr,
               "placer: check: which job file? Try 'placer check JOB.yaml', or --schema for the "
               "schema of all\n");
    return kExitUsage;
  }
  const auto jobs = options.jobs.load(Secrets::kNamed);
  if (!jobs) return kExitUsage;
  for (const ReadyJob& ready : *jobs) {
    const BackendChoice choice = choose_backend(ready.job, available_cores());
    fmt::print("{}{}# backend: {}\n", &ready == &jobs->front() ? "" : "---\n", dump_job(ready.job),
               choice.reason);
  }
  return kExitDone;
}

}  // namespace

Command check_command() {
  Command command("check", kGroupJob, "Validate a job file and print its jobs with every option");
  auto options = std::make_shared<CheckOptions>();
  options->jobs.add_optional_file_to(command);
  options->jobs.add_changes_to(command);
  options->jobs.add_whereabouts_to(command);
  command
      .flag("--schema", options->schema, "Print the JSON Schema of job files, for editors, instead")
      .examples({"placer check cafes.yaml", "placer check cafes.yaml --set politeness.delay=2s",
                 "placer check --schema > job.schema.json"})
      .action([options] { return check(*options); });
  return command;
}

}  // namespace placer::cli
