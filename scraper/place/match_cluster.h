// From pairs that are the same to groups that are.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace placer {

struct MatchEdge {
  std::uint32_t a = 0;  // a < b
  std::uint32_t b = 0;
  double score = 0;
  bool pinned = false;  // a person said so: joins whatever else speaks against it
};

inline constexpr std::size_t kMaxCluster = 64;  // spellings of one place

using MatchPair = std::pair<std::uint32_t, std::uint32_t>;  // the smaller first

// Joins the ends of edges, the surest edge first (then by a and b), so that the result depends on
// nothing else, not on the order of `edges` either. Two groups stay apart when `compatible` is
// false for any pair across them, when a person said so of a pair (`kept_apart`), or when the group
// would be larger than kMaxCluster; so a chain of likenesses does not glue places that contradict
// each other. Those that a person joined count as one: it is enough when one of them is compatible.
//
// Gives for each of `count` places the smallest member of its group. `compatible` is asked about
// pairs without an edge of their own only.
std::vector<std::uint32_t> cluster(
    std::uint32_t count, std::vector<MatchEdge> edges, std::vector<MatchPair> kept_apart,
    const std::function<bool(std::uint32_t, std::uint32_t)>& compatible);

}  // namespace placer
