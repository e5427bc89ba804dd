// placer check: validates a job file and prints what would run.
#include <fmt/core.h>

#include <memory>

#include "backends/backends.h"
#include "scraper/cli/command.h"
#include "scraper/cli/job_file.h"

namespace placer::cli {

void add_check(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("check", "Validate a job file and print the resolved jobs");
  auto options = std::make_shared<JobFileOptions>();
  options->add_to(*command);
  command->callback([&action, options] {
    action = [options]() -> int {
      const auto jobs = options->load();
      if (!jobs) return kExitUsage;
      for (const ReadyJob& ready : *jobs) {
        const BackendChoice choice = choose_backend(ready.job, available_cores());
        fmt::print("{}# backend: {}\n", dump_job(ready.job), choice.reason);
      }
      return kExitDone;
    };
  });
}

}  // namespace placer::cli
