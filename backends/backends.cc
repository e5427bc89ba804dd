#include "backends/backends.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <xxhash.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "backends/adaptive_backend.h"
#include "backends/process_backend.h"
#include "backends/serial_backend.h"
#include "backends/thread_backend.h"
#include "config/load.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

constexpr std::uint32_t kThreads = 16;
constexpr std::uint32_t kLeastProcesses = 8;
constexpr std::uint32_t kAsyncInFlight = 1024;        // over all loops
constexpr std::uint32_t kMostAdaptive = 10'000;       // over all loops: 20 KB of memory each
constexpr std::uint64_t kDescriptorsElsewhere = 256;  // database, pipes, epoll sets

// Most requests politeness lets be in flight at a time; nullopt: the scope has a pattern, so there
// is no telling.
std::optional<std::uint64_t> most_in_flight(const Job& job) {
  std::set<std::string> hosts(job.scope.hosts.begin(), job.scope.hosts.end());
  const bool patterns = std::any_of(hosts.begin(), hosts.end(), [](const std::string& host) {
    return host.find('*') != std::string::npos || host.starts_with('.');
  });
  if (patterns) return std::nullopt;
  if (hosts.empty()) {
    for (const StartUrl& start : job.start) {
      if (const auto url = Url::parse(start.url)) hosts.emplace(url->host());
    }
  }
  return std::max<std::uint64_t>(1, hosts.size()) * job.politeness.per_host;
}

std::string plural(std::uint64_t count, std::string_view noun, std::string_view ending = "s") {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : ending);
}

BackendKind resolve(const Job& job, std::optional<std::uint64_t> most) {
  if (job.backend.kind != BackendKind::kAuto) return job.backend.kind;
  const bool one_at_a_time = most == 1 && job.politeness.delay.count() > 0;
  const bool numbers_stated = job.backend.workers || job.backend.window;
  return one_at_a_time && !numbers_stated ? BackendKind::kSerial : BackendKind::kAsync;
}

// Numbers for `kind` when neither job nor politeness says otherwise.
BackendChoice usual(BackendKind kind, unsigned cores) {
  switch (kind) {
    case BackendKind::kThreads:
      return {kind, kThreads, 1, false, {}};
    case BackendKind::kProcesses:
      return {kind, std::max(kLeastProcesses, 2 * cores), 1, false, {}};
    case BackendKind::kAsync:
      return {kind, std::max(1U, cores), kAsyncInFlight / std::max(1U, cores), false, {}};
    case BackendKind::kSerial:
    case BackendKind::kAuto:
      break;
  }
  return {BackendKind::kSerial, 1, 1, false, {}};
}

// The widest numbers that AdaptiveBackend may come to.
void widen(BackendChoice& choice, std::optional<std::uint64_t> most, std::uint64_t descriptors) {
  choice.adaptive = true;
  const std::uint64_t sockets = descriptors - std::min(descriptors / 2, kDescriptorsElsewhere);
  const std::uint64_t window =
      std::min<std::uint64_t>({most.value_or(UINT64_MAX), kMostAdaptive, sockets});
  choice.window = static_cast<std::uint32_t>(std::max<std::uint64_t>(window, 1));
}

std::string why(const BackendChoice& choice, const Job& job, std::optional<std::uint64_t> most,
                std::uint64_t descriptors) {
  const bool chosen = job.backend.kind == BackendKind::kAuto;
  if (choice.kind == BackendKind::kSerial) {
    return chosen ? "one host, one request at a time and a delay after each: waiting is all there "
                    "is to do, and one worker does that"
                  : "serial, as the job asks: one worker, one request at a time";
  }
  std::string text = chosen ? "a crawl mostly waits for servers, so async: "
                            : fmt::format("{}, as the job asks: ", backend_name(choice.kind));
  text += choice.adaptive ? "as the pages ask for it, up to " : "";
  text += choice.kind == BackendKind::kAsync     ? plural(choice.workers, "event loop")
          : choice.kind == BackendKind::kThreads ? plural(choice.workers, "thread")
                                                 : plural(choice.workers, "process", "es");
  text += choice.kind == BackendKind::kAsync ? " of up to " : " of ";
  text += plural(choice.window, "request") + (choice.adaptive ? " in all" : " each");
  if (most) text += fmt::format(", as politeness allows {} in flight", plural(*most, "request"));
  const std::uint64_t in_flight =
      choice.adaptive ? choice.window : std::uint64_t{choice.workers} * choice.window;
  if (in_flight >= descriptors) {
    text += fmt::format("; but only {} files may be open at a time (ulimit -n)", descriptors);
  }
  return text;
}

}  // namespace

std::string_view backend_name(BackendKind kind) {
  switch (kind) {
    case BackendKind::kAuto:
      return "auto";
    case BackendKind::kSerial:
      return "serial";
    case BackendKind::kThreads:
      return "threads";
    case BackendKind::kProcesses:
      return "processes";
    case BackendKind::kAsync:
      return "async";
  }
  return "unknown";
}

unsigned available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&cores)));
}

std::uint64_t available_descriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1024;
}

BackendChoice choose_backend(const Job& job, unsigned cores, std::uint64_t descriptors) {
  const auto most = most_in_flight(job);
  BackendChoice choice = usual(resolve(job, most), cores);
  const bool numbers_stated = job.backend.workers || job.backend.window;
  if (job.backend.kind == BackendKind::kAuto && choice.kind == BackendKind::kAsync &&
      !numbers_stated) {
    widen(choice, most, descriptors);
  } else if (choice.kind != BackendKind::kSerial) {
    const std::uint64_t useful = most.value_or(UINT64_MAX);
    choice.workers = job.backend.workers.value_or(
        static_cast<std::uint32_t>(std::min<std::uint64_t>(choice.workers, useful)));
    const std::uint64_t share = useful / choice.workers + (useful % choice.workers != 0 ? 1 : 0);
    choice.window = job.backend.window.value_or(
        static_cast<std::uint32_t>(std::min<std::uint64_t>(choice.window, share)));
  }
  choice.reason = why(choice, job, most, descriptors);
  return choice;
}

std::unique_ptr<Backend> make_backend(const BackendChoice& choice, const Job& job,
                                      WorkerFactory factory,
                                      std::vector<std::string> worker_command,
                                      std::function<void(const std::string& why)> on_change) {
  if (choice.adaptive) {
    return std::make_unique<AdaptiveBackend>(std::move(factory),
                                             std::string(backend_name(choice.kind)), choice.workers,
                                             choice.window, std::move(on_change));
  }
  switch (choice.kind) {
    case BackendKind::kSerial:
      return std::make_unique<SerialBackend>(std::move(factory));
    case BackendKind::kThreads:
    case BackendKind::kAsync:
      return std::make_unique<ThreadBackend>(
          std::move(factory),
          ThreadOptions{std::string(backend_name(choice.kind)), choice.workers, choice.window});
    case BackendKind::kProcesses: {
      ProcessOptions options;
      options.command = std::move(worker_command);
      options.job_text = dump_job(job);
      options.workers = choice.workers;
      options.window = choice.window;
      options.pages_per_process = job.backend.pages_per_process;
      options.process_memory = job.backend.process_memory;
      options.page_deadline = job.backend.page_deadline;
      options.seed = XXH64(job.name.data(), job.name.size(), 0);
      return std::make_unique<ProcessBackend>(std::move(options));
    }
    case BackendKind::kAuto:
      break;
  }
  throw std::invalid_argument("make_backend needs a choice, not auto");
}

}  // namespace placer
