// How a place's row follows from its observations.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "scraper/place/identity.h"
#include "storage/place_columns.h"
#include "storage/place_store.h"
#include "storage/times.h"

namespace placer {
namespace {

// A chain's head office stands on each page of its site, word for word: one group, read once. Of
// a place that says something else on every page the first groups by rank speak.
constexpr std::size_t kMaxGroups = 32;

// Observations of one rank that state the same.
struct Group {
  std::int64_t rank = 0;
  std::string url;  // of the group's first observation
  std::string path;
  Place place;
};

std::optional<std::string> value_text(const std::optional<std::string>& value) { return value; }
std::optional<std::string> value_text(const auto& value) {
  return value ? std::optional(fmt::format("{}", *value)) : std::nullopt;
}

void fill(Place& place, const Place& from) {
  std::vector<const void*> values;
  for_each_field([&values](const char*, const auto& value) { values.push_back(&value); }, from);
  std::size_t i = 0;
  for_each_field(
      [&](const char*, auto& value) {
        using T = std::remove_reference_t<decltype(value)>;
        if (!value) value = *static_cast<const T*>(values[i]);
        ++i;
      },
      place);
}

}  // namespace

PlaceRow PlaceStore::merged(std::int64_t place) {
  std::vector<Group> groups;
  std::int64_t rank = -1;
  std::int64_t hash = std::numeric_limits<std::int64_t>::max();
  while (groups.size() < kMaxGroups && select_group_.first(place, rank, hash)) {
    rank = select_group_.integer(0);
    hash = select_group_.integer(1);
    groups.push_back({rank, select_group_.string(2), select_group_.string(3),
                      place_of_json(select_group_.text(4))});
    select_group_.reset();
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::tie(a.rank, a.url, a.path) < std::tie(b.rank, b.url, b.path);
  });
  PlaceRow row;
  for (const Group& group : groups) fill(row.place, group.place);
  if (!groups.empty()) {
    row.source_url = groups.front().url;
    row.completeness = completeness(row.place);
  }
  return row;
}

std::uint64_t PlaceStore::settle(std::int64_t run, std::int64_t pass) {
  // In the order of the table, so that each of its pages is touched once.
  std::vector<std::int64_t> places;
  for (const auto& [place, touch] : touched_) places.push_back(place);
  std::sort(places.begin(), places.end());
  std::uint64_t created = 0;
  for (const std::int64_t place : places) {
    created += settle_place(place, touched_[place], run, pass) ? 1 : 0;
  }
  touched_.clear();
  return created;
}

bool PlaceStore::settle_place(std::int64_t place, const Touch& touch, std::int64_t run,
                              std::int64_t pass) {
  const PlaceRow after = merged(place);
  if (touch.identity_key) {
    if (!after.source_url) return false;  // stated and taken back within one batch
    insert(place, after, touch, run);
    return true;
  }
  update(place, after, touch, run, pass);
  return false;
}

void PlaceStore::insert(std::int64_t place, const PlaceRow& row, const Touch& touch,
                        std::int64_t run) {
  const std::string first = time_text(touch.first);
  const std::string last = time_text(touch.last);
  insert_place_.start();
  insert_place_.add(place);
  insert_place_.add(touch.identity_key);
  insert_place_.add(row.source_url);
  insert_place_.add(row.completeness);
  insert_place_.add(first);
  insert_place_.add(last);
  add_place(insert_place_, row.place);
  insert_place_.next();
  upsert_history_.run(place, run, "first_seen", first, std::nullopt, first);
  index_.replace(place, nullptr, &row.place);
}

void PlaceStore::update(std::int64_t place, const PlaceRow& after, const Touch& touch,
                        std::int64_t run, std::int64_t pass) {
  if (!select_place_.first(place)) return;
  PlaceRow before{read_place(select_place_, 4), select_place_.optional_string(0),
                  select_place_.real(1)};
  const std::optional<std::string> gone_before = select_place_.optional_string(2);
  const std::string seen_before = select_place_.string(3);
  select_place_.reset();
  const std::string at = time_text(touch.last);

  if (!after.source_url) {  // the row stays as it was last stated
    if (gone_before) return;
    update_gone_.run(at, place);
    record_changes(place, run, pass, at, before.place, before.place, gone_before, at);
    return;
  }
  const std::string seen = std::max(at, seen_before);
  if (before.place == after.place && before.source_url == after.source_url && !gone_before &&
      before.completeness == after.completeness) {
    if (seen != seen_before) update_last_seen_.run(seen, place);
    return;
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
