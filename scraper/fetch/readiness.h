// How long what is read from sockets may have been ready before this program came to read it.
#pragma once

#include <chrono>

namespace placer {

// What an event loop knows of it. A value; thread-compatible.
class Readiness {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Readiness(Clock::time_point now) : caught_up_(now), since_(now) {}

  // A look for ready sockets took from `before` to `after`; it brought `all` there were, or as many
  // as one look can bring.
  void looked(Clock::time_point before, Clock::time_point after, bool all) {
    const bool waited = after - before >= std::chrono::milliseconds(1);  // none was ready before
    since_ = waited ? after : caught_up_;
    if (all || waited) caught_up_ = after;
  }

  // Nothing that the last look brought was ready before this.
  Clock::time_point since() const { return since_; }

 private:
  Clock::time_point caught_up_;  // when nothing was left unseen
  Clock::time_point since_;
};

}  // namespace placer
