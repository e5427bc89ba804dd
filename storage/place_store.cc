#include "storage/place_store.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "scraper/place/identity.h"
#include "storage/place_columns.h"
#include "storage/times.h"

namespace placer {
namespace {

// Formats by trust. Rules are the user's own word; structured data follows by how often it is
// right; OpenGraph describes pages more than places.
constexpr std::array<std::string_view, 6> kFormats = {"rules", "json-ld",      "microdata",
                                                      "rdfa",  "microformats", "opengraph"};

// Lower is stated first.
std::int64_t rank_of(std::string_view format, double completeness) {
  const auto found = std::find(kFormats.begin(), kFormats.end(), format);
  const double missing = 1 - std::clamp(completeness, 0.0, 1.0);
  return (found - kFormats.begin()) * 10'000 + std::lround(missing * 1000);
}

// A position is two numbers or none, and what is not finite is not a number.
Place storable(Place place) {
  for_each_field(
      [](const char*, auto& value) {
        if constexpr (std::is_same_v<decltype(value), std::optional<double>&>) {
          if (value && !std::isfinite(*value)) value.reset();
        }
      },
      place);
  if (!place.lat || !place.lon) {
    place.lat.reset();
    place.lon.reset();
  }
  return place;
}

std::int64_t hash_of(std::string_view text) {
  return static_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()));
}

}  // namespace

struct PlaceStore::Stated {
  std::int64_t id = 0;
  std::string format;
  std::string path;
  std::int64_t place = 0;
};

PlaceStore::PlaceStore(Database& db)
    : select_stated_(db, "SELECT id, format, path, place_id FROM observation WHERE page = ?",
                     "reading a page's observations"),
      upsert_observation_(
          db,
          "INSERT INTO observation (page, url, format, path, raw, fields, hash, rank, place_id,"
          " first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)"
          " ON CONFLICT (page, format, path) DO UPDATE SET url = excluded.url,"
          " raw = excluded.raw, fields = excluded.fields, hash = excluded.hash,"
          " rank = excluded.rank, place_id = excluded.place_id, last_seen = excluded.last_seen"
          " RETURNING id",
          "storing an observation"),
      delete_observation_(db, "DELETE FROM observation WHERE id = ?", "removing an observation"),
      confirm_observation_(db, "UPDATE observation SET last_seen = ? WHERE page = ?",
                           "confirming a page's observations"),
      insert_edge_(db, "INSERT INTO place_edge VALUES (?, ?, 'joined', 'same identity key', NULL)",
                   "storing why a place was joined"),
      delete_edges_(db, "DELETE FROM place_edge WHERE observation = ?",
                    "removing why a place was joined"),
      select_key_(db, "SELECT identity_key FROM place WHERE id = ?", "looking a place up"),
      select_group_(db,
                    "SELECT rank, hash, url, path, fields FROM observation"
                    " WHERE place_id = ? AND (rank, hash) > (?, ?)"
                    " ORDER BY rank, hash, url, path LIMIT 1",
                    "reading a place's observations"),
      select_place_(db,
                    "SELECT source_url, completeness, gone_since, last_seen, " +
                        place_field_list() + " FROM place WHERE id = ?",
                    "reading a place"),
      insert_place_(db,
                    "INSERT INTO place (id, identity_key, source_url, completeness, first_seen,"
                    " last_seen, " +
                        place_field_list() + ") VALUES (" +
                        parameters(6 + place_field_names().size()) + ")",
                    "storing a place"),
      update_place_(db,
                    "UPDATE place SET source_url = ?, completeness = ?, gone_since = ?,"
                    " last_seen = ?, " +
                        place_field_list("", " = ?") + " WHERE id = ?",
                    "updating a place"),
      update_last_seen_(db, "UPDATE place SET last_seen = ? WHERE id = ?", "updating a place"),
      update_gone_(db, "UPDATE place SET gone_since = ? WHERE id = ?", "updating a place"),
      select_creation_(db,
                       "SELECT 1 FROM place_history WHERE place_id = ? AND run >= ?"
                       " AND field = 'first_seen'",
                       "reading a place's history"),
      upsert_history_(db,
                      "INSERT INTO place_history (place_id, run, field, at, old_value, new_value)"
                      " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (place_id, run, field) DO UPDATE"
                      " SET at = excluded.at, new_value = excluded.new_value",
                      "storing a place's history"),
      trim_history_(db,
                    "DELETE FROM place_history WHERE place_id = ? AND run = ?"
                    " AND old_value IS new_value",
                    "storing a place's history"),
      index_(db) {}

