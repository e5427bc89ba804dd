#include "storage/merged_place.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

#include "scraper/place/identity.h"
#include "storage/place_columns.h"

namespace placer {
namespace {

// A chain's head office stands on each page of its site, word for word: one group, read once. Of
// an identity that says something else on every page the first groups by rank speak.
constexpr std::size_t kMaxGroups = 32;

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

void sort_by_rank(std::vector<ObservationGroup>& groups) {
  std::sort(groups.begin(), groups.end(), [](const ObservationGroup& a, const ObservationGroup& b) {
    return std::tie(a.rank, a.url, a.path) < std::tie(b.rank, b.url, b.path);
  });
}

}  // namespace

MergedPlaces::MergedPlaces(Database& db)
    : select_identity_(db,
                       "SELECT identity_id FROM observation WHERE place_id = ?"
                       " AND identity_id > ? ORDER BY identity_id LIMIT 1",
                       "reading a place's identities"),
      select_group_(db,
                    "SELECT rank, hash, url, path, fields FROM observation"
                    " WHERE place_id = ? AND identity_id = ? AND (rank, hash) > (?, ?)"
                    " ORDER BY rank, hash, url, path LIMIT 1",
                    "reading a place's observations") {}

std::vector<std::int64_t> MergedPlaces::identities(std::int64_t place) {
  std::vector<std::int64_t> ids;
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  while (select_identity_.first(place, last)) {
    last = select_identity_.integer(0);
    ids.push_back(last);
    select_identity_.reset();
  }
  return ids;
}

std::vector<ObservationGroup> MergedPlaces::groups(std::int64_t place, std::int64_t identity) {
  std::vector<ObservationGroup> groups;
  std::int64_t rank = -1;
  std::int64_t hash = std::numeric_limits<std::int64_t>::max();
  while (groups.size() < kMaxGroups && select_group_.first(place, identity, rank, hash)) {
    rank = select_group_.integer(0);
    hash = select_group_.integer(1);
    groups.push_back({rank, hash, select_group_.string(2), select_group_.string(3),
                      place_of_json(select_group_.text(4))});
    select_group_.reset();
  }
  sort_by_rank(groups);
  return groups;
}

PlaceRow MergedPlaces::place(std::int64_t id) {
  std::vector<ObservationGroup> all;
  for (const std::int64_t identity : identities(id)) {
    std::vector<ObservationGroup> some = groups(id, identity);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  sort_by_rank(all);
  return merge_groups(all);
}

PlaceRow merge_observations(std::vector<ObservationGroup> observations) {
  std::sort(observations.begin(), observations.end(),
            [](const ObservationGroup& a, const ObservationGroup& b) {
              return std::tie(a.rank, a.hash, a.url, a.path) <
                     std::tie(b.rank, b.hash, b.url, b.path);
            });
  const auto end = std::unique(observations.begin(), observations.end(),
                               [](const ObservationGroup& a, const ObservationGroup& b) {
                                 return a.rank == b.rank && a.hash == b.hash;
                               });
  observations.erase(end, observations.end());
  if (observations.size() > kMaxGroups) observations.resize(kMaxGroups);
  sort_by_rank(observations);
  return merge_groups(observations);
}

PlaceRow merge_groups(const std::vector<ObservationGroup>& groups) {
  PlaceRow row;
  for (const ObservationGroup& group : groups) fill(row.place, group.place);
  if (!groups.empty()) {
    row.source_url = groups.front().url;
    row.completeness = completeness(row.place);
  }
  return row;
}

}  // namespace placer
