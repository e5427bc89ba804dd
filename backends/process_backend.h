// Workers in child processes: each a sandbox that can crash, hang or be killed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "backends/assigner.h"
#include "backends/child_process.h"
#include "backends/fork_server.h"
#include "backends/worker_child.h"
#include "scraper/backend.h"

namespace placer {

struct ProcessOptions {
  // The fork server's program and arguments; it calls run_process_worker(kChildSocket, ...).
  std::vector<std::string> command = {"/proc/self/exe", "worker"};
  std::string job_text;                             // handed to the fork server
  std::uint32_t workers = 4;                        // most children at a time, > 0
  std::uint32_t window = 1;                         // requests in flight per child, > 0
  std::uint32_t pages_per_process = 10'000;         // +- 10 %, then a child is replaced
  std::uint64_t process_memory = 2ULL << 30;        // address space of a child in bytes
  std::chrono::milliseconds page_deadline{60'000};  // a busy child silent for longer is killed
  std::uint64_t seed = 0;                           // of the +- 10 %
};

// Supervises the children from within submit() and wait(). Children are forked by a fork server
// (fork_server.h) as work asks for them, one per request in flight up to `workers`. A fork server
// that dies takes no worker along; another is started when the next child is wanted.
//
// What a child held when it died yields kWorkerCrashed (a fault signal, an exit, a hang, garbage on
// the stream) or kWorkerKilled (SIGKILL, SIGTERM, ... from outside); the message says how it died.
// When three starts in a row fail and no child is left, what waits yields kWorkerKilled too, and
// starting goes on at growing intervals.
//
// Throws std::runtime_error from the constructor when no child can be started at all. A child dies
// with the thread that started it: keep the backend on a thread that outlives it.
class ProcessBackend : public Backend {
 public:
  explicit ProcessBackend(ProcessOptions options);
  ~ProcessBackend() override;

  std::string_view name() const override { return "processes"; }
  std::size_t capacity() const override;
  std::size_t in_flight() const override { return in_flight_; }
  void submit(Request request) override;
  std::vector<Outcome> wait(std::chrono::milliseconds max_wait) override;

  std::vector<pid_t> children() const;  // that have said hello and run
  pid_t fork_server() const { return server_ ? server_->pid() : -1; }

 private:
  using Time = WorkerChild::Time;

  // A child that was asked to end.
  struct Leaving {
    ChildProcess process;
    Time since;
  };

  bool supervise(std::chrono::milliseconds max_wait);
  void bury_server(Time now);
  void bury_ended(Time now);
  void give_up_hopeless(Time now);
  void note_failed_start(const std::string& cause, Time now);
  void retire_served(Time now);
  void reap_leaving(Time now);
  void start_missing(Time now);
  void start_server(Time now);
  void start_child(Time now);
  void assign(Time now);
  bool wants_child() const;
  Time next_event() const;

  ProcessOptions options_;
  std::mt19937_64 random_;
  Assigner assigner_;
  std::vector<std::unique_ptr<WorkerChild>> children_;
  std::unique_ptr<ForkServer> server_;  // null: none runs. Ends before children_ do
  std::vector<Leaving> leaving_;
  std::vector<Outcome> finished_;
  std::size_t in_flight_ = 0;        // submitted, not yet returned by wait()
  std::uint64_t started_ = 0;        // children so far
  bool under_way_ = false;           // an outcome has come
  std::uint32_t failed_starts_ = 0;  // in a row
  std::string failed_start_cause_;   // of the last one
  Time next_start_{};                // no child is started earlier
  Time listened_;                    // when the children were last listened to
};

}  // namespace placer
