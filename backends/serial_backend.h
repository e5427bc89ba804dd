// One worker, one request at a time, on the engine's own thread: the easiest to debug.
#pragma once

#include "backends/guarded_worker.h"
#include "scraper/backend.h"

namespace placer {

// Work happens inside wait() only. An exception in the worker becomes an Outcome.
class SerialBackend : public Backend {
 public:
  explicit SerialBackend(WorkerFactory make_worker) : worker_(std::move(make_worker), "worker 0") {}

  std::string_view name() const override { return "serial"; }
  std::size_t capacity() const override { return 1; }
  std::size_t in_flight() const override { return worker_.held(); }
  void submit(Request request) override { worker_.start(std::move(request)); }
  std::vector<Outcome> wait(std::chrono::milliseconds max_wait) override;

 private:
  GuardedWorker worker_;
};

}  // namespace placer