void PlaceStore::forget() { touched_.clear(); }

void PlaceStore::touch(std::int64_t place, Instant at) {
  Touch& touch = touched_[place];
  if (touch.first == Instant{}) touch.first = at;
  touch.first = std::min(touch.first, at);
  touch.last = std::max(touch.last, at);
}

// Different keys may hash to one id (about n*n/2^64 of n places): the later key takes the next
// free id. Places are never removed, so that the way to each stays.
std::int64_t PlaceStore::id_for(const std::string& identity_key) {
  constexpr std::uint64_t kMask = std::numeric_limits<std::int64_t>::max();
  auto id = static_cast<std::int64_t>(place_id_of(identity_key) & kMask);
  for (;; id = id == std::numeric_limits<std::int64_t>::max() ? 1 : id + 1) {
    if (id == 0) continue;
    const auto entry = touched_.find(id);
    if (entry != touched_.end() && entry->second.identity_key) {
      if (entry->second.identity_key == identity_key) return id;
      continue;
    }
    if (!select_key_.first(id)) {
      touched_[id].identity_key = identity_key;
      return id;
    }
    const bool same = select_key_.text(0) == identity_key;
    select_key_.reset();
    if (same) return id;
  }
}

std::vector<PlaceStore::Stated> PlaceStore::stated_on(std::int64_t page) {
  std::vector<Stated> stated;
  for (bool row = select_stated_.first(page); row; row = select_stated_.next()) {
    stated.push_back({select_stated_.integer(0), select_stated_.string(1), select_stated_.string(2),
                      select_stated_.integer(3)});
  }
  return stated;
}

void PlaceStore::observe(std::int64_t page, const Completion& completion) {
  const std::vector<Stated> stated = stated_on(page);
  std::map<std::pair<std::string_view, std::string_view>, const Stated*> before;
  for (const Stated& old : stated) before[{old.format, old.path}] = &old;
  std::set<std::pair<std::string_view, std::string_view>> done;
  for (const Observation& observation : completion.outcome.places) {
    const std::pair<std::string_view, std::string_view> where(observation.format, observation.path);
    if (!done.insert(where).second) continue;
    const auto old = before.find(where);
    state(page, completion, observation, old == before.end() ? nullptr : old->second);
    if (old != before.end()) before.erase(old);
  }
  for (const auto& [where, old] : before) {
    delete_observation_.run(old->id);
    touch(old->place, completion.at);
  }
}

void PlaceStore::state(std::int64_t page, const Completion& completion,
                       const Observation& observation, const Stated* before) {
  const Place place = storable(observation.place);
  const std::string& url = completion.outcome.request.url;
  const std::int64_t place_id = id_for(identity_key(place, url));
  const std::string fields = place_json(place);
  const std::string at = time_text(completion.at);
  touch(place_id, completion.at);
  if (!upsert_observation_.first(page, url, observation.format, observation.path, observation.raw,
                                 fields, hash_of(fields),
                                 rank_of(observation.format, completeness(place)), place_id, at)) {
    return;
  }
  const std::int64_t id = upsert_observation_.integer(0);
  upsert_observation_.next();
  if (before != nullptr && before->place == place_id) return;
  if (before != nullptr) {
    delete_edges_.run(id);
    touch(before->place, completion.at);
  }
  insert_edge_.run(id, place_id);
}

void PlaceStore::confirm(std::int64_t page, Instant at) {
  const std::string text = time_text(at);
  confirm_observation_.run(text, page);
  for (const Stated& old : stated_on(page)) touch(old.place, at);
}

}  // namespace placer
