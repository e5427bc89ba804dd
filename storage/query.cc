#include "storage/query.h"

#include <algorithm>
#include <array>
#include <map>

#include "storage/database_file.h"
#include "storage/frontier_store.h"
#include "storage/moment.h"
#include "storage/sqlite_storage.h"
#include "storage/url_host.h"

namespace placer {
namespace {

// Several statements over one state of the database.
class Snapshot {
 public:
  explicit Snapshot(Database& db) : db_(&db) { db.exec("BEGIN", "beginning to read"); }
  ~Snapshot() { sqlite3_exec(db_->raw(), "ROLLBACK", nullptr, nullptr, nullptr); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database* db_;
};

constexpr std::array kMainFields = {"name",  "addr_street", "addr_city",     "lat",
                                    "phone", "website",     "opening_hours", "category"};

std::uint64_t count_of(Database& db, const char* sql) {
  Statement statement(db, sql, "counting");
  const std::uint64_t count = statement.first() ? statement.count(0) : 0;
  statement.reset();
  return count;
}

std::vector<std::pair<std::string, std::uint64_t>> tally(Database& db, const char* sql) {
  std::vector<std::pair<std::string, std::uint64_t>> rows;
  Statement statement(db, sql, "counting the pages");
  for (bool row = statement.first(); row; row = statement.next()) {
    rows.emplace_back(statement.string(0), statement.count(1));
  }
  return rows;
}

std::vector<FilteredRow> read_filtered(Database& db) {
  std::vector<FilteredRow> rows;
  Statement statement(db, "SELECT reason, count, example FROM filtered ORDER BY count DESC, reason",
                      "reading what was filtered");
  for (bool row = statement.first(); row; row = statement.next()) {
    rows.push_back({statement.string(0), statement.count(1), statement.string(2)});
  }
  return rows;
}

// `runs` newest first.
void read_alarms(Database& db, std::vector<RunRow>& runs) {
  Statement row(db,
                "SELECT run, host, format, field, before, after FROM alarm"
                " ORDER BY run DESC, host, format, field",
                "reading the alarms");
  auto run = runs.begin();
  for (bool more = row.first(); more; more = row.next()) {
    while (run != runs.end() && run->id > row.count(0)) ++run;
    if (run == runs.end()) break;
    run->alarms.push_back({row.string(1), row.string(2), row.string(3), row.real(4), row.real(5)});
  }
  row.reset();
}

void read_completeness(Database& db, StatusSummary& summary) {
  std::string sql = "SELECT coalesce(avg(completeness), 0)";
  for (const char* field : kMainFields) sql += std::string(", count(") + field + ")";
  Statement row(db, sql + " FROM place WHERE gone_since IS NULL", "reading the completeness");
  if (!row.first()) return;
  summary.completeness = row.real(0);
  for (std::size_t i = 0; i < kMainFields.size(); ++i) {
    summary.filled.emplace_back(kMainFields[i], row.count(static_cast<int>(i) + 1));
  }
  row.reset();
}

std::optional<PageRow> read_page(Database& db, std::uint64_t fingerprint) {
  Statement row(db,
                "SELECT url, status, http_status, error, error_message, fetched_at, depth,"
                " attempts, redirects, found_on, title,"
                " (SELECT count(*) FROM observation WHERE observation.page = page.id)"
                " FROM page WHERE fingerprint = ?",
                "reading a page");
  if (!row.first(fingerprint)) return std::nullopt;
  PageRow page{row.string(0),          row.string(1),           std::nullopt,
               row.optional_string(3), row.optional_string(4),  row.string(5),
               row.integer(6),         row.integer(7),          row.integer(8),
               row.optional_string(9), row.optional_string(10), row.count(11)};
  if (!row.is_null(2)) page.http_status = row.integer(2);
  row.reset();
  return page;
}

void read_queued(Database& db, HostId host, std::uint64_t fingerprint, Why& why) {
  why.queued = FrontierRows(db).queued(host, fingerprint);
  if (!why.queued) return;
  Statement parent(db, "SELECT url FROM page WHERE fingerprint = ?", "reading a page");
  if (parent.first(why.queued->found_on)) why.queued_found_on = parent.string(0);
}

}  // namespace

Result<Lookup> Lookup::open(const std::string& path) {
  auto db = open_for_reading(path);
  if (!db) return tl::unexpected(db.error());
  add_geo_functions(**db);
  add_hours_functions(**db);
  if (auto status = (*db)->status(); !status) return tl::unexpected(status.error());
  return Lookup(std::move(*db));
}

std::vector<RunRow> Lookup::read_runs() {
  Statement row(*db_,
                "SELECT id, pass, job, backend, arguments, started_at, saved_at, finished_at,"
                " outcome, counters, pass_end,"
                " (SELECT count(*) FROM place_history AS h WHERE h.run = run.id"
                "  AND h.field = 'first_seen'),"
                " (SELECT count(DISTINCT h.place_id) FROM place_history AS h"
                "  WHERE h.run = run.id AND h.field NOT IN ('first_seen', 'gone_since')),"
                " (SELECT count(*) FROM place_history AS h WHERE h.run = run.id"
                "  AND h.field = 'gone_since' AND h.new_value IS NOT NULL)"
                " FROM run ORDER BY id DESC",
                "reading the runs");
  std::vector<RunRow> runs;
  for (bool more = row.first(); more; more = row.next()) {
    runs.push_back({row.count(0),
                    row.count(1),
                    row.string(2),
                    row.string(3),
                    row.optional_string(4),
                    row.string(5),
                    row.string(6),
                    row.optional_string(7),
                    row.optional_string(8),
                    counters_of_json(row.text(9)),
                    row.count(11),
                    row.count(12),
                    row.count(13),
                    row.optional_string(10),
                    {}});
  }
  read_alarms(*db_, runs);
  return runs;
}

std::vector<HostRow> Lookup::read_hosts() {
  std::map<std::string, HostRow, std::less<>> hosts;
  for (const HostState& state : FrontierRows(*db_).hosts()) hosts[state.host].state = state;
  std::string sql = "SELECT source_url";
  for (const char* field : kMainFields) sql += std::string(", ") + field + " IS NOT NULL";
  Statement place(*db_, sql + " FROM place WHERE gone_since IS NULL", "reading the places");
  for (bool more = place.first(); more; more = place.next()) {
    const std::string_view host = url_host(place.text(0));
    auto found = hosts.find(host);
    if (found == hosts.end()) found = hosts.try_emplace(std::string(host)).first;
    HostRow& row = found->second;
    row.filled.resize(kMainFields.size());
    ++row.places;
    for (std::size_t i = 0; i < kMainFields.size(); ++i) {
      row.filled[i].second += place.count(static_cast<int>(i) + 1);
    }
  }
  std::vector<HostRow> rows;
  for (auto& [host, row] : hosts) {
    row.host = host;
    row.filled.resize(kMainFields.size());
    for (std::size_t i = 0; i < kMainFields.size(); ++i) row.filled[i].first = kMainFields[i];
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const HostRow& a, const HostRow& b) { return a.places > b.places; });
  return rows;
}

Result<StatusSummary> Lookup::status() {
  StatusSummary summary;
  const Snapshot snapshot(*db_);
  Statement job(*db_, "SELECT job FROM meta", "reading the job's name");
  if (job.first()) summary.job = job.string(0);
  job.reset();
  summary.runs = read_runs();
  summary.pages =
      tally(*db_, "SELECT status, count(*) AS n FROM page GROUP BY 1 ORDER BY n DESC, 1");
  summary.page_errors = tally(*db_,
                              "SELECT error, count(*) AS n FROM page WHERE error IS NOT NULL GROUP "
                              "BY 1 ORDER BY n DESC, 1");
  summary.places = count_of(*db_, "SELECT count(*) FROM place WHERE gone_since IS NULL");
  summary.places_gone = count_of(*db_, "SELECT count(*) FROM place WHERE gone_since IS NOT NULL");
  summary.places_missing = count_of(
      *db_, "SELECT count(*) FROM place WHERE missing_since IS NOT NULL AND gone_since IS NULL");
  read_completeness(*db_, summary);
  summary.observations = count_of(*db_, "SELECT count(*) FROM observation");
  summary.queued = count_of(*db_, "SELECT count(*) FROM queue");
  summary.hosts = read_hosts();
  summary.filtered = read_filtered(*db_);
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return summary;
}

Result<std::vector<RunRow>> Lookup::runs() {
  std::vector<RunRow> rows = read_runs();
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return rows;
}

Result<Why> Lookup::why(std::uint64_t fingerprint, const std::string& origin,
                        const std::string& host) {
  Why why;
  const Snapshot snapshot(*db_);
  why.page = read_page(*db_, fingerprint);
  why.origin = FrontierRows(*db_).origin(origin);
  why.host = FrontierRows(*db_).host(host);
  if (why.host) read_queued(*db_, why.host->id, fingerprint, why);
  const Known known = SeenStore(*db_).find({&fingerprint, 1}).front();
  why.seen = known.found;
  if (known.filtered_as) why.filtered = filter_reason_name(*known.filtered_as);
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return why;
}

Result<std::vector<Change>> Lookup::changes_since(std::uint64_t run) {
  Statement row(*db_,
                "SELECT h.place_id, p.name, h.run, h.field, h.at, h.old_value, h.new_value"
                " FROM place_history AS h JOIN place AS p ON p.id = h.place_id"
                " WHERE h.run > ? ORDER BY h.place_id, h.run, h.field",
                "reading what changed");
  std::vector<Change> changes;
  for (bool more = row.first(run); more; more = row.next()) {
    changes.push_back({row.integer(0), row.optional_string(1), row.count(2), row.string(3),
                       row.string(4), row.optional_string(5), row.optional_string(6)});
  }
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return changes;
}

Result<std::vector<SourceRow>> Lookup::sources(std::int64_t place) {
  Statement row(*db_,
                "SELECT field, value, url, format, path FROM place_source WHERE place_id = ?"
                " ORDER BY field",
                "reading where a place came from");
  std::vector<SourceRow> rows;
  for (bool more = row.first(place); more; more = row.next()) {
    rows.push_back({row.string(0), row.string(1), row.string(2), row.string(3), row.string(4)});
  }
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return rows;
}

}  // namespace placer
