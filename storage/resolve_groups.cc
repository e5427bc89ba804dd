// From pairs of identities to places (resolve.h).
#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "scraper/place/match_cluster.h"
#include "storage/resolve.h"

namespace placer {

const Resolver::Row& Resolver::row(Identity identity) {
  const auto [entry, unknown] = rows_.emplace(identity, Row{});
  if (unknown && select_row_.first(identity)) {
    entry->second = {select_row_.integer(0), select_row_.integer(1)};
    select_row_.reset();
  }
  return entry->second;
}

std::pair<std::int64_t, Resolver::Identity> Resolver::age(Identity identity) {
  return {row(identity).first_pass, identity};
}

// Whatever shares a place with a dirty identity, or an edge that joins, and so on.
void Resolver::find_affected() {
  std::unordered_set<Identity> found(dirty_);
  std::vector<Identity> waiting(dirty_.begin(), dirty_.end());
  const auto add = [&](Identity identity) {
    if (found.insert(identity).second) waiting.push_back(identity);
  };
  while (!waiting.empty()) {
    const Identity identity = waiting.back();
    waiting.pop_back();
    const std::int64_t place = row(identity).place;
    if (place == 0) continue;  // stated and taken back within one commit
    affected_.push_back(identity);
    if (place != identity) add(place);
    for (bool more = select_joined_.first(place); more; more = select_joined_.next()) {
      add(select_joined_.integer(0));
    }
    for (bool more = select_edges_.first(identity); more; more = select_edges_.next()) {
      if (select_edges_.text(1) == "merge") add(select_edges_.integer(0));
    }
    for (bool more = select_back_edges_.first(identity); more; more = select_back_edges_.next()) {
      add(select_back_edges_.integer(0));
    }
  }
  std::sort(affected_.begin(), affected_.end());
}

void Resolver::find_unstated() {
  for (const Identity identity : affected_) {
    limit_profiles();
    if (profile(identity) == nullptr) {
      unstated_.insert(identity);
      continue;
    }
    const auto [heir, first] = heirs_.emplace(row(identity).place, identity);
    if (!first && age(identity) < age(heir->second)) heir->second = identity;
  }
}

Resolver::Identity Resolver::stand_in(Identity identity) {
  if (!unstated_.contains(identity)) return identity;
  const auto heir = heirs_.find(row(identity).place);
  return heir == heirs_.end() ? identity : heir->second;
}

std::vector<std::vector<Resolver::Identity>> Resolver::group() {
  std::vector<MatchEdge> edges;
  std::vector<MatchPair> kept_apart;
  const auto index_of = [this](Identity identity) {
    const auto found = std::lower_bound(affected_.begin(), affected_.end(), identity);
    return static_cast<std::uint32_t>(found - affected_.begin());
  };
  const auto is_affected = [this](Identity identity) {
    return std::binary_search(affected_.begin(), affected_.end(), identity);
  };
  for (const Identity identity : affected_) {
    for (bool more = select_edges_.first(identity); more; more = select_edges_.next()) {
      const bool merge = select_edges_.text(1) == "merge";
      const bool pinned = select_edges_.integer(3) != 0;
      if (!merge && (!pinned || !is_affected(select_edges_.integer(0)))) continue;
      // What people decided of an identity that no page states holds for the rest of its place.
      const Identity a = stand_in(identity);
      const Identity b = stand_in(select_edges_.integer(0));
      if (a == b || unstated_.contains(a) || unstated_.contains(b)) continue;
      if (!pinned && (a != identity || b != select_edges_.integer(0))) continue;
      const std::uint32_t first = index_of(std::min(a, b));
      const std::uint32_t second = index_of(std::max(a, b));
      if (merge) {
        edges.push_back({first, second, select_edges_.real(2), pinned});
      } else {
        kept_apart.emplace_back(first, second);
      }
    }
  }
  const auto compatible = [&](std::uint32_t a, std::uint32_t b) {
    const Match result = match_of(affected_[a], affected_[b]);
    return !result.conflict && result.score >= kChainScore;
  };
  const auto roots = cluster(static_cast<std::uint32_t>(affected_.size()), std::move(edges),
                             std::move(kept_apart), compatible);
  std::vector<std::vector<Identity>> groups(affected_.size());
  for (std::size_t i = 0; i < roots.size(); ++i) groups[roots[i]].push_back(affected_[i]);
  std::erase_if(groups, [](const auto& members) { return members.empty(); });
  return groups;
}

std::vector<Resolver::Move> Resolver::moves(const std::vector<std::vector<Identity>>& groups) {
  // An identity that no page states is a group of its own, and follows its place's heir.
  std::unordered_map<Identity, std::size_t> group_of;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const Identity identity : groups[i]) group_of[identity] = i;
  }
  std::vector<std::vector<Identity>> all = groups;
  for (const Identity identity : affected_) {
    if (!unstated_.contains(identity)) continue;
    all[group_of[identity]].clear();
    const Identity heir = stand_in(identity);
    if (heir != identity) all[group_of[heir]].push_back(identity);
  }
  std::vector<Move> moves;
  for (const auto& members : all) {
    if (members.empty()) continue;
    const Identity first = *std::min_element(
        members.begin(), members.end(), [this](Identity a, Identity b) { return age(a) < age(b); });
    for (const Identity identity : members) {
      const std::int64_t place = row(identity).place;
      if (place != first) moves.push_back({identity, place, first});
    }
  }
  std::sort(moves.begin(), moves.end(),
            [](const Move& a, const Move& b) { return a.identity < b.identity; });
  return moves;
}

void Resolver::apply(const std::vector<Move>& moves, std::int64_t run, std::int64_t pass) {
  Statement observation(
      db_, "UPDATE observation SET place_id = ?1 WHERE place_id = ?2 AND identity_id = ?3",
      "moving observations to their place");
  Statement identity(db_, "UPDATE identity SET place_id = ? WHERE id = ?",
                     "moving an identity to its place");
  Statement history(db_,
                    "INSERT INTO place_history (place_id, run, field, at, old_value, new_value)"
                    " SELECT id, ?2, 'merged', last_seen, NULL, ?3 FROM place WHERE id = ?1"
                    " ON CONFLICT (place_id, run, field) DO UPDATE"
                    " SET new_value = new_value || ';' || excluded.new_value",
                    "storing that places are one");
  std::set<std::int64_t> places;
  for (const Move& move : moves) {
    observation.run(move.to, move.from, move.identity);
    identity.run(move.to, move.identity);
    places.insert({move.from, move.to});
  }
  places_.remake({places.begin(), places.end()}, run, pass);
  for (const Move& move : moves) {
    const bool was_place = move.from == move.identity && row(move.identity).first_pass < pass;
    if (was_place) history.run(move.to, run, std::to_string(move.identity));
  }
}

}  // namespace placer
