// placer check: validates a job file and prints what would run; or the schema of all job files.
#include <fmt/core.h>

#include <memory>

#include "backends/backends.h"
#include "config/job_schema.h"
#include "scraper/cli/command.h"
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

void add_check(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("check", "Validate a job file and print its jobs with every option")
          ->group(kGroupJob);
  command->footer(
      "placer check cafes.yaml\n"
      "placer check cafes.yaml --set politeness.delay=2s\n"
      "placer check --schema > job.schema.json");
  auto options = std::make_shared<CheckOptions>();
  options->jobs.add_to(*command);
  command->get_option("job-file")->required(false);
  command->add_flag("--schema", options->schema,
                    "Print the JSON Schema of job files, for editors, instead");
  command->callback([&action, options] { action = [options] { return check(*options); }; });
}

}  // namespace placer::cli
