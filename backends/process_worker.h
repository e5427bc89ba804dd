// The child's side of the process backend.
#pragma once

#include <functional>
#include <string>

#include "scraper/worker.h"

namespace placer {

// Makes the factory for a job given as YAML text (dump_job's). May throw.
using WorkerFactoryOfJob = std::function<WorkerFactory(const std::string& job_text)>;

// The main loop of a child process: reads the job from socket `fd`, says hello, then turns request
// frames into outcome frames until the engine closes its end. Whatever cannot be sent (an outcome
// beyond kMaxPayload) becomes an outcome with kParseMemory. Returns the process's exit status.
int run_process_worker(int fd, const WorkerFactoryOfJob& make_factory);

}  // namespace placer
