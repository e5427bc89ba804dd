#include "storage/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>

#include "storage/place_columns.h"

namespace placer {
namespace {

constexpr std::size_t kKeyDigits = 16;
constexpr std::size_t kMaxProfiles = 100'000;      // kept in memory: some 80 MB
constexpr std::size_t kMaxCandidates = 2'000'000;  // before they are compared: 32 MB

std::string text_of(const std::vector<BlockKey>& keys) {
  std::string text;
  for (const BlockKey key : keys) {
    fmt::format_to(std::back_inserter(text), "{:016x}", static_cast<std::uint64_t>(key));
  }
  return text;
}

std::vector<BlockKey> keys_of(std::string_view text) {
  std::vector<BlockKey> keys;
  for (std::size_t at = 0; at + kKeyDigits <= text.size(); at += kKeyDigits) {
    std::uint64_t key = 0;
    std::from_chars(text.data() + at, text.data() + at + kKeyDigits, key, 16);
    keys.push_back(static_cast<BlockKey>(key));
  }
  return keys;
}

template <class T>
void sort_unique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

Resolver::Resolver(Database& db, PlaceStore& places)
    : db_(db),
      places_(places),
      merged_(db),
      select_row_(db, "SELECT place_id, first_pass FROM identity WHERE id = ?",
                  "reading an identity"),
      select_last_stated_(db,
                          "SELECT source_url, " + place_field_list() + " FROM place WHERE id = ?",
                          "reading a place that no page states"),
      select_blocks_(db, "SELECT blocks FROM identity WHERE id = ?", "reading an identity's keys"),
      select_members_(db, "SELECT identity FROM identity_block WHERE key = ?",
                      "reading a block of identities"),
      select_size_(db, "SELECT count(*) FROM (SELECT 1 FROM identity_block WHERE key = ? LIMIT ?)",
                   "counting a block of identities"),
      select_edges_(db, "SELECT b, decision, score, pinned FROM place_edge WHERE a = ?",
                    "reading why places are one"),
      select_back_edges_(db, "SELECT a FROM place_edge WHERE b = ? AND decision = 'merge'",
                         "reading why places are one"),
      upsert_edge_(db,
                   "INSERT INTO place_edge (a, b, decision, score, reasons, pinned)"
                   " VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (a, b) DO UPDATE SET"
                   " decision = iif(pinned, decision, excluded.decision),"
                   " score = excluded.score, reasons = excluded.reasons",
                   "storing why places are one"),
      delete_edge_(db, "DELETE FROM place_edge WHERE a = ? AND b = ? AND NOT pinned",
                   "removing why places are one"),
      select_joined_(db, "SELECT id FROM identity WHERE place_id = ? AND place_id <> id",
                     "reading a place's identities") {}

void Resolver::resolve(std::int64_t run, std::int64_t pass) {
  Statement unresolved(db_, "SELECT identity FROM unresolved ORDER BY identity",
                       "reading what is to be resolved");
  for (bool more = unresolved.first(); more; more = unresolved.next()) {
    touched_.push_back(unresolved.integer(0));
  }
  if (touched_.empty()) return;
  dirty_.insert(touched_.begin(), touched_.end());
  reblock();
  find_candidates();
  compare_edges_again();
  compare_candidates();
  find_affected();
  find_unstated();
  apply(moves(group()), run, pass);
  db_.exec("DELETE FROM unresolved", "noting that all is resolved");
}

void Resolver::reblock() {
  std::vector<std::pair<BlockKey, Identity>> added;
  std::vector<std::pair<BlockKey, Identity>> removed;
  Statement update(db_, "UPDATE identity SET blocks = ? WHERE id = ?", "storing a place's keys");
  for (const Identity identity : touched_) {
    std::vector<BlockKey> before;
    if (select_blocks_.first(identity)) {
      before = keys_of(select_blocks_.text(0));
      select_blocks_.reset();
    }
    limit_profiles();
    const MatchProfile* now = profile(identity);
    const std::vector<BlockKey> after = now == nullptr ? std::vector<BlockKey>{} : block_keys(*now);
    keys_.insert(keys_.end(), before.begin(), before.end());
    if (before == after) continue;
    keys_.insert(keys_.end(), after.begin(), after.end());
    update.run(text_of(after), identity);
    std::vector<BlockKey> difference;
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(difference));
    for (const BlockKey key : difference) added.emplace_back(key, identity);
    difference.clear();
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(difference));
    for (const BlockKey key : difference) removed.emplace_back(key, identity);
  }
  // In the order of the table, so that each of its pages is touched once.
  std::sort(added.begin(), added.end());
  std::sort(removed.begin(), removed.end());
  Statement insert(db_, "INSERT OR IGNORE INTO identity_block VALUES (?, ?)",
                   "storing a place's keys");
  Statement erase(db_, "DELETE FROM identity_block WHERE key = ? AND identity = ?",
                  "removing a place's keys");
  for (const auto& [key, identity] : removed) erase.run(key, identity);
  for (const auto& [key, identity] : added) insert.run(key, identity);
  sort_unique(keys_);
}

