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

// Lower is stated first: by the format's precedence, then by what is missing.
std::int64_t rank_of(std::uint32_t precedence, double completeness) {
  const double missing = 1 - std::clamp(completeness, 0.0, 1.0);
  return static_cast<std::int64_t>(precedence) * 10'000 + std::lround(missing * 1000);
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

// True when place_of_json() gives back what place_json() was given: ill-formed UTF-8 became U+FFFD.
bool reads_back(std::string_view fields) { return fields.find("\xEF\xBF\xBD") == fields.npos; }

}  // namespace

struct PlaceStore::Stated {
  std::int64_t id = 0;
  std::string format;
  std::string path;
  std::int64_t place = 0;
  std::int64_t identity = 0;
  std::int64_t hash = 0;
  std::int64_t rank = 0;
};

PlaceStore::PlaceStore(Database& db)
    : select_stated_(db,
                     "SELECT id, format, path, place_id, identity_id, hash, rank FROM observation"
                     " WHERE page = ?",
                     "reading a page's observations"),
      upsert_observation_(
          db,
          "INSERT INTO observation (page, url, format, path, raw, fields, hash, rank,"
          " identity_id, place_id, first_seen, last_seen)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)"
          " ON CONFLICT (page, format, path) DO UPDATE SET url = excluded.url,"
          " raw = excluded.raw, fields = excluded.fields, hash = excluded.hash,"
          " rank = excluded.rank, identity_id = excluded.identity_id,"
          " place_id = excluded.place_id, last_seen = excluded.last_seen",
          "storing an observation"),
      delete_observation_(db, "DELETE FROM observation WHERE id = ? RETURNING identity_id",
                          "removing an observation"),
      confirm_observation_(db, "UPDATE observation SET last_seen = ? WHERE page = ?",
                           "confirming a page's observations"),
      select_identity_(db, "SELECT key, place_id, first_pass FROM identity WHERE id = ?",
                       "looking an identity up"),
      insert_identity_(db,
                       "INSERT INTO identity (id, key, place_id, first_pass, first_seen)"
                       " VALUES (?1, ?2, ?1, ?3, ?4)",
                       "storing an identity"),
      insert_unresolved_(db, "INSERT OR IGNORE INTO unresolved VALUES (?)",
                         "noting what is to be resolved"),
      select_span_(db,
                   "SELECT min(i.first_seen), (SELECT coalesce(max(o.last_seen), i.first_seen)"
                   " FROM observation AS o WHERE o.place_id = ?1) FROM identity AS i"
                   " WHERE i.id = ?1 OR (i.place_id = ?1 AND i.place_id <> i.id)",
                   "reading when a place was seen"),
      select_place_(db,
                    "SELECT source_url, completeness, gone_since, last_seen, " +
                        place_field_list() + " FROM place WHERE id = ?",
                    "reading a place"),
      insert_place_(db,
                    "INSERT INTO place (id, source_url, completeness, first_seen,"
                    " last_seen, " +
                        place_field_list() + ") VALUES (" +
                        parameters(5 + place_field_names().size()) + ")",
                    "storing a place"),
      update_place_(db,
                    "UPDATE place SET source_url = ?, completeness = ?, gone_since = ?,"
                    " last_seen = ?, " +
                        place_field_list("", " = ?") + " WHERE id = ?",
                    "updating a place"),
      update_last_seen_(db, "UPDATE place SET last_seen = ? WHERE id = ?", "updating a place"),
      update_first_seen_(db, "UPDATE place SET first_seen = min(first_seen, ?2) WHERE id = ?1",
                         "updating a place"),
      delete_place_(db, "DELETE FROM place WHERE id = ?", "removing a place that is another one"),
      delete_history_(db, "DELETE FROM place_history WHERE place_id = ?",
                      "removing a place that is another one"),
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
      merged_(db),
      index_(db) {}

void PlaceStore::forget() {
  touched_.clear();
  changed_.clear();
}

PlaceStore::Touch& PlaceStore::touch(std::int64_t place, Instant at) {
  Touch& touch = touched_[place];
  if (touch.first == Instant{}) touch.first = at;
  touch.first = std::min(touch.first, at);
  touch.last = std::max(touch.last, at);
  return touch;
}

