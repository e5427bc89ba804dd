#include "storage/changes.h"

#include <algorithm>

#include "storage/query.h"

namespace placer {
namespace {

// Columns: place, name, category, at, field, old value, new value.
constexpr const char* kChanges =
    "SELECT h.place_id, p.name, p.category, h.at, h.field, h.old_value, h.new_value"
    " FROM place_history AS h JOIN place AS p ON p.id = h.place_id"
    " WHERE h.run BETWEEN ? AND ? ORDER BY p.name, h.place_id, h.run, h.field";

void add_row(const Statement& row, PlaceChange& change) {
  change.at = std::max(change.at, row.string(3));
  if (row.text(4) == "first_seen") {
    change.is_new = true;
    return;
  }
  const auto [entry, first] = change.fields.try_emplace(row.string(4));
  if (first) entry->second.first = row.optional_string(5);
  entry->second.second = row.optional_string(6);
}

// The rows of one place, which follow each other in order of run. `more`: a row is there.
PlaceChange read_place(Statement& row, bool& more) {
  PlaceChange change;
  change.place = row.integer(0);
  change.name = row.optional_string(1);
  change.category = row.optional_string(2);
  for (; more && row.integer(0) == change.place; more = row.next()) add_row(row, change);
  return change;
}

// Reduces what happened to what is different in the end; false when nothing is.
bool differs(PlaceChange& change) {
  bool gone_before = false;
  if (const auto gone = change.fields.extract("gone_since")) {
    gone_before = gone.mapped().first.has_value();
    change.gone_since = gone.mapped().second;
  }
  if (change.is_new) {
    change.fields.clear();
    return !change.gone_since;
  }
  change.came_back = gone_before && !change.gone_since;
  if (gone_before) change.gone_since.reset();
  std::erase_if(change.fields, [](const auto& f) { return f.second.first == f.second.second; });
  return change.came_back || change.gone_since || !change.fields.empty();
}

void count(const PlaceChange& change, ChangeCounts& counts) {
  ++(change.is_new       ? counts.added
     : change.gone_since ? counts.gone
     : change.came_back  ? counts.back
                         : counts.changed);
}

}  // namespace

ChangeCounts visit_changes(Database& db, const RunRange& range, const ChangeVisitor& visit) {
  ChangeCounts counts;
  Statement row(db, kChanges, "reading what changed");
  for (bool more = row.first(range.first, range.last); more;) {
    PlaceChange change = read_place(row, more);
    if (!differs(change)) continue;
    count(change, counts);
    visit(change);
  }
  return counts;
}

Result<ChangeCounts> Lookup::changes(const RunRange& range, const ChangeVisitor& visit) {
  const ChangeCounts counts = visit_changes(*db_, range, visit);
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return counts;
}

Result<std::optional<RunRange>> Lookup::last_pass() {
  std::optional<RunRange> range;
  Statement row(*db_,
                "SELECT pass, id FROM run WHERE pass_end IS NOT NULL ORDER BY id DESC LIMIT 1",
                "finding the last complete pass");
  if (row.first()) range = RunRange{row.count(0), row.count(1)};
  row.reset();
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return range;
}

}  // namespace placer
