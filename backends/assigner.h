// Requests waiting for a worker, and the rule by which they get one.
//
// The least loaded worker takes the next request. A suspect (a request a worker has died of before)
// runs alone where a worker can hold several, so that the next death names its culprit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "scraper/message.h"

namespace placer {

// A worker as the assigner sees it.
struct WorkerLoad {
  bool ready = true;     // takes requests at all
  std::size_t held = 0;  // requests it has
  bool alone = false;    // what it has is a suspect
};

class Assigner {
 public:
  // `window`: most requests a worker holds, > 0.
  explicit Assigner(std::uint32_t window) : window_(window) {}

  // From the next assign() on.
  void set_window(std::uint32_t window) { window_ = window; }

  void add(Request request);
  std::size_t size() const { return suspects_.size() + waiting_.size(); }

  struct Placement {
    std::size_t worker = 0;  // index into the loads
    Request request;
  };

  // Hands out every request that can go now, oldest first. While a suspect waits for a worker of
  // its own, the least loaded one takes nothing else.
  std::vector<Placement> assign(std::span<const WorkerLoad> workers);

  // Everything that waits; nothing does afterwards.
  std::vector<Request> take_all();

 private:
  std::uint32_t window_;
  std::deque<Request> suspects_;  // empty when window_ is 1: each runs alone anyway
  std::deque<Request> waiting_;
};

}  // namespace placer
