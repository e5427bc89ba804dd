// The child program of the process backend's tests: a scripted worker.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "backends/child_process.h"
#include "backends/process_worker.h"
#include "tests/scripted_fetcher.h"

namespace placer {
namespace {

// The job text is an order here: "", "refuse" (throws), "die" (ends before its hello), "once FILE"
// (dies unless FILE can be removed).
PreparedJob prepare(const std::string& order) {
  if (order == "refuse") throw std::runtime_error("refused as ordered");
  if (order == "die") std::_Exit(9);
  if (order.starts_with("once ") && std::remove(order.c_str() + 5) != 0) std::_Exit(9);
  return {scripted_worker, {}};
}

}  // namespace
}  // namespace placer

int main() { return placer::run_process_worker(placer::kChildSocket, placer::prepare); }
