#include "scraper/frontier/pace.h"

#include <algorithm>

#include "scraper/frontier/verdict.h"

namespace placer {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds kAddressDelay{250};
constexpr int kDoubled = 200;  // percent of the delay so far
constexpr int kAQuarterMore = 125;
constexpr int kRecovery = 8;     // the part of the excess that a sound answer takes away
constexpr int kDelayFactor = 5;  // of the time to the first byte: the most for being slow
constexpr microseconds kSlack = milliseconds(200);
constexpr int kMostTimes = 10;  // the usual delay or answer time: the most for failing
constexpr milliseconds kLeastTrouble{100};

// What an outcome tells of its host.
enum class Sign : std::uint8_t {
  kSound,
  kUnwell,   // server errors, broken responses
  kRefused,  // overloaded, or not there at all
  kNone,     // what happened on our side, or was decided there
};

Sign sign_of(const Outcome& outcome) {
  if (concerns_host(outcome)) return Sign::kRefused;
  if (!outcome.error) return outcome.status >= 500 ? Sign::kUnwell : Sign::kSound;
  switch (outcome.error->code) {
    case ErrorCode::kProtocol:
      return Sign::kUnwell;
    case ErrorCode::kHeadersTooLarge:
    case ErrorCode::kBodyTooLarge:
    case ErrorCode::kContentEncoding:
    case ErrorCode::kContentType:
    case ErrorCode::kParseDeadline:
    case ErrorCode::kParseMemory:
      return Sign::kSound;
    default:
      return Sign::kNone;
  }
}

// The usual time follows shorter ones quickly and longer ones slowly.
void follow(microseconds time, microseconds& recent, microseconds& usual) {
  if (usual == microseconds{0}) usual = recent = time;
  recent += (time - recent) / 4;
  const microseconds apart = time - usual;
  usual += apart / (apart < microseconds{0} ? 4 : 64);
}

// RFC 9110 section 10.2.3 has it on 503 and 3xx, RFC 6585 on 429; with a 2xx nothing failed.
bool asks_to_wait(const Outcome& outcome) {
  return outcome.retry_after && (outcome.status < 200 || outcome.status >= 300);
}

}  // namespace

PaceRules pace_rules(const PolitenessOptions& politeness, const RetryOptions& retry) {
  return {politeness.delay, politeness.max_crawl_delay, politeness.adaptive, politeness.max_delay,
          retry.backoff,    retry.max_backoff};
}

milliseconds address_delay(const PolitenessOptions& politeness) {
  return politeness.address_delay.value_or(std::min(kAddressDelay, politeness.delay));
}

milliseconds backoff(milliseconds first, milliseconds most, std::uint32_t failures,
                     std::minstd_rand& random) {
  const auto pause = std::min<milliseconds>(first * (1LL << std::min(failures - 1, 20U)), most);
  std::uniform_int_distribution<std::int64_t> jitter(0, pause.count() / 4);
  return pause + milliseconds(jitter(random));
}

Pace::Pace(const PaceRules& rules, const PaceState& state, Instant now)
    : rules_(rules),
      state_(state),
      recent_(state_.latency),
      recent_gap_(state_.latency),
      usual_gap_(state_.latency) {
  state_.next_allowed = std::min(state_.next_allowed, now + state_.pause);
  if (state_.last_start > now) state_.last_start = {};  // by another clock: no gap to measure
  since_ = state_.last_start;
}

void Pace::assume_started(Instant at) {
  since_ = std::max(since_, at);
  pause_until(since_ + delay(), at);
}

void Pace::set_crawl_delay(milliseconds crawl_delay) {
  crawl_delay_ = std::min(crawl_delay, rules_.max_crawl_delay);
  if (since_ != Instant{}) pause_until(since_ + delay(), since_);
}

milliseconds Pace::delay() const {
  const milliseconds asked = std::max(rules_.delay, crawl_delay_);
  return rules_.adaptive ? std::max(asked, std::min(state_.slowed, rules_.max_delay)) : asked;
}

void Pace::started(Instant now) {
  PaceRecord& record = state_.record;
  if (now < state_.next_allowed) ++record.early;
  if (state_.last_start != Instant{}) {
    const milliseconds gap = now - state_.last_start;
    record.min_gap = std::min(record.min_gap.value_or(gap), gap);
    record.min_delay = std::min(record.min_delay.value_or(delay()), delay());
  }
  ++record.requests;
  record.most_in_flight = std::max(record.most_in_flight, ++in_flight_);
  ended_before_.push_back(ended_);
  state_.last_start = since_ = now;
  state_.delay = delay();
  pause_until(now + delay(), now);
}

