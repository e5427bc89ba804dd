// Which identities are one place: the tables `identity_block`, `unresolved` and `place_edge`.
//
// Identities that share a blocking key (place/match_blocks.h) are compared (place/match.h); pairs
// that are one place make groups (place/match_cluster.h), and each group is one row of `place`. Its
// id is that of the identity that was first stated in the earliest pass (of several the smallest),
// and stays while that identity exists: one that no page states any more is carried along.
//
// A place that no page states is compared as it was last stated, so that one which comes back with
// another address or name is found again.
//
// The outcome is a function of what the identities say and of what people decided, not of the
// order in which that came about; only what changed since the last resolution, and what shares a
// key with it, is looked at again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "scraper/place/match.h"
#include "scraper/place/match_blocks.h"
#include "storage/merged_place.h"
#include "storage/place_store.h"
#include "storage/sqlite.h"

namespace placer {

// Works inside the caller's transaction; failures stick to the Database. For one resolution.
class Resolver {
 public:
  Resolver(Database& db, PlaceStore& places);

  // `run` and `pass` are those the changes are recorded under. REQUIRES: places are settled.
  void resolve(std::int64_t run, std::int64_t pass);

 private:
  using Identity = std::int64_t;
  using IdentityPair = std::pair<Identity, Identity>;  // the smaller id first

  struct Row {
    std::int64_t place = 0;
    std::int64_t first_pass = 0;
  };
  struct Move {
    Identity identity;
    std::int64_t from;
    std::int64_t to;
  };

  // Candidates (resolve.cc).
  void reblock();
  void find_candidates();
  void find_candidates_in_all_blocks();
  void add_block(BlockKey key, const std::vector<Identity>& members);
  void compare_edges_again();
  void compare_candidates();
  void compare(const IdentityPair& pair);
  Match match_of(Identity a, Identity b);
  // Nothing: it says nothing. Valid until limit_profiles().
  const MatchProfile* profile(Identity identity);
  void limit_profiles();
  std::optional<MatchProfile> read_profile(Identity identity);
  Sharing sharing(const MatchProfile& a, const MatchProfile& b);
  std::uint32_t block_size(BlockKey key);
  bool share_block(Identity a, Identity b);

  // Groups (resolve_groups.cc).
  const Row& row(Identity identity);
  std::pair<std::int64_t, Identity> age(Identity identity);  // of a place the first gives the id
  void find_affected();
  void find_unstated();
  // For an identity that says nothing: its place's heir, or itself when there is none.
  Identity stand_in(Identity identity);
  std::vector<std::vector<Identity>> group();
  std::vector<Move> moves(const std::vector<std::vector<Identity>>& groups);
  void apply(const std::vector<Move>& moves, std::int64_t run, std::int64_t pass);

  Database& db_;
  PlaceStore& places_;
  MergedPlaces merged_;
  std::vector<Identity> touched_;  // in order
  std::unordered_set<Identity> dirty_;
  std::vector<BlockKey> keys_;                        // those the touched ones have or had
  std::vector<IdentityPair> candidates_;              // some twice
  std::vector<Identity> affected_;                    // in order
  std::unordered_set<Identity> unstated_;             // of the affected, those without a profile
  std::unordered_map<std::int64_t, Identity> heirs_;  // by place: the first that has one
  std::unordered_map<Identity, std::optional<MatchProfile>> profiles_;
  std::unordered_map<Identity, Row> rows_;
  std::unordered_map<BlockKey, std::uint32_t> sizes_;

  Statement select_row_;
  Statement select_last_stated_;
  Statement select_blocks_;
  Statement select_members_;
  Statement select_size_;
  Statement select_edges_;
  Statement select_back_edges_;
  Statement upsert_edge_;
  Statement delete_edge_;
  Statement select_joined_;
};

}  // namespace placer
