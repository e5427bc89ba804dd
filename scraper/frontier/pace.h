// When the next request to a host or an address may start.
//
// Pure: time and randomness are arguments. The engine's clock is monotonic within a run.
//
// The delay between two starts is the longest of: what the job says; robots.txt's Crawl-delay, up
// to the job's cap; what adapting asks for. Adapting is multiplicative increase, gradual decrease,
// as in TCP: a refusal (429, 503, no connection, time-out) doubles the delay, another server error
// adds a quarter, up to ten times the job's delay or the time of an answer; so does an answer when
// answers of late take more than twice as long as is usual for the host and 200 ms, but only up to
// five times what they take (Heritrix' delay factor). Where several requests are in flight, answers
// also have to come more seldom than half as often as is usual: else they wait for each other, at a
// server that serves few at a time. Each sound answer takes an eighth of the excess away. The usual
// time follows faster answers quickly and slower ones slowly, so that being slow does not soon
// become usual. Of several requests in flight at once the first failure counts, the others are its
// echo.
//
// Apart from delays a host may be paused: for Retry-After (to the second; never shortened, except
// that more than a day counts as a day), and after a refusal by back-off, doubled each time.
//
// Between runs only a wall clock measures time, and it may have been set. The rules:
// - A pause is kept at least as long as it was meant, also where the clock was set back; but what
//   lies further ahead than the pause's whole length is the clock's doing and is cut to that.
// - After an unclean end assume_started() waits one full delay.
// - Where the clock was set forward between runs, a pause may end early; nothing can be known.
#pragma once

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/config.h"
#include "scraper/frontier/pace_state.h"
#include "scraper/message.h"

namespace placer {

// The options of a job that pace a host.
struct PaceRules {
  std::chrono::milliseconds delay{0};
  std::chrono::milliseconds max_crawl_delay{0};
  bool adaptive = true;
  std::chrono::milliseconds max_delay{0};  // that adapting may reach
  std::chrono::milliseconds backoff{0};    // after the first failure
  std::chrono::milliseconds max_backoff{0};
};
PaceRules pace_rules(const PolitenessOptions& politeness, const RetryOptions& retry);

// The job's delay between starts to one address; "auto" is resolved.
std::chrono::milliseconds address_delay(const PolitenessOptions& politeness);

// `first` doubled with each failure after the first, at most `most`; and up to a quarter more, so
// that many waiters do not come in step. REQUIRES: failures > 0.
std::chrono::milliseconds backoff(std::chrono::milliseconds first, std::chrono::milliseconds most,
                                  std::uint32_t failures, std::minstd_rand& random);

// The pace of one host name. A value.
class Pace {
 public:
  static constexpr std::chrono::hours kLongestPause{24};

  // Goes on from what is durable; for a host not met before, from PaceState{}.
  Pace(const PaceRules& rules, const PaceState& state, Instant now);

  // A request may have started at `at` and left no trace: the next one waits a delay from then.
  void assume_started(Instant at);

  // The longest that the host's origins ask for in their robots.txt; 0: none asks.
  void set_crawl_delay(std::chrono::milliseconds crawl_delay);

  Instant next_allowed() const { return state_.next_allowed; }
  std::chrono::milliseconds delay() const;  // that holds between starts
  std::uint32_t failures() const { return state_.failures; }
  std::uint32_t in_flight() const { return in_flight_; }

  // A request starts, or ends. finished() never brings next_allowed() forward.
  void started(Instant now);
  void finished(const Outcome& outcome, Instant now, std::minstd_rand& random);

  const PaceState& state() const { return state_; }

  // Begins a new record: of a new pass.
  void clear_record() { state_.record = {}; }

 private:
  void pause_until(Instant until, Instant now);
  std::uint32_t ended_since_oldest();
  void learn(std::chrono::microseconds first_byte, std::uint32_t ended);
  bool answers_slowly() const;
  void slow_down(int percent, std::chrono::milliseconds most);
  void recover();

  PaceRules rules_;
  PaceState state_;
  std::chrono::milliseconds crawl_delay_{0};
  std::chrono::microseconds recent_{0};  // first bytes, of late
  // From one answer to the next while several are awaited, of late and as is usual; 0: unknown.
  std::chrono::microseconds recent_gap_{0};
  std::chrono::microseconds usual_gap_{0};
  Instant since_{};  // the last start, or what has to be taken for one
  std::uint32_t in_flight_ = 0;
  std::uint32_t ended_ = 0;                  // requests that have
  std::vector<std::uint32_t> ended_before_;  // by request in flight, the oldest first: its start
  std::uint32_t echoes_ = 0;  // requests in flight when a failure was counted, not yet ended
};

// Spaces the starts to each IP address, over all hosts that live there. Remembers addresses only as
// long as somebody has to wait for them.
class AddressPace {
 public:
  explicit AddressPace(std::chrono::milliseconds delay) : delay_(delay) {}

  // For a host whose own time has come. `now`: it may start, and is taken to have started. Later:
  // the host's turn; it asks again then, with `waited`, and before others have been sent there.
  // So n hosts of one address cost n log n, not n * n.
  Instant turn(std::string_view address, Instant now, bool waited);

  // A request started at `at`; which address it went to, only its answer told.
  void note(std::string_view address, Instant at);

  std::size_t remembered() const { return addresses_.size(); }

 private:
  struct Turns {
    Instant last_start{};
    Instant last_turn{};   // given away
    Instant moved_turn{};  // the last one given to somebody who had waited
  };
  void forget_idle(Instant now);

  std::chrono::milliseconds delay_;
  std::unordered_map<std::string, Turns> addresses_;
  std::size_t sweep_at_ = 64;
};

}  // namespace placer