// Different keys may hash to one id (about n*n/2^64 of n identities): the later key takes the next
// free id. Identities are never removed, so that the way to each stays.
PlaceStore::Identity PlaceStore::identity_for(const std::string& identity_key) {
  constexpr std::uint64_t kMask = std::numeric_limits<std::int64_t>::max();
  auto id = static_cast<std::int64_t>(place_id_of(identity_key) & kMask);
  for (;; id = id == std::numeric_limits<std::int64_t>::max() ? 1 : id + 1) {
    if (id == 0) continue;
    const auto entry = touched_.find(id);
    if (entry != touched_.end() && entry->second.identity_key) {
      if (entry->second.identity_key == identity_key) return {id, id};
      continue;
    }
    if (!select_identity_.first(id)) {
      touched_[id].identity_key = identity_key;
      return {id, id};
    }
    const bool same = select_identity_.text(0) == identity_key;
    const std::int64_t place = select_identity_.integer(1);
    select_identity_.reset();
    if (same) return {id, place};
  }
}

std::vector<PlaceStore::Stated> PlaceStore::stated_on(std::int64_t page) {
  std::vector<Stated> stated;
  for (bool row = select_stated_.first(page); row; row = select_stated_.next()) {
    stated.push_back({select_stated_.integer(0), select_stated_.string(1), select_stated_.string(2),
                      select_stated_.integer(3), select_stated_.integer(4),
                      select_stated_.integer(5), select_stated_.integer(6)});
  }
  return stated;
}

bool PlaceStore::observe(std::int64_t page, bool is_new, const Completion& completion) {
  const std::vector<Stated> stated = is_new ? std::vector<Stated>() : stated_on(page);
  std::map<std::pair<std::string_view, std::string_view>, const Stated*> before;
  for (const Stated& old : stated) before[{old.format, old.path}] = &old;
  std::set<std::pair<std::string_view, std::string_view>> done;
  bool changed = false;
  for (const Observation& observation : completion.outcome.places) {
    const std::pair<std::string_view, std::string_view> where(observation.format, observation.path);
    if (!done.insert(where).second) continue;
    const auto old = before.find(where);
    changed |= state(page, completion, observation, old == before.end() ? nullptr : old->second);
    if (old != before.end()) before.erase(old);
  }
  for (const auto& [where, old] : before) {
    withdraw(old->id, old->place, completion.at);
    changed = true;
  }
  return changed;
}

// True when it says something else than before.
bool PlaceStore::state(std::int64_t page, const Completion& completion,
                       const Observation& observation, const Stated* before) {
  Place place = storable(observation.place);
  const std::string& url = completion.outcome.request.url;
  const auto& all = completion.outcome.places;
  const bool own = observation.about == 0 || observation.about > all.size();
  const Identity identity =
      identity_for(identity_key(own ? place : storable(all[observation.about - 1].place), url));
  const std::string fields = place_json(place);
  const std::string at = time_text(completion.at);
  const std::int64_t hash = hash_of(fields);
  const std::int64_t rank = rank_of(observation.precedence, completeness(place));
  upsert_observation_.run(page, url, observation.format, observation.path, observation.raw, fields,
                          hash, rank, identity.id, identity.place, at);
  Touch& touched = touch(identity.place, completion.at);
  touched.stated = completion.at;
  if (touched.identity_key && before == nullptr && reads_back(fields)) {
    touched.observations.push_back({rank, hash, url, observation.path, std::move(place)});
  } else {
    touched.is_all = false;
  }
  if (before != nullptr && before->identity == identity.id && before->hash == hash &&
      before->rank == rank) {
    return false;
  }
  changed_.insert(identity.id);
  if (before == nullptr || before->identity == identity.id) return true;
  changed_.insert(before->identity);
  touch(before->place, completion.at).is_all = false;
  return true;
}

void PlaceStore::withdraw(std::int64_t observation, std::int64_t place, Instant at) {
  if (delete_observation_.first(observation)) {
    changed_.insert(delete_observation_.integer(0));
    delete_observation_.next();
  }
  touch(place, at).is_all = false;
}

void PlaceStore::confirm(std::int64_t page, Instant at) {
  const std::string text = time_text(at);
  confirm_observation_.run(text, page);
  for (const Stated& old : stated_on(page)) touch(old.place, at).stated = at;
}

}  // namespace placer