void Resolver::find_candidates() {
  // One walk through the table is quicker than many searches in it.
  constexpr std::uint64_t kFewKeys = 8;
  Statement count(db_, "SELECT count(*) FROM identity", "counting the identities");
  const bool many = count.first() && touched_.size() * kFewKeys > count.count(0);
  count.reset();
  if (many) return find_candidates_in_all_blocks();
  std::vector<Identity> members;
  for (const BlockKey key : keys_) {
    members.clear();
    for (bool more = select_members_.first(key); more; more = select_members_.next()) {
      members.push_back(select_members_.integer(0));
    }
    add_block(key, members);
  }
}

void Resolver::find_candidates_in_all_blocks() {
  Statement all(db_, "SELECT key, identity FROM identity_block ORDER BY key, identity",
                "reading the blocks of identities");
  std::vector<Identity> members;
  auto wanted = keys_.begin();
  bool more = all.first();
  while (more && wanted != keys_.end()) {
    const BlockKey key = all.integer(0);
    members.clear();
    for (; more && all.integer(0) == key; more = all.next()) members.push_back(all.integer(1));
    while (wanted != keys_.end() && *wanted < key) ++wanted;
    if (wanted != keys_.end() && *wanted == key) add_block(key, members);
  }
  all.reset();
}

// A block's size weighs in each of its pairs. Beyond kMaxBlock it says the same, whatever it is; so
// of a block that is larger only those are looked at again that were in it when it was not.
void Resolver::add_block(BlockKey key, const std::vector<Identity>& members) {
  if (members.size() < 2) {
    dirty_.insert(members.begin(), members.end());
    return;
  }
  sizes_[key] = static_cast<std::uint32_t>(std::min<std::size_t>(members.size(), kMaxBlock + 1));
  const auto known = std::count_if(members.begin(), members.end(), [this](Identity member) {
    return !std::binary_search(touched_.begin(), touched_.end(), member);
  });
  if (known <= kMaxBlock) dirty_.insert(members.begin(), members.end());
  if (members.size() > kMaxBlock) return;
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t k = i + 1; k < members.size(); ++k) {
      candidates_.push_back(std::minmax(members[i], members[k]));
    }
  }
  if (candidates_.size() > kMaxCandidates) compare_candidates();
}

// Pairs that were thought worth an edge, and may have nothing in common any more.
void Resolver::compare_edges_again() {
  std::vector<IdentityPair> edges;
  for (const Identity identity : dirty_) {
    for (bool more = select_edges_.first(identity); more; more = select_edges_.next()) {
      const Identity other = select_edges_.integer(0);
      if (dirty_.contains(other)) edges.emplace_back(identity, other);
    }
  }
  std::sort(edges.begin(), edges.end());
  for (const auto& [a, b] : edges) {
    if (share_block(a, b)) {
      candidates_.emplace_back(a, b);
    } else {
      delete_edge_.run(a, b);
    }
  }
}

