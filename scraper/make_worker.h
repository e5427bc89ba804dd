// The worker that a job asks for: curl, and one extractor per format.
#pragma once

#include "config/config.h"
#include "scraper/worker.h"

namespace placer {

// The factory keeps a copy of what it needs of `job` and may be called from several threads.
WorkerFactory make_worker_factory(const Job& job);

}  // namespace placer
