// What changed between two states of a database, place by place.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/sqlite.h"

namespace placer {

// The runs `first` to `last`, both included.
struct RunRange {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
};

// All that some runs changed of one place, from its state before them to the one after.
struct PlaceChange {
  std::int64_t place = 0;
  std::optional<std::string> name;
  std::optional<std::string> category;
  std::string at;                         // of the latest change
  bool is_new = false;                    // the fields of a new place are no changes
  bool came_back = false;                 // it had been gone
  std::optional<std::string> gone_since;  // it went, and has not come back
  // By field: the value before and the one after; nothing where there was or is none.
  std::map<std::string, std::pair<std::optional<std::string>, std::optional<std::string>>> fields;
};

struct ChangeCounts {
  std::uint64_t added = 0;
  std::uint64_t gone = 0;
  std::uint64_t back = 0;
  std::uint64_t changed = 0;  // known before and after, with other fields
};

using ChangeVisitor = std::function<void(const PlaceChange&)>;

// Visits the places that `range` changed, by name, then id, and returns how many there are. What
// was changed and changed back is left out, as is a place that came and went. A failure sticks to
// the Database.
ChangeCounts visit_changes(Database& db, const RunRange& range, const ChangeVisitor& visit);

}  // namespace placer
