#include "storage/quality.h"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "storage/place_columns.h"
#include "storage/url_host.h"

namespace placer {
namespace {

constexpr std::uint64_t kEnough = 20;  // fewer observations say nothing about a template
constexpr int kKeptPasses = 30;        // complete passes whose counts are kept
constexpr const char* kObservations = "observations";

using Source = std::pair<std::string, std::string>;  // host and format

struct Fill {
  std::int64_t pass = 0;
  std::uint64_t observations = 0;
  std::map<std::string, std::uint64_t> filled;  // by field; those without any are left out

  double share(const std::string& field) const {
    const auto found = filled.find(field);
    return found == filled.end() || observations == 0
               ? 0
               : static_cast<double>(found->second) / static_cast<double>(observations);
  }
};

using Fills = std::map<Source, Fill>;

// What the pages that this pass fetched state.
Fills count_fills(Database& db, std::int64_t pass) {
  Fills fills;
  Statement row(db,
                "SELECT o.url, o.format, o.fields FROM observation AS o"
                " JOIN page AS g ON g.id = o.page WHERE g.pass = ? AND g.status = 'ok'",
                "counting the fields that are stated");
  for (bool more = row.first(pass); more; more = row.next()) {
    Fill& fill = fills[{std::string(url_host(row.text(0))), row.string(1)}];
    fill.pass = pass;
    ++fill.observations;
    const Place place = place_of_json(row.text(2));
    for_each_field(
        [&fill](const char* field, const auto& value) {
          if (value) ++fill.filled[field];
        },
        place);
  }
  return fills;
}

// Of each host and format the latest that is kept.
Fills last_fills(Database& db, std::int64_t pass) {
  Fills fills;
  Statement row(db,
                "SELECT pass, host, format, field, observations, filled FROM fill"
                " WHERE pass < ? ORDER BY pass DESC",
                "reading earlier counts");
  for (bool more = row.first(pass); more; more = row.next()) {
    Fill& fill = fills[{row.string(1), row.string(2)}];
    if (fill.pass == 0) fill.pass = row.integer(0);
    if (fill.pass != row.integer(0)) continue;
    fill.observations = row.count(4);
    fill.filled[row.string(3)] = row.count(5);
  }
  return fills;
}

void keep(Database& db, const Fills& fills, std::int64_t pass) {
  Statement insert(db, "INSERT OR REPLACE INTO fill VALUES (?, ?, ?, ?, ?, ?)",
                   "storing the counts");
  for (const auto& [source, fill] : fills) {
    if (fill.observations < kEnough) continue;
    for (const auto& [field, count] : fill.filled) {
      insert.run(pass, source.first, source.second, field, fill.observations, count);
    }
  }
  Statement(db,
            "DELETE FROM fill WHERE pass <= (SELECT pass FROM run WHERE pass_end = 'complete'"
            " AND pass < ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            "dropping old counts")
      .run(pass, kKeptPasses - 1);
}

bool halved(double before, double after) { return 2 * after < before; }

// What fell between two passes of one host and format.
std::vector<Alarm> compare(const Source& source, const Fill& before, const Fill& after,
                           bool count_matters) {
  std::vector<Alarm> alarms;
  const auto was = static_cast<double>(before.observations);
  const auto is = static_cast<double>(after.observations);
  const auto ring = [&](const std::string& field, double old_value, double new_value) {
    alarms.push_back({source.first, source.second, field, old_value, new_value});
  };
  if (halved(was, is)) {
    if (count_matters) ring(kObservations, was, is);
    if (after.observations < kEnough) return alarms;
  }
  for (const auto& [field, count] : before.filled) {
    const double share = before.share(field);
    if (share >= 0.5 && halved(share, after.share(field))) {
      ring(field, share, after.share(field));
    }
  }
  return alarms;
}

}  // namespace

std::vector<Alarm> watch_quality(Database& db, const EndedPass& ended) {
  const Fills now = count_fills(db, ended.pass);
  const bool complete = ended.end == PassEnd::kComplete;
  std::vector<Alarm> rung;
  Statement known(db,
                  "SELECT 1 FROM alarm WHERE compared_with >= ?1 AND host = ?2 AND format = ?3"
                  " AND field = ?4 LIMIT 1",
                  "reading earlier alarms");
  Statement insert(db, "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "storing an alarm");
  for (const auto& [source, before] : last_fills(db, ended.pass)) {
    const auto found = now.find(source);
    const Fill after = found == now.end() ? Fill{} : found->second;
    for (Alarm& alarm : compare(source, before, after, complete)) {
      const bool rang = known.first(before.pass, alarm.host, alarm.format, alarm.field);
      known.reset();
      if (rang) continue;
      insert.run(ended.run, alarm.host, alarm.format, alarm.field, alarm.before, alarm.after,
                 before.pass);
      rung.push_back(std::move(alarm));
    }
  }
  if (complete) keep(db, now, ended.pass);
  return rung;
}

}  // namespace placer
