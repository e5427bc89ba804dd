// How a place's row follows from its observations.
//
// It is a function of them alone, so it does not depend on the order in which pages arrive or are
// grouped into commits. Each field is the first one stated, over the observations of all the
// place's identities, ordered by rank (formats believed first, then the more complete), URL and
// path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/place/place.h"
#include "storage/sqlite.h"

namespace placer {

// What of a place's row comes from its observations.
struct PlaceRow {
  Place place;
  std::optional<std::string> source_url;  // nothing: no observation is left
  double completeness = 0;
};

// Observations of one rank that state the same.
struct ObservationGroup {
  std::int64_t rank = 0;
  std::int64_t hash = 0;  // of what they state
  std::string url;        // of the group's first observation
  std::string path;
  Place place;
};

class MergedPlaces {
 public:
  explicit MergedPlaces(Database& db);

  // The identities of a place that some page states, in order of id.
  std::vector<std::int64_t> identities(std::int64_t place);

  // What is said of one identity, believed first; at most 32 groups.
  std::vector<ObservationGroup> groups(std::int64_t place, std::int64_t identity);

  PlaceRow place(std::int64_t id);

 private:
  Statement select_identity_;
  Statement select_group_;
};

// The same as MergedPlaces::place() of the place that has these observations, one in each group,
// and no others.
PlaceRow merge_observations(std::vector<ObservationGroup> observations);

// The fields of `groups`, which are in order: each the first one stated.
PlaceRow merge_groups(const std::vector<ObservationGroup>& groups);

}  // namespace placer
