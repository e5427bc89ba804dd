#include "scraper/cli/live/history.h"

#include <algorithm>

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
constexpr std::size_t kFewSeconds = 3;

void append(std::vector<double>& values, std::size_t times, double value) {
  values.insert(values.end(), times, value);
  if (values.size() > LiveHistory::kSeconds) {
    values.erase(values.begin(), values.end() - LiveHistory::kSeconds);
  }
}

double per_second(const Progress& before, const Progress& now) {
  const milliseconds time = now.elapsed - before.elapsed;
  if (time.count() <= 0) return 0;
  const auto pages = static_cast<double>(now.counters.pages - before.counters.pages);
  return 1000 * pages / static_cast<double>(time.count());
}

}  // namespace

void LiveHistory::add(const Progress& now) {
  now_ = now;
  const auto seconds = (now.elapsed - before_.elapsed) / std::chrono::seconds(1);
  if (seconds < 1) return;
  const std::size_t times = std::min(static_cast<std::size_t>(seconds), kSeconds);
  append(rates_, times, per_second(before_, now));
  append(queues_, times, static_cast<double>(now.queued));
  before_ = now;
}

double LiveHistory::average(std::size_t seconds) const {
  if (rates_.empty()) return per_second({}, now_);
  const std::size_t count = std::min(seconds, rates_.size());
  double sum = 0;
  for (const double rate : rates().last(count)) sum += rate;
  return sum / static_cast<double>(count);
}

double LiveHistory::pages_per_second() const { return average(kFewSeconds); }

std::optional<milliseconds> LiveHistory::left() const {
  const double rate = average(kSeconds);
  if (rate <= 0 || now_.queued == 0) return std::nullopt;
  constexpr double kLongest = 1e12;  // 30 years, in milliseconds
  const double time = 1000 * static_cast<double>(now_.queued) / rate;
  return milliseconds(static_cast<std::int64_t>(std::min(time, kLongest)));
}

}  // namespace placer::cli
