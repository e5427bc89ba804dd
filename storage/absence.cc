#include "storage/absence.h"

#include <algorithm>
#include <vector>

#include "storage/orphans.h"
#include "storage/times.h"

namespace placer {
namespace {

constexpr const char* kPassEnd =
    "SELECT count(*),"
    " coalesce(sum(NOT (g.status IN ('ok', 'redirect') OR coalesce(g.http_status, 0) IN (404, "
    "410))),"
    "          0),"
    " coalesce(sum(g.depth = 0 AND g.status = 'ok' AND g.kind = 'page'), 0),"
    " (SELECT partial FROM meta) OR EXISTS (SELECT 1 FROM queue)"
    " FROM page AS g WHERE g.pass = ?";

constexpr const char* kFindDeadPages =
    "INSERT INTO temp.dead_page SELECT g.id FROM page AS g WHERE g.pass = ?"
    " AND (g.status, g.http_status) IN"
    " (VALUES ('redirect', 301), ('redirect', 308), ('http-error', 404), ('http-error', 410))"
    " AND EXISTS (SELECT 1 FROM observation AS o WHERE o.page = g.id)";

// True of an observation o whose page stated it in the pass ?1.
constexpr const char* kStated =
    "EXISTS (SELECT 1 FROM page AS g WHERE g.id = o.page AND g.pass = ?1 AND g.status = 'ok')";

constexpr std::uint64_t kSpoiledShare = 5;  // one page in so many

}  // namespace

struct Absence::Dead {
  std::int64_t place = 0;
  bool all = false;  // no other page states it
};

PassEnd pass_end(Database& db, std::int64_t pass, RunOutcome outcome) {
  if (outcome != RunOutcome::kDone) return PassEnd::kOpen;
  Statement counts(db, kPassEnd, "counting the pass's failures");
  if (!counts.first(pass)) return PassEnd::kOpen;
  const std::uint64_t pages = counts.count(0);
  const std::uint64_t failed = counts.count(1);
  const std::uint64_t started = counts.count(2);
  const bool partial = counts.integer(3) != 0;  // or hosts could not be reached
  counts.reset();
  const bool spoiled = started == 0 || failed * kSpoiledShare > pages;
  if (spoiled) return PassEnd::kSpoiled;
  return partial ? PassEnd::kPartial : PassEnd::kComplete;
}

Absence::Absence(Database& db, SeenStore& seen, const Pass& pass)
    : db_(db),
      seen_(seen),
      pass_(pass),
      now_text_(time_text(pass.now)),
      gone_before_(time_text(pass.now - pass.gone_after)),
      note_missing_(db,
                    "UPDATE place SET missing_since ="
                    " iif(missing_since >= last_seen, missing_since, ?2)"
                    " WHERE id = ?1 AND gone_since IS NULL RETURNING missing_since",
                    "noting that a place is missing"),
      note_gone_(db, "UPDATE place SET gone_since = missing_since WHERE id = ?",
                 "noting that a place is gone"),
      note_unresolved_(db,
                       "INSERT OR IGNORE INTO unresolved"
                       " SELECT DISTINCT identity_id FROM observation WHERE place_id = ?",
                       "noting what is to be resolved"),
      delete_observations_(db, "DELETE FROM observation WHERE place_id = ?",
                           "removing what was said of a gone place"),
      record_gone_(db,
                   "INSERT INTO place_history (place_id, run, field, at, old_value, new_value)"
                   " VALUES (?, ?, 'gone_since', ?, NULL, ?) ON CONFLICT (place_id, run, field)"
                   " DO UPDATE SET at = excluded.at, new_value = excluded.new_value",
                   "storing a place's history") {
  db_.exec(
      "CREATE TEMP TABLE IF NOT EXISTS dead_page (id INTEGER PRIMARY KEY);"
      "DELETE FROM temp.dead_page",
      "listing the dead pages");
}

void Absence::find_dead_pages() {
  Statement(db_, kFindDeadPages, "finding the dead pages").run(pass_.id);
  if (pass_.end != PassEnd::kComplete) return;
  Statement insert(db_, "INSERT OR IGNORE INTO temp.dead_page VALUES (?)",
                   "finding the dead pages");
  for (const std::int64_t page : orphaned_pages(db_, seen_, pass_.id)) insert.run(page);
}

// Each observation is looked at a fixed number of times, however many one place has.
std::vector<Absence::Dead> Absence::places_of_dead_pages() {
  std::vector<Dead> places;
  Statement dead(db_,
                 "SELECT o.place_id, count(*) FROM temp.dead_page AS d"
                 " JOIN observation AS o ON o.page = d.id GROUP BY 1 ORDER BY 1",
                 "reading what dead pages said");
  Statement all(db_, "SELECT count(*) FROM observation WHERE place_id = ?",
                "counting a place's observations");
  for (bool row = dead.first(); row; row = dead.next()) {
    const std::int64_t place = dead.integer(0);
    const bool only = all.first(place) && all.integer(0) == dead.integer(1);
    all.reset();
    places.push_back({place, only});
  }
  return places;
}

void Absence::withdraw(PlaceStore& places) {
  Statement(db_,
            std::string("UPDATE observation AS o SET missing_since = NULL"
                        " WHERE missing_since IS NOT NULL AND ") +
                kStated,
            "taking back that a page is missing")
      .run(pass_.id);
  if (!concludes()) return;
  find_dead_pages();
  Statement(db_,
            "UPDATE observation SET missing_since = ? WHERE missing_since IS NULL"
            " AND page IN (SELECT id FROM temp.dead_page)",
            "noting since when a page is missing")
      .run(now_text_);
  for (const Dead& dead : places_of_dead_pages()) {
    if (!dead.all) withdraw_from(dead.place, places);
  }
}

void Absence::withdraw_from(std::int64_t place, PlaceStore& places) {
  Statement old(db_,
                "SELECT id FROM observation WHERE place_id = ? AND missing_since <= ?"
                " AND page IN (SELECT id FROM temp.dead_page)",
                "reading what dead pages said");
  std::vector<std::int64_t> observations;
  for (bool row = old.first(place, gone_before_); row; row = old.next()) {
    observations.push_back(old.integer(0));
  }
  if (!observations.empty()) read_again(place);
  for (const std::int64_t id : observations) places.withdraw(id, place, pass_.now);
}

// Should a dead page of the place come back as it was, it states the place anew.
void Absence::read_again(std::int64_t place) {
  Statement(db_,
            "UPDATE page SET outlinks = NULL WHERE id IN"
            " (SELECT page FROM observation WHERE place_id = ?"
            "  AND page IN (SELECT id FROM temp.dead_page))",
            "noting what is to be read again")
      .run(place);
}

void Absence::settle() {
  Statement(db_,
            std::string("UPDATE place SET missing_since = NULL WHERE missing_since IS NOT NULL"
                        " AND EXISTS (SELECT 1 FROM observation AS o"
                        " WHERE o.place_id = place.id AND ") +
                kStated + ")",
            "taking back that a place is missing")
      .run(pass_.id);
  if (!concludes()) return;
  std::vector<std::int64_t> missing;
  for (const Dead& dead : places_of_dead_pages()) {
    if (dead.all) missing.push_back(dead.place);
  }
  Statement unstated(db_,
                     "SELECT id FROM place WHERE gone_since IS NULL AND NOT EXISTS"
                     " (SELECT 1 FROM observation AS o WHERE o.place_id = place.id)",
                     "finding the places that no page states");
  for (bool row = unstated.first(); row; row = unstated.next()) {
    missing.push_back(unstated.integer(0));
  }
  std::sort(missing.begin(), missing.end());
  for (const std::int64_t place : missing) miss(place);
}

void Absence::miss(std::int64_t place) {
  // Where it was stated since, it is missing anew.
  if (!note_missing_.first(place, now_text_)) return;
  const std::string first = note_missing_.string(0);
  note_missing_.next();
  if (first > gone_before_) return;
  note_gone_.run(place);
  note_unresolved_.run(place);
  read_again(place);
  delete_observations_.run(place);
  record_gone_.run(place, pass_.run, now_text_, first);
}

}  // namespace placer
