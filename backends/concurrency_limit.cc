#include "backends/concurrency_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace placer {
namespace {

using std::chrono::microseconds;

constexpr double kBusy = 0.8;       // share of the time above which a loop counts as used up
constexpr double kMostGrowth = 64;  // times, in one step
constexpr double kPays = 1.1;       // pages per second, times those before: growth is kept
constexpr double kChanged = 2;     // times as long, or as short, an exchange: growth is tried again
constexpr double kPatience = 0.1;  // s that an answer may wait for a processor
constexpr microseconds kShortRound{50'000};
constexpr microseconds kLongRound{2'000'000};
constexpr std::uint64_t kLeastPages = 8;

double seconds(microseconds time) { return std::chrono::duration<double>(time).count(); }

std::string duration(double s) {
  if (s >= 1) return fmt::format("{:.1f} s", s);
  return s >= 0.001 ? fmt::format("{:.0f} ms", s * 1e3) : fmt::format("{:.0f} us", s * 1e6);
}

std::string figures(const Round& round, double busy) {
  const auto pages = static_cast<double>(round.pages);
  return fmt::format(
      "{} pages of {:.0f} KB, answered in {} (the fastest in {}), {} of work each, loops busy for "
      "{:.0f} % of the time",
      round.pages, static_cast<double>(round.bytes) / pages / 1000,
      duration(seconds(round.answers) / pages), duration(seconds(round.fastest)),
      duration(std::max(seconds(round.work), seconds(round.cpu)) / pages), 100 * busy);
}

std::string numbers(const Concurrency& c) {
  return fmt::format("{} event loop{} of up to {} request{}", c.workers, c.workers == 1 ? "" : "s",
                     c.window, c.window == 1 ? "" : "s");
}

}  // namespace

ConcurrencyLimit::ConcurrencyLimit(std::uint32_t most_workers, std::uint32_t most_in_flight)
    : most_workers_(most_workers),
      most_in_flight_(most_in_flight),
      now_{1, std::min(kFirst, most_in_flight)} {}

bool ConcurrencyLimit::suffices(std::uint64_t pages, microseconds elapsed) const {
  if (pages < kLeastPages) return false;
  if (pages >= now_.total()) return elapsed >= kShortRound;
  return elapsed >= std::max(kLongRound, 2 * answer_);
}

std::optional<std::string> ConcurrencyLimit::learn(const Round& round) {
  if (!round.full || round.pages == 0 || round.elapsed <= microseconds(0)) {
    trial_.reset();  // the frontier had no more to give: nothing is learnt of these numbers
    return std::nullopt;
  }
  answer_ = round.answers / static_cast<std::int64_t>(round.pages);
  const double rate = static_cast<double>(round.pages) / seconds(round.elapsed);
  const double cycle = now_.total() / rate;
  const double used = std::max(seconds(round.cpu), seconds(round.work));
  const double busy = std::clamp(used / seconds(round.elapsed) / now_.workers, 0.001, 1.0);
  if (takes_back(rate, cycle)) {
    return fmt::format("{}: no more than with fewer, so {} again", figures(round, busy),
                       numbers(now_));
  }
  const Concurrency next = better(round, busy, rate);
  if (next == now_) return std::nullopt;
  if (next.total() > now_.total() && next.workers == now_.workers) trial_ = Trial{now_, rate};
  now_ = next;
  return fmt::format("{}: {}", figures(round, busy), numbers(now_));
}

// True when the last growth did not pay and is undone.
bool ConcurrencyLimit::takes_back(double rate, double cycle) {
  if (trial_) {
    const Trial trial = *trial_;
    trial_.reset();
    if (rate < kPays * trial.rate) {
      now_ = trial.before;
      ceiling_cycle_ = now_.total() / std::max(trial.rate, 0.001);
      return true;
    }
  } else if (ceiling_cycle_ > 0 &&
             (cycle > kChanged * ceiling_cycle_ || kChanged * cycle < ceiling_cycle_)) {
    ceiling_cycle_ = 0;
  }
  return false;
}

Concurrency ConcurrencyLimit::better(const Round& round, double busy, double rate) const {
  if (busy < kBusy) {
    if (ceiling_cycle_ > 0) return now_;
    return spread(now_.total() * std::min(kMostGrowth, 1 / busy), now_.workers);
  }
  if (now_.workers < most_workers_) return spread(now_.total(), most_workers_);
  const double twice = 2 * seconds(round.fastest);
  if (now_.total() / rate <= twice + kPatience) return now_;
  return spread(rate * (twice + kPatience / 2), now_.workers);
}

Concurrency ConcurrencyLimit::spread(double requests, std::uint32_t workers) const {
  const std::uint32_t most = (most_in_flight_ + workers - 1) / workers;
  const double share = std::min<double>(std::ceil(requests / workers), most);
  return {workers, std::max(static_cast<std::uint32_t>(share), std::min(kLeast, most))};
}

}  // namespace placer
