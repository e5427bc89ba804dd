// placer worker: what the processes backend runs in its children. Not for people.
#include <stdexcept>

#include "backends/child_process.h"
#include "backends/process_worker.h"
#include "config/load.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/crawl.h"
#include "scraper/make_worker.h"
#include "scraper/warm_up.h"

namespace placer::cli {
namespace {

PreparedJob prepare(const std::string& job_text) {
  auto jobs = load_jobs(job_text);
  if (!jobs || jobs->empty())
    throw std::runtime_error("worker: the job it was given does not load");
  const Job& job = jobs->front();
  return {make_worker_factory(job), [job] { warm_up(job); }};
}

}  // namespace

Command worker_command() {
  Command command("worker", kNotListed, "Fetch and read pages for a parent process");
  command.action([] {
    ignore_broken_pipes();
    return run_process_worker(kChildSocket, prepare);
  });
  return command;
}

}  // namespace placer::cli
