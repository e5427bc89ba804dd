// The backends by name, and which one a job is best run with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "scraper/backend.h"
#include "scraper/worker.h"

namespace placer {

// A backend with all its numbers.
struct BackendChoice {
  BackendKind kind = BackendKind::kAsync;  // never kAuto
  std::uint32_t workers = 1;
  std::uint32_t window = 1;  // requests in flight per worker
  // Both are the most, `window` for all workers together: how many are used, the pages decide.
  bool adaptive = false;
  std::string reason;  // one sentence, for people
};

// "auto", "serial", "threads", "processes", "async".
std::string_view backend_name(BackendKind kind);

// Processors this process may run on (its affinity mask), at least 1.
unsigned available_cores();

// Files this process may have open at a time, sockets included (RLIMIT_NOFILE).
std::uint64_t available_descriptors();

// Fills in what the job leaves to the program; what the job states is kept. `cores` > 0.
BackendChoice choose_backend(const Job& job, unsigned cores,
                             std::uint64_t descriptors = available_descriptors());

// `factory` serves the backends within this process; `worker_command` starts the children of
// `processes` (ProcessOptions::command). `on_change` hears why an adaptive backend changed its
// numbers. Throws std::runtime_error when workers cannot be started.
std::unique_ptr<Backend> make_backend(const BackendChoice& choice, const Job& job,
                                      WorkerFactory factory,
                                      std::vector<std::string> worker_command,
                                      std::function<void(const std::string& why)> on_change = {});

}  // namespace placer
