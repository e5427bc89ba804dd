#include "scraper/cli/crawl.h"

#include <csignal>
#include <ctime>
#include <fstream>
#include <limits>
#include <random>

#include "config/load.h"
#include "scraper/frontier/key.h"
#include "scraper/make_worker.h"
#include "storage/sqlite_storage.h"

namespace placer::cli {
namespace {

std::atomic<Stop> g_stop{Stop::kNo};
static_assert(std::atomic<Stop>::is_always_lock_free, "set from a signal handler");

void on_signal(int /*signal*/) {
  g_stop.store(g_stop.load() == Stop::kNo ? Stop::kDrain : Stop::kNow);
}

// What is read from a page is a function of this and of the page.
std::uint64_t recipe_of(const Job& job) {
  Job reading;
  reading.name = job.name;
  reading.start = job.start;
  reading.scope = job.scope;
  reading.politeness.robots = job.politeness.robots;
  reading.politeness.user_agent = job.politeness.user_agent;
  reading.page = job.page;
  reading.extract = job.extract;
  return fingerprint(dump_job(reading) + PLACER_VERSION);
}

std::string boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

std::chrono::milliseconds wall_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

std::chrono::milliseconds time_since_boot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

// Wall time at the start plus what a clock counted since that nobody sets, and that goes on while
// the machine sleeps.
std::function<Instant()> engine_clock() {
  const std::chrono::milliseconds offset = wall_time() - time_since_boot();
  return [offset] { return Instant(offset + time_since_boot()); };
}

// Of a time the part that politeness lets one host have, less a quarter: for the start pages, the
// sitemaps, and the pages that are new.
RunPlan plan_for(const Job& job, const std::optional<VisitBudget>& budget) {
  RunPlan plan;
  plan.recipe = recipe_of(job);
  plan.boot_id = boot_id();
  plan.clock_offset = wall_time() - time_since_boot();
  if (!budget) return plan;
  plan.budget = budget->pages.value_or(std::numeric_limits<std::int64_t>::max());
  if (budget->time && job.politeness.delay.count() > 0) {
    const auto starts = *budget->time / job.politeness.delay * 3 / 4;
    plan.budget_per_host = static_cast<std::uint64_t>(std::max<std::int64_t>(starts, 1));
  }
  return plan;
}

}  // namespace

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

const std::atomic<Stop>& stop_on_signals() {
  ignore_broken_pipes();
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  return g_stop;
}

Result<RunSummary> crawl(const ReadyJob& ready, const CrawlOptions& options,
                         const std::atomic<Stop>& stop) {
  Job job = ready.job;
  const auto clock = engine_clock();
  auto storage = SqliteStorage::open(job.storage.path, job.storage);
  if (!storage) return tl::unexpected(std::move(storage.error()));
  const BackendChoice choice = choose_backend(job, available_cores());
  job.backend.workers = choice.workers;
  job.backend.window = choice.window;
  const auto backend = make_backend(choice, job, make_worker_factory(job), {kThisProgram, "worker"},
                                    options.on_backend_change);
  const Instant now = clock();
  (*storage)->set_arguments(dump_job_without_secrets(job));
  auto resumed = (*storage)->begin_run(job.name, std::string(backend->name()), now,
                                       plan_for(job, options.budget));
  if (!resumed) return tl::unexpected(std::move(resumed.error()));
  const bool going_on = !resumed->fresh;
  Frontier frontier(job, ready.start, **storage, *resumed, now, std::random_device{}());
  frontier.seed(ready.start, now);
  if (options.on_start) options.on_start(choice, going_on, frontier.queued());
  Engine engine(frontier, *backend, **storage, options.engine, options.observer, clock);
  return engine.run(stop);
}

}  // namespace placer::cli
