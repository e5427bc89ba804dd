// A Worker whose exceptions become Outcomes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "scraper/message.h"
#include "scraper/worker.h"

namespace placer {

// An Outcome for a request that no worker finished.
Outcome lost_outcome(Request request, ErrorCode code, std::string message);

// Makes a Worker when the first request comes, and again after one threw (out of memory, say): an
// exception ends that worker, and everything it held yields kWorkerCrashed.
//
// Thread safety: confined to one thread.
class GuardedWorker {
 public:
  // `name` stands in error messages: "worker 3".
  GuardedWorker(WorkerFactory make_worker, std::string name)
      : make_worker_(std::move(make_worker)), name_(std::move(name)) {}

  void start(Request request);

  // Like Worker::poll. Waits until `wake_fd` is readable or `max_wait` is over when nothing is
  // held.
  std::vector<Outcome> poll(std::chrono::milliseconds max_wait, int wake_fd = -1);

  std::size_t held() const { return held_.size() + lost_.size(); }

 private:
  void lose_all(const char* why);

  WorkerFactory make_worker_;
  std::string name_;
  std::unique_ptr<Worker> worker_;
  std::unordered_map<std::uint64_t, Request> held_;  // by id: what worker_ has
  std::vector<Outcome> lost_;                        // of workers that threw, not handed out yet
};

}  // namespace placer
