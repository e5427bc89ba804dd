#include "storage/edges.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "storage/database_file.h"
#include "storage/merged_place.h"
#include "storage/place_store.h"
#include "storage/resolve.h"
#include "storage/sqlite.h"

namespace placer {
namespace {

void describe(MergedPlaces& merged, Statement& place_of, EdgeRow::End& end) {
  if (!place_of.first(end.identity)) return;
  end.place = place_of.integer(0);
  place_of.reset();
  const PlaceRow row = merge_groups(merged.groups(end.place, end.identity));
  end.name = row.place.name;
  end.city = row.place.addr_city;
  end.url = row.source_url;
  end.address = row.place.addr_full;
  if (row.place.addr_street) {
    end.address = *row.place.addr_street;
    if (row.place.addr_housenumber) *end.address += ' ' + *row.place.addr_housenumber;
  }
}

std::vector<std::string> reasons_of(std::string_view json) {
  std::vector<std::string> reasons;
  const auto list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array()) return reasons;
  for (const auto& reason : list) {
    if (reason.is_string()) reasons.push_back(reason.get<std::string>());
  }
  return reasons;
}

Result<std::int64_t> place_of(Database& db, std::int64_t identity) {
  Statement select(db, "SELECT place_id FROM identity WHERE id = ?", "looking an identity up");
  if (!select.first(identity)) {
    if (auto status = db.status(); !status) return tl::unexpected(status.error());
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: no place or identity has the id {}", db.path(), identity));
  }
  const std::int64_t place = select.integer(0);
  select.reset();
  return place;
}

Result<void> pin(Database& db, std::int64_t a, std::int64_t b,
                 std::optional<MatchDecision> decision) {
  if (decision) {
    Statement(db,
              "INSERT INTO place_edge (a, b, decision, score, reasons, pinned)"
              " VALUES (?, ?, ?, 0, '[]', 1) ON CONFLICT (a, b) DO UPDATE"
              " SET decision = excluded.decision, pinned = 1",
              "storing a decision")
        .run(a, b, match_decision_name(*decision));
    return db.status();
  }
  Statement undo(db,
                 "UPDATE place_edge SET pinned = 0 WHERE a = ? AND b = ? AND pinned RETURNING 1",
                 "taking a decision back");
  const bool any = undo.first(a, b);
  if (any) undo.next();
  if (auto status = db.status(); !status) return status;
  if (any) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{}: nobody decided about {} and {}", db.path(), a, b));
}

}  // namespace

Result<std::vector<EdgeRow>> read_edges(const std::string& path, const EdgeQuery& query) {
  auto db = open_for_reading(path);
  if (!db) return tl::unexpected(db.error());
  std::vector<EdgeRow> edges;
  std::optional<std::string_view> decision;
  if (query.decision) decision = match_decision_name(*query.decision);
  {
    MergedPlaces merged(**db);
    Statement place(**db, "SELECT place_id FROM identity WHERE id = ?", "looking an identity up");
    Statement rows(**db,
                   "SELECT a, b, decision, score, reasons, pinned FROM place_edge"
                   " WHERE (?1 IS NULL OR decision = ?1) AND (pinned OR NOT ?2)"
                   " ORDER BY score DESC, a, b LIMIT ?3",
                   "reading why places are one");
    const std::int64_t limit = query.limit == 0 ? -1 : query.limit;  // SQLite: negative is none
    for (bool row = rows.first(decision, query.pinned ? 1 : 0, limit); row; row = rows.next()) {
      EdgeRow edge;
      edge.a.identity = rows.integer(0);
      edge.b.identity = rows.integer(1);
      edge.decision = rows.string(2);
      edge.score = rows.real(3);
      edge.reasons = reasons_of(rows.text(4));
      edge.pinned = rows.integer(5) != 0;
      edges.push_back(std::move(edge));
    }
    for (EdgeRow& edge : edges) {
      describe(merged, place, edge.a);
      describe(merged, place, edge.b);
    }
  }
  if (auto status = (*db)->status(); !status) return tl::unexpected(status.error());
  return edges;
}

Result<Pinned> pin_edge(const std::string& path, std::int64_t a, std::int64_t b,
                        std::optional<MatchDecision> decision) {
  if (a == b) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} and {} are the same id", a, b));
  }
  // Files that are missing or foreign are told apart here, and never made.
  if (auto there = open_for_reading(path); !there) return tl::unexpected(there.error());
  auto lock = RunLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  auto opened = open_for_writing({path, Durability::kNormal});
  if (!opened) return tl::unexpected(opened.error());
  Database& db = **opened;
  for (const std::int64_t id : {a, b}) {
    if (auto known = place_of(db, id); !known) return tl::unexpected(known.error());
  }
  PlaceStore places(db);
  Transaction transaction(db);
  if (auto done = pin(db, std::min(a, b), std::max(a, b), decision); !done) {
    return tl::unexpected(done.error());
  }
  Statement(db, "INSERT OR IGNORE INTO unresolved VALUES (?), (?)", "noting what is to be resolved")
      .run(a, b);
  Statement last(db, "SELECT id, pass FROM run ORDER BY id DESC LIMIT 1", "reading the last run");
  std::int64_t run = 0;
  std::int64_t pass = 0;
  if (last.first()) {
    run = last.integer(0);
    pass = last.integer(1);
  }
  last.reset();
  Resolver(db, places).resolve(run, pass);
  if (auto done = transaction.commit(); !done) return tl::unexpected(done.error());
  const auto place_a = place_of(db, a);
  const auto place_b = place_of(db, b);
  if (!place_a || !place_b) return tl::unexpected((place_a ? place_b : place_a).error());
  return Pinned{*place_a, *place_b};
}

}  // namespace placer
