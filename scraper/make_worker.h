// The worker that a job asks for: curl, and one extractor per format.
#pragma once

#include "config/config.h"
#include "scraper/worker.h"

namespace placer {

// The factory and its copies share what they need of `job` and may be called from several threads.
// The worker is made for as many requests at a time as `job.backend.window` says, one when it says
// none. Throws std::runtime_error when a variable of the environment is missing that the job names.
WorkerFactory make_worker_factory(const Job& job);

}  // namespace placer
