// The process that forks the workers, as the engine sees it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "backends/child_process.h"
#include "backends/frame.h"
#include "backends/wire.h"

namespace placer {

// A process that has read the job, and forks a worker for every socket it is handed
// (process_worker.h runs at the other end). So a worker costs a fork rather than a program's start,
// and shares what the fork server has loaded by then, until it writes to it.
//
// Workers are its siblings (CLONE_PARENT): children of the engine, which reaps them, sees how they
// ended, and with whose thread they die. They need the fork server only to come into being. It
// never sees a page.
//
// Never blocks but in autopsy(). Time is an argument throughout.
class ForkServer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Throws std::system_error when no process can be made.
  ForkServer(const std::vector<std::string>& command, const SandboxLimits& limits,
             const WorkerStart& start, Time now);
  ~ForkServer();
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  // Asks for a worker, which is known by its socket until it says hello; the socket closes when
  // none comes. Throws std::system_error.
  ChildProcess fork_worker();

  // Lets it load what all workers read and none changes, once, before it forks another. That takes
  // some 30 ms, for which the first requests of a crawl need not wait.
  void warm_up();

  // Sends and receives what can be without waiting.
  void transfer();

  // Ends one that does not begin to serve.
  void check_deadline(Time now);
  void excuse(std::chrono::steady_clock::duration unheard) { started_ += unheard; }

  bool ended() const { return ended_; }  // REQUIRES an autopsy now
  bool wants_to_send() const { return !unsent_.empty() || (hello_ && !asked_.empty()); }
  int socket() const { return process_.socket(); }
  pid_t pid() const { return process_.pid(); }
  Time deadline() const;  // when check_deadline would end it

  // Reaps it, killing it if need be: "fork server (pid 123) died of SIGKILL". REQUIRES: ended().
  std::string autopsy();

 private:
  void flush();
  void end(std::string why);

  ChildProcess process_;
  FrameReader reader_;
  std::string unsent_;
  std::vector<int> asked_;  // once it serves: sockets to hand over, -1 for the warm-up
  Time started_;
  bool hello_ = false;
  bool warm_ = false;  // or asked to be
  bool ended_ = false;
  std::string why_;  // we ended it; empty: it went by itself
};

}  // namespace placer
