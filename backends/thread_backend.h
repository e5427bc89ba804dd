// Workers in threads: `threads` with a window of 1 each, `async` with a wide one.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "backends/assigner.h"
#include "scraper/backend.h"
#include "scraper/worker.h"

namespace placer {

struct ThreadOptions {
  std::string name = "threads";  // what Backend::name says
  std::uint32_t workers = 16;    // threads, > 0
  std::uint32_t window = 1;      // requests in flight per thread, > 0
};

// Each thread makes a Worker with the factory, keeps it to itself and runs its event loop. Throws
// std::system_error from the constructor when the threads cannot be started. An exception inside a
// thread becomes Outcomes; the thread goes on with a new Worker. Destruction waits for at most the
// page each thread is processing.
class ThreadBackend : public Backend {
 public:
  // `make_worker` is called in every thread, concurrently.
  ThreadBackend(WorkerFactory make_worker, ThreadOptions options);
  ~ThreadBackend() override;

  std::string_view name() const override { return options_.name; }
  std::size_t capacity() const override { return seats_.size() * options_.window; }
  std::size_t in_flight() const override { return in_flight_; }
  void submit(Request request) override;
  std::vector<Outcome> wait(std::chrono::milliseconds max_wait) override;

  // Has only the first `workers` threads take new requests, each while it holds fewer than
  // `window`. REQUIRES: neither is 0 or more than in ThreadOptions.
  void use(std::uint32_t workers, std::uint32_t window);

  // Processor time of all threads since they started.
  std::chrono::microseconds cpu_time() const;

 private:
  class Seat;  // one thread and its inbox

  // What the threads have finished, for the engine.
  struct Finished {
    std::size_t worker;
    Outcome outcome;
  };
  class Outbox {
   public:
    void put(std::size_t worker, std::vector<Outcome> outcomes);
    std::vector<Finished> take(std::chrono::milliseconds max_wait);

   private:
    std::mutex mutex_;
    std::condition_variable filled_;
    std::vector<Finished> finished_;  // guarded by mutex_
  };

  void assign();

  ThreadOptions options_;
  Assigner assigner_;
  std::vector<WorkerLoad> loads_;  // one per seat; the engine's view
  std::size_t in_flight_ = 0;
  Outbox outbox_;  // outlives the threads
  std::vector<std::unique_ptr<Seat>> seats_;
};

}  // namespace placer
