#include "backends/serial_backend.h"

#include <algorithm>

namespace placer {

std::vector<Outcome> SerialBackend::wait(std::chrono::milliseconds max_wait) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + max_wait;
  for (auto left = max_wait;;) {
    const bool idle = worker_.held() == 0;
    std::vector<Outcome> outcomes = worker_.poll(left);
    left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (!outcomes.empty() || idle || left.count() <= 0) return outcomes;
  }
}

}  // namespace placer