void Resolver::compare_candidates() {
  sort_unique(candidates_);
  for (const IdentityPair& pair : candidates_) compare(pair);
  candidates_.clear();
}

void Resolver::compare(const IdentityPair& pair) {
  const auto& [a, b] = pair;
  const Match result = match_of(a, b);
  if (result.score < kReviewScore) return delete_edge_.run(a, b);
  const std::string reasons =
      nlohmann::json(result.reasons).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  upsert_edge_.run(a, b, match_decision_name(result.decision), result.score, reasons);
}

// A pair of which one is not stated any more has nothing in common.
Match Resolver::match_of(Identity a, Identity b) {
  limit_profiles();
  const MatchProfile* one = profile(a);
  const MatchProfile* two = profile(b);
  if (one == nullptr || two == nullptr) return {};
  return match(*one, *two, sharing(*one, *two));
}

void Resolver::limit_profiles() {
  if (profiles_.size() > kMaxProfiles) profiles_.clear();
}

const MatchProfile* Resolver::profile(Identity identity) {
  auto found = profiles_.find(identity);
  if (found == profiles_.end()) {
    found = profiles_.emplace(identity, read_profile(identity)).first;
  }
  return found->second ? &*found->second : nullptr;
}

std::optional<MatchProfile> Resolver::read_profile(Identity identity) {
  const std::int64_t place = row(identity).place;
  if (place == 0) return std::nullopt;
  const std::vector<ObservationGroup> groups = merged_.groups(place, identity);
  if (!groups.empty()) {
    MatchProfile profile = match_profile(merge_groups(groups).place, groups.front().url);
    for (const ObservationGroup& group : groups) add_publisher(profile, group.place, group.url);
    return profile;
  }
  // No page states it: the place's own identity speaks for a place that no page states at all.
  if (place != identity || !merged_.identities(place).empty()) return std::nullopt;
  if (!select_last_stated_.first(place)) return std::nullopt;
  const Place last = read_place(select_last_stated_, 1);
  const std::string url = select_last_stated_.string(0);
  select_last_stated_.reset();
  MatchProfile profile = match_profile(last, url);
  profile.stated = false;
  return profile;
}

Sharing Resolver::sharing(const MatchProfile& a, const MatchProfile& b) {
  Sharing shared;
  std::uint32_t fewest = kMaxBlock + 1;
  for (const std::string& phone : a.phones) {
    if (std::find(b.phones.begin(), b.phones.end(), phone) == b.phones.end()) continue;
    fewest = std::min(fewest, block_size(phone_key(phone)));
    shared.phone = fewest;
  }
  if (!a.website.empty() && a.website == b.website) shared.website = block_size(website_key(a));
  if (!a.email.empty() && a.email == b.email) shared.email = block_size(email_key(a));
  shared.name = std::max(block_size(name_key(a)), block_size(name_key(b)));
  return shared;
}

std::uint32_t Resolver::block_size(BlockKey key) {
  if (key == 0) return 0;
  const auto [entry, unknown] = sizes_.emplace(key, 0);
  if (unknown && select_size_.first(key, kMaxBlock + 1)) {
    entry->second = static_cast<std::uint32_t>(select_size_.integer(0));
    select_size_.reset();
  }
  return entry->second;
}

bool Resolver::share_block(Identity a, Identity b) {
  limit_profiles();
  const MatchProfile* profile_a = profile(a);
  const MatchProfile* profile_b = profile(b);
  if (profile_a == nullptr || profile_b == nullptr) return false;
  const std::vector<BlockKey> one = block_keys(*profile_a);
  const std::vector<BlockKey> two = block_keys(*profile_b);
  std::vector<BlockKey> common;
  std::set_intersection(one.begin(), one.end(), two.begin(), two.end(), std::back_inserter(common));
  return std::any_of(common.begin(), common.end(),
                     [this](BlockKey key) { return block_size(key) <= kMaxBlock; });
}

}  // namespace placer
