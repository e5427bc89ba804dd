// Restaurants of two guides (dedupe's data): name, address and city, no telephone number.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "scraper/place/match.h"
#include "scraper/place/match_blocks.h"
#include "scraper/place/match_cluster.h"

namespace placer {
namespace {

using Pairs = std::set<std::pair<std::uint32_t, std::uint32_t>>;

struct Guides {
  std::vector<int> ids;
  std::vector<MatchProfile> profiles;
  std::map<BlockKey, std::vector<std::uint32_t>> blocks;

  std::uint32_t sharing(BlockKey key) const {
    const auto found = blocks.find(key);
    return found == blocks.end() ? 2 : static_cast<std::uint32_t>(found->second.size());
  }
  Match compare(std::uint32_t a, std::uint32_t b) const {
    Sharing shared;
    shared.name = std::max(sharing(name_key(profiles[a])), sharing(name_key(profiles[b])));
    return match(profiles[a], profiles[b], shared);
  }
};

Guides read_guides(const std::filesystem::path& folder) {
  Guides guides;
  std::ifstream lines(folder / "restaurants.ndjson");
  for (std::string line; std::getline(lines, line);) {
    const auto row = nlohmann::json::parse(line);
    Place place;
    place.name = row["name"];
    place.addr_street = row["address"];
    place.addr_city = row["city"];
    guides.ids.push_back(row["id"]);
    guides.profiles.push_back(match_profile(place, "https://guide.example/"));
    for (const BlockKey key : block_keys(guides.profiles.back())) {
      guides.blocks[key].push_back(static_cast<std::uint32_t>(guides.profiles.size() - 1));
    }
  }
  return guides;
}

Pairs candidates(const Guides& guides) {
  Pairs pairs;
  for (const auto& [key, members] : guides.blocks) {
    if (members.size() > kMaxBlock) continue;
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t k = i + 1; k < members.size(); ++k) pairs.emplace(members[i], members[k]);
    }
  }
  return pairs;
}

Pairs found_pairs(const Guides& guides) {
  std::vector<MatchEdge> edges;
  for (const auto& [a, b] : candidates(guides)) {
    const Match result = guides.compare(a, b);
    if (result.decision == MatchDecision::kMerge) edges.push_back({a, b, result.score});
  }
  const auto groups = cluster(static_cast<std::uint32_t>(guides.ids.size()), edges, {},
                              [&](std::uint32_t a, std::uint32_t b) {
                                const Match result = guides.compare(a, b);
                                return !result.conflict && result.score >= kChainScore;
                              });
  Pairs pairs;
  for (std::uint32_t a = 0; a < groups.size(); ++a) {
    for (std::uint32_t b = a + 1; b < groups.size(); ++b) {
      if (groups[a] == groups[b]) pairs.emplace(guides.ids[a], guides.ids[b]);
    }
  }
  return pairs;
}

Pairs true_pairs(const std::filesystem::path& folder) {
  Pairs pairs;
  std::ifstream lines(folder / "pairs.csv");
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const auto a = static_cast<std::uint32_t>(std::stoul(line));
    const auto b = static_cast<std::uint32_t>(std::stoul(line.substr(line.find(',') + 1)));
    pairs.insert(std::minmax(a, b));
  }
  return pairs;
}

TEST(DedupeSuiteTest, FindsTheRestaurantsThatTwoGuidesHave) {
  const std::filesystem::path folder = std::filesystem::path(PLACER_SUITES) / "dedupe";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no conformance data in " << folder;
  const Guides guides = read_guides(folder);
  const Pairs expected = true_pairs(folder);
  const Pairs found = found_pairs(guides);
  ASSERT_EQ(expected.size(), 112U);
  Pairs right;
  std::set_intersection(found.begin(), found.end(), expected.begin(), expected.end(),
                        std::inserter(right, right.end()));
  const double precision = static_cast<double>(right.size()) / static_cast<double>(found.size());
  const double recall = static_cast<double>(right.size()) / static_cast<double>(expected.size());
  std::cout << "suite dedupe: " << right.size() << "/" << expected.size() << ", failures:";
  for (const auto& [a, b] : expected) {
    if (!found.contains({a, b})) std::cout << " -" << a << ":" << b;
  }
  for (const auto& [a, b] : found) {
    if (!expected.contains({a, b})) std::cout << " +" << a << ":" << b;
  }
  std::cout << "\nprecision " << precision << ", recall " << recall << ", F1 "
            << 2 * precision * recall / (precision + recall) << "\n";
  EXPECT_GE(precision, 0.98);
  EXPECT_GE(recall, 0.95);
}

}  // namespace
}  // namespace placer
