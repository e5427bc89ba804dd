#include "scraper/place/match_cluster.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace placer {
namespace {

class Clusters {
 public:
  using Compatible = std::function<bool(std::uint32_t, std::uint32_t)>;

  Clusters(std::uint32_t count, const std::vector<MatchEdge>& edges,
           std::vector<MatchPair> kept_apart, const Compatible& compatible)
      : kept_apart_(std::move(kept_apart)),
        compatible_(compatible),
        group_(count),
        unit_(count),
        members_(count) {
    std::iota(group_.begin(), group_.end(), 0U);
    for (const MatchEdge& edge : edges) joined_.emplace_back(edge.a, edge.b);
    std::sort(joined_.begin(), joined_.end());
    std::sort(kept_apart_.begin(), kept_apart_.end());
    unit_ = group_;
  }

  void join(const MatchEdge& edge) {
    const std::uint32_t x = std::min(group_[edge.a], group_[edge.b]);
    const std::uint32_t y = std::max(group_[edge.a], group_[edge.b]);
    if (x == y) return;
    if (members_[x].empty()) members_[x] = {x};
    if (members_[y].empty()) members_[y] = {y};
    if (!edge.pinned && !may_join(members_[x], members_[y])) return;
    for (const std::uint32_t member : members_[y]) group_[member] = x;
    members_[x].insert(members_[x].end(), members_[y].begin(), members_[y].end());
    members_[y].clear();
    if (edge.pinned) unit_ = group_;  // pinned edges come first
  }

  std::vector<std::uint32_t> take_groups() { return std::move(group_); }

 private:
  bool may_join(const std::vector<std::uint32_t>& x, const std::vector<std::uint32_t>& y) const {
    if (x.size() + y.size() > kMaxCluster) return false;
    std::map<MatchPair, bool> units;  // whether any pair of the two is compatible
    for (const std::uint32_t one : x) {
      for (const std::uint32_t other : y) {
        const MatchPair pair = std::minmax(one, other);
        if (std::binary_search(kept_apart_.begin(), kept_apart_.end(), pair)) return false;
        bool& fine = units[{unit_[one], unit_[other]}];
        fine = fine || std::binary_search(joined_.begin(), joined_.end(), pair) ||
               compatible_(pair.first, pair.second);
      }
    }
    return std::all_of(units.begin(), units.end(), [](const auto& unit) { return unit.second; });
  }

  std::vector<MatchPair> joined_;
  std::vector<MatchPair> kept_apart_;
  const Compatible& compatible_;
  std::vector<std::uint32_t> group_;
  std::vector<std::uint32_t> unit_;  // groups that people made
  std::vector<std::vector<std::uint32_t>> members_;
};

}  // namespace

std::vector<std::uint32_t> cluster(
    std::uint32_t count, std::vector<MatchEdge> edges, std::vector<MatchPair> kept_apart,
    const std::function<bool(std::uint32_t, std::uint32_t)>& compatible) {
  std::sort(edges.begin(), edges.end(), [](const MatchEdge& x, const MatchEdge& y) {
    return std::tuple(!x.pinned, -x.score, x.a, x.b) < std::tuple(!y.pinned, -y.score, y.a, y.b);
  });
  Clusters clusters(count, edges, std::move(kept_apart), compatible);
  for (const MatchEdge& edge : edges) clusters.join(edge);
  return clusters.take_groups();
}

}  // namespace placer
