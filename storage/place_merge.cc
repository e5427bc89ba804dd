// Bringing the rows of `place` in line with what pages say (place_store.h).
#include <fmt/format.h>

#include <algorithm>

#include "storage/place_columns.h"
#include "storage/place_store.h"
#include "storage/times.h"

namespace placer {
namespace {

std::optional<std::string> value_text(const std::optional<std::string>& value) { return value; }
std::optional<std::string> value_text(const auto& value) {
  return value ? std::optional(fmt::format("{}", *value)) : std::nullopt;
}

}  // namespace

std::uint64_t PlaceStore::settle(std::int64_t run, std::int64_t pass) {
  // In the order of the table, so that each of its pages is touched once.
  std::vector<std::int64_t> places;
  for (const auto& [place, touch] : touched_) places.push_back(place);
  std::sort(places.begin(), places.end());
  std::uint64_t created = 0;
  for (const std::int64_t place : places) {
    created += settle_place(place, std::move(touched_[place]), run, pass) ? 1 : 0;
  }
  touched_.clear();
  std::vector<std::int64_t> changed(changed_.begin(), changed_.end());
  std::sort(changed.begin(), changed.end());
  for (const std::int64_t identity : changed) insert_unresolved_.run(identity);
  changed_.clear();
  return created;
}

bool PlaceStore::settle_place(std::int64_t place, Touch touch, std::int64_t run,
                              std::int64_t pass) {
  const bool is_all = touch.identity_key && touch.is_all;
  const PlaceRow after =
      is_all ? merge_observations(std::move(touch.observations)) : merged_.place(place);
  if (touch.identity_key) {
    if (!after.source_url) return false;  // stated and taken back within one batch
    const std::string first = time_text(touch.first);
    insert_identity_.run(place, touch.identity_key, pass, first);
    insert(place, after, first, time_text(touch.last));
    upsert_history_.run(place, run, "first_seen", first, std::nullopt, first);
    return true;
  }
  const std::string at = time_text(touch.last);
  if (update(place, after, at, time_text(touch.stated), run, pass)) return false;
  if (!after.source_url) return false;
  remake(place, run, pass);
  return true;
}

void PlaceStore::insert(std::int64_t place, const PlaceRow& row, const std::string& first,
                        const std::string& last) {
  insert_place_.start();
  insert_place_.add(place);
  insert_place_.add(row.source_url);
  insert_place_.add(row.completeness);
  insert_place_.add(first);
  insert_place_.add(last);
  add_place(insert_place_, row.place);
  insert_place_.next();
  index_.replace(place, nullptr, &row.place);
}

bool PlaceStore::update(std::int64_t place, const PlaceRow& after, const std::string& at,
                        const std::string& stated, std::int64_t run, std::int64_t pass) {
  if (!select_place_.first(place)) return false;
  PlaceRow before{read_place(select_place_, 4), select_place_.optional_string(0),
                  select_place_.real(1)};
  const std::optional<std::string> gone_before = select_place_.optional_string(2);
  const std::string seen_before = select_place_.string(3);
  select_place_.reset();
  if (!after.source_url) return true;  // the row stays as it was last stated; see absence.h
  const std::string seen = std::max(stated, seen_before);
  if (before.place == after.place && before.source_url == after.source_url && !gone_before &&
      before.completeness == after.completeness) {
    if (seen != seen_before) update_last_seen_.run(seen, place);
    return true;
  }
  update_place_.start();
  update_place_.add(after.source_url);
  update_place_.add(after.completeness);
  update_place_.add(std::nullopt);
  update_place_.add(seen);
  add_place(update_place_, after.place);
  update_place_.add(place);
  update_place_.next();
  index_.replace(place, &before.place, &after.place);
  record_changes(place, run, pass, at, before.place, after.place, gone_before, std::nullopt);
  return true;
}

void PlaceStore::remake(const std::vector<std::int64_t>& places, std::int64_t run,
                        std::int64_t pass) {
  for (const std::int64_t place : places) remake(place, run, pass);
}

void PlaceStore::remake(std::int64_t place, std::int64_t run, std::int64_t pass) {
  bool belongs = false;
  std::int64_t first_pass = 0;
  if (select_identity_.first(place)) {
    belongs = select_identity_.integer(1) == place;
    first_pass = select_identity_.integer(2);
    select_identity_.reset();
  }
  if (!belongs) return remove(place);
  if (!select_span_.first(place)) return;
  const std::string first = select_span_.string(0);
  const std::string last = select_span_.string(1);
  select_span_.reset();
  const PlaceRow row = merged_.place(place);
  const bool known = select_place_.first(place);
  select_place_.reset();
  if (known) {
    update(place, row, last, last, run, pass);
    update_first_seen_.run(place, first);
    return;
  }
  if (!row.source_url) return;
  insert(place, row, first, last);
  // A place of this pass begins anew; one that was known before comes out of another one.
  const bool is_new = first_pass == pass;
  upsert_history_.run(place, run, is_new ? "first_seen" : "split", last, std::nullopt, first);
}

void PlaceStore::remove(std::int64_t place) {
  if (!select_place_.first(place)) return;
  const Place before = read_place(select_place_, 4);
  select_place_.reset();
  index_.replace(place, &before, nullptr);
  delete_history_.run(place);
  delete_place_.run(place);
}

// A place that this pass found is still being put together: that it is new is all its history.
// Otherwise a field's row spans the run, from the value before it to the latest.
void PlaceStore::record_changes(std::int64_t place, std::int64_t run, std::int64_t pass,
                                const std::string& at, const Place& before, const Place& after,
                                const std::optional<std::string>& gone_before,
                                const std::optional<std::string>& gone_after) {
  if (select_creation_.first(place, pass)) {
    select_creation_.reset();
    return;
  }
  std::vector<std::optional<std::string>> old_values;
  for_each_field(
      [&old_values](const char*, const auto& value) { old_values.push_back(value_text(value)); },
      before);
  std::size_t i = 0;
  const auto record = [&](const char* field, const std::optional<std::string>& old_value,
                          const std::optional<std::string>& new_value) {
    if (old_value != new_value) upsert_history_.run(place, run, field, at, old_value, new_value);
  };
  for_each_field([&](const char* field,
                     const auto& value) { record(field, old_values[i++], value_text(value)); },
                 after);
  record("gone_since", gone_before, gone_after);
  trim_history_.run(place, run);
}

}  // namespace placer
