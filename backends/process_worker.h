// The child's side of the process backend: the fork server, and the workers it forks.
#pragma once

#include <functional>
#include <string>

#include "scraper/worker.h"

namespace placer {

// A job as the workers of one fork server have it.
struct PreparedJob {
  WorkerFactory make_worker;
  // Loads what workers can share: done before another worker is forked once a crawl is under way,
  // or by a worker while its first server takes its time. May be empty.
  std::function<void()> warm_up;
};

// Prepares a job given as YAML text (dump_job's). May throw.
using JobPreparation = std::function<PreparedJob(const std::string& job_text)>;

// The main loop of a fork server: reads the job from socket `fd`, says hello, then forks a worker
// for every descriptor that comes, and warms up for a byte without one, until the engine closes its
// end. Returns the exit status.
//
// A worker has its own socket for `fd`: it says hello and turns request frames into outcome frames
// until the engine closes its end. Whatever cannot be sent (an outcome beyond kMaxPayload) becomes
// an outcome with kParseMemory. It never returns from here.
//
// REQUIRES: the calling thread is the only one.
int run_process_worker(int fd, const JobPreparation& prepare);

}  // namespace placer