void Pace::finished(const Outcome& outcome, Instant now, std::minstd_rand& random) {
  const std::uint32_t ended = ended_since_oldest();
  if (in_flight_ > 0) --in_flight_;
  // The way to the wire takes time too, most where a worker has just been started; the exchange
  // began no later than so long ago.
  const microseconds took(outcome.timings.total + outcome.timings.process);
  if (outcome.timings.total > 0 && since_ != Instant{}) {
    since_ = std::max(since_, now - std::chrono::duration_cast<milliseconds>(took));
  }
  const bool echo = echoes_ > 0;
  if (echo) --echoes_;
  if (outcome.status == 429 || outcome.status == 503) ++state_.record.refused;
  const Sign sign = sign_of(outcome);
  if (!echo && (sign == Sign::kRefused || sign == Sign::kUnwell)) {
    echoes_ = in_flight_;
    // A site whose pages fail one by one shall be spared, not given up.
    const auto answer = std::chrono::duration_cast<milliseconds>(recent_);
    const milliseconds most = kMostTimes * std::max({rules_.delay, answer, kLeastTrouble});
    slow_down(sign == Sign::kRefused ? kDoubled : kAQuarterMore, most);
  }
  if (sign == Sign::kRefused) {
    if (!echo || state_.failures == 0) ++state_.failures;
    const milliseconds pause = backoff(rules_.backoff, rules_.max_backoff, state_.failures, random);
    pause_until(now + std::min<milliseconds>(pause, kLongestPause), now);
  } else if (sign == Sign::kSound && !echo) {
    state_.failures = 0;
    learn(microseconds(outcome.timings.first_byte), ended);
    const auto most = std::chrono::duration_cast<milliseconds>(recent_ * kDelayFactor);
    if (answers_slowly() && delay() < most) {
      slow_down(kAQuarterMore, most);
    } else {
      recover();
    }
  }
  if (asks_to_wait(outcome)) {
    pause_until(now + std::clamp<milliseconds>(*outcome.retry_after, {}, kLongestPause), now);
  }
  if (since_ != Instant{}) pause_until(since_ + delay(), now);
}

// Never shortens a pause.
void Pace::pause_until(Instant until, Instant now) {
  if (until <= state_.next_allowed) return;
  state_.next_allowed = until;
  state_.pause = std::max(until - now, milliseconds{0});
}

// How many requests ended while the one was in flight that has been for longest, it among them. It
// is taken for the one that ends now: which one does is not known, and on average it does not
// matter.
std::uint32_t Pace::ended_since_oldest() {
  ++ended_;
  if (ended_before_.empty()) return 1;
  const std::uint32_t since = ended_ - ended_before_.front();
  ended_before_.erase(ended_before_.begin());
  return since;
}

void Pace::learn(microseconds first_byte, std::uint32_t ended) {
  if (first_byte <= microseconds{0}) return;
  follow(first_byte, recent_, state_.latency);
  follow(first_byte / ended, recent_gap_, usual_gap_);
}

bool Pace::answers_slowly() const {
  return recent_ > 2 * state_.latency + kSlack && recent_gap_ > 2 * usual_gap_;
}

void Pace::slow_down(int percent, milliseconds most) {
  if (!rules_.adaptive) return;
  const auto answer = std::chrono::duration_cast<milliseconds>(recent_);
  const milliseconds from = std::max({delay(), answer, milliseconds{1}});
  const milliseconds to = std::min({from * percent / 100, most, rules_.max_delay});
  state_.slowed = std::max(state_.slowed, to);
}

void Pace::recover() {
  const milliseconds excess = state_.slowed - rules_.delay;
  state_.slowed -= std::max({excess / kRecovery, rules_.delay / kRecovery, milliseconds{1}});
  if (state_.slowed <= rules_.delay) state_.slowed = milliseconds{0};
}

Instant AddressPace::turn(std::string_view address, Instant now, bool waited) {
  if (delay_ <= milliseconds{0} || address.empty()) return now;
  forget_idle(now);
  const auto [entry, is_new] = addresses_.try_emplace(std::string(address));
  Turns& turns = entry->second;
  const Instant free = turns.last_start + delay_;
  const bool queued_before = !waited && turns.last_turn >= now;
  if (is_new || (free <= now && !queued_before)) {
    turns.last_start = now;
    return now;
  }
  // Who waited finds the address taken when somebody was late; all behind move back as they come.
  Instant& turn = waited ? turns.moved_turn : turns.last_turn;
  turn = std::max(turn, turns.last_start) + delay_;
  turns.last_turn = std::max(turns.last_turn, turn);
  return turn;
}

void AddressPace::note(std::string_view address, Instant at) {
  if (delay_ <= milliseconds{0} || address.empty()) return;
  Turns& turns = addresses_[std::string(address)];
  turns.last_start = std::max(turns.last_start, at);
}

// Amortised: each sweep is paid for by the addresses added since the last.
void AddressPace::forget_idle(Instant now) {
  if (addresses_.size() < sweep_at_) return;
  std::erase_if(addresses_, [this, now](const auto& entry) {
    return std::max(entry.second.last_start, entry.second.last_turn) + delay_ <= now;
  });
  sweep_at_ = std::max<std::size_t>(64, 2 * addresses_.size());
}

}  // namespace placer
