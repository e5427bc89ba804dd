// One child process as the supervisor sees it: its stream, what it holds, how it ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backends/child_process.h"
#include "backends/frame.h"
#include "scraper/message.h"

namespace placer {

// A worker in a child process (process_worker.h runs at the other end). Never blocks but in
// autopsy(), and in destruction before its hello. Time is an argument throughout.
class WorkerChild {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Terms {
    std::uint64_t number = 0;              // for messages: "worker 3"
    std::uint64_t retire_after = 0;        // outcomes, then it is replaced
    std::chrono::milliseconds deadline{};  // of silence while it holds a request
  };

  // How it ended.
  struct Autopsy {
    ErrorCode code = ErrorCode::kWorkerCrashed;  // or kWorkerKilled
    std::string cause;                           // "worker 3 (pid 123) died of SIGSEGV"
  };

  // `process`: ForkServer::fork_worker's.
  WorkerChild(ChildProcess process, Terms terms, Time now);

  // Of one that has said no hello: waits until it does, so that it can be reaped. REQUIRES then:
  // its fork server is gone.
  ~WorkerChild();
  WorkerChild(const WorkerChild&) = delete;
  WorkerChild& operator=(const WorkerChild&) = delete;

  // Queues a request. REQUIRES: ready(), and no request of the same id is held.
  void give(Request request, bool alone, Time now);

  // Sends and receives what can be without waiting; appends the outcomes that came.
  void transfer(std::vector<Outcome>& outcomes, Time now);

  // Ends a child that has been silent for too long.
  void check_deadline(Time now);

  // Moves its deadline, for time in which nobody listened.
  void excuse(std::chrono::steady_clock::duration unheard) { heard_ += unheard; }

  bool starting() const { return !hello_; }
  bool ready() const { return hello_ && !ended_ && !retiring(); }
  bool alone() const { return alone_; }  // holds a suspect
  bool ended() const { return ended_; }  // REQUIRES an autopsy now
  bool retired() const { return retiring() && held_.empty() && !ended_; }
  std::size_t held() const { return held_.size(); }
  bool wants_to_send() const { return !unsent_.empty(); }
  int socket() const { return process_.socket(); }
  pid_t pid() const { return process_.pid(); }  // -1 while starting()
  Time deadline() const;  // when check_deadline would end it; far away while it is idle

  // Reaps an ended child, killing it if need be. REQUIRES: ended().
  Autopsy autopsy();
  std::vector<Request> take_held();
  ChildProcess take_process() { return std::move(process_); }

 private:
  bool retiring() const { return served_ >= terms_.retire_after || worn_; }
  void read_frames(std::vector<Outcome>& outcomes, Time now);
  void receive(const Frame& frame, std::vector<Outcome>& outcomes);
  void receive_hello(std::string_view payload);
  void end(std::string why);

  ChildProcess process_;
  Terms terms_;
  FrameReader reader_;
  std::string unsent_;
  std::unordered_map<std::uint64_t, Request> held_;  // by id
  Time heard_;                                       // its last frame, or our first request
  std::uint64_t served_ = 0;
  bool hello_ = false;
  bool alone_ = false;
  bool worn_ = false;   // an exception passed through it: its memory is not to be relied on
  bool ended_ = false;  // its stream is over
  std::string why_;     // we ended it; empty: it went by itself
};

}  // namespace placer
