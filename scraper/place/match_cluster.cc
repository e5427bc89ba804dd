#include "scraper/place/match_cluster.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace placer {

std::vector<std::uint32_t> cluster(
    std::uint32_t count, std::vector<MatchEdge> edges,
    const std::function<bool(std::uint32_t, std::uint32_t)>& compatible) {
  std::sort(edges.begin(), edges.end(), [](const MatchEdge& x, const MatchEdge& y) {
    return std::tuple(!x.pinned, -x.score, x.a, x.b) < std::tuple(!y.pinned, -y.score, y.a, y.b);
  });
  std::vector<std::pair<std::uint32_t, std::uint32_t>> joined;
  for (const MatchEdge& edge : edges) joined.emplace_back(edge.a, edge.b);
  std::sort(joined.begin(), joined.end());
  std::vector<std::uint32_t> group(count);
  std::iota(group.begin(), group.end(), 0U);
  std::vector<std::vector<std::uint32_t>> members(count);
  const auto may_join = [&](const std::vector<std::uint32_t>& x,
                            const std::vector<std::uint32_t>& y) {
    if (x.size() + y.size() > kMaxCluster) return false;
    for (const std::uint32_t one : x) {
      for (const std::uint32_t other : y) {
        const std::pair<std::uint32_t, std::uint32_t> pair = std::minmax(one, other);
        if (std::binary_search(joined.begin(), joined.end(), pair)) continue;
        if (!compatible(pair.first, pair.second)) return false;
      }
    }
    return true;
  };
  for (const MatchEdge& edge : edges) {
    const std::uint32_t x = std::min(group[edge.a], group[edge.b]);
    const std::uint32_t y = std::max(group[edge.a], group[edge.b]);
    if (x == y) continue;
    if (members[x].empty()) members[x] = {x};
    if (members[y].empty()) members[y] = {y};
    if (!edge.pinned && !may_join(members[x], members[y])) continue;
    for (const std::uint32_t member : members[y]) group[member] = x;
    members[x].insert(members[x].end(), members[y].begin(), members[y].end());
    members[y].clear();
  }
  return group;
}

}  // namespace placer
