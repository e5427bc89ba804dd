#include "backends/assigner.h"

#include <iterator>
#include <optional>
#include <utility>

namespace placer {
namespace {

std::optional<std::size_t> least_loaded(std::span<const WorkerLoad> workers) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < workers.size(); ++i) {
    if (!workers[i].ready || workers[i].alone) continue;
    if (!best || workers[i].held < workers[*best].held) best = i;
  }
  return best;
}

}  // namespace

void Assigner::add(Request request) {
  auto& queue = window_ > 1 && request.crashes > 0 ? suspects_ : waiting_;
  queue.push_back(std::move(request));
}

std::vector<Assigner::Placement> Assigner::assign(std::span<const WorkerLoad> workers) {
  std::vector<Placement> placements;
  if (size() == 0) return placements;
  std::vector<WorkerLoad> loads(workers.begin(), workers.end());
  const auto place = [&](std::size_t worker, std::deque<Request>& from) {
    placements.push_back({worker, std::move(from.front())});
    from.pop_front();
    ++loads[worker].held;
  };
  while (!suspects_.empty()) {
    const auto worker = least_loaded(loads);
    if (!worker) break;
    loads[*worker].alone = true;
    if (loads[*worker].held > 0) break;  // kept free of other requests until it is idle
    place(*worker, suspects_);
  }
  while (!waiting_.empty()) {
    const auto worker = least_loaded(loads);
    if (!worker || loads[*worker].held >= window_) break;
    place(*worker, waiting_);
  }
  return placements;
}

std::vector<Request> Assigner::take_all() {
  std::vector<Request> all(std::make_move_iterator(suspects_.begin()),
                           std::make_move_iterator(suspects_.end()));
  all.insert(all.end(), std::make_move_iterator(waiting_.begin()),
             std::make_move_iterator(waiting_.end()));
  suspects_.clear();
  waiting_.clear();
  return all;
}

}  // namespace placer
