// A moment by the engine's clock.
#pragma once

#include <chrono>

namespace placer {

// Milliseconds since the Unix epoch: wall time at the start of the run plus what a monotonic clock
// counted since. It never jumps within a run.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace placer
