#include "storage/report.h"

#include <algorithm>

#include "storage/database_file.h"
#include "storage/place_columns.h"
#include "storage/times.h"
#include "storage/url_host.h"

namespace placer {
namespace {

constexpr std::int64_t kMostBuckets = 120;

// One state of the database, until the end of the scope.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& db) : db_(&db) { db.exec("BEGIN", "beginning to read"); }
  ~ReadTransaction() { sqlite3_exec(db_->raw(), "ROLLBACK", nullptr, nullptr, nullptr); }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Database* db_;
};

// Columns: place, url, format, path, fields. In the order in which the view place_source believes
// them.
constexpr const char* kSelectOrigins =
    "SELECT place_id, url, format, path, fields FROM observation"
    " ORDER BY place_id, rank, url, path";

std::uint32_t stated_fields(const Place& place) {
  std::uint32_t stated = 0;
  std::uint32_t bit = 1;
  for_each_field(
      [&](const char*, const auto& value) {
        if (value) stated |= bit;
        bit <<= 1;
      },
      place);
  return stated;
}

// The origins of the place with this id: of each field the first observation that states it. `row`
// stands at the place's observations or before them; `more`: a row is there.
void read_origins(Statement& row, bool& more, ReportedPlace& place) {
  std::uint32_t known = 0;
  while (more && row.integer(0) < place.id) more = row.next();
  for (; more && row.integer(0) == place.id; more = row.next()) {
    const std::uint32_t first = stated_fields(place_of_json(row.text(4))) & ~known;
    if (first == 0) continue;
    known |= first;
    place.origins.push_back({row.string(1), row.string(2), row.string(3), first});
  }
}

ReportedPlace read_reported(const Statement& row) {
  const auto fields = static_cast<int>(place_field_names().size());
  return {row.integer(0),
          read_place(row, 1),
          row.string(fields + 1),
          row.string(fields + 2),
          row.optional_string(fields + 3),
          row.optional_string(fields + 4),
          row.real(fields + 5),
          {}};
}

std::int64_t seconds_of(const std::string& text) {
  const auto instant = instant_of_text(text);
  return instant ? epoch_ms(*instant) / 1000 : 0;
}

// An empty timeline over the present pass, from its first fetch to its last.
PageTimeline empty_timeline(Database& db) {
  PageTimeline timeline;
  Statement row(db,
                "SELECT min(fetched_at), max(fetched_at) FROM page"
                " WHERE pass = (SELECT pass FROM meta)",
                "reading when pages were fetched");
  if (!row.first() || row.is_null(0)) return timeline;
  timeline.start = seconds_of(row.string(0));
  const std::int64_t length = std::max<std::int64_t>(0, seconds_of(row.string(1)) - timeline.start);
  row.reset();
  timeline.bucket = length / kMostBuckets + 1;
  timeline.tallies.resize(static_cast<std::size_t>(length / timeline.bucket) + 1);
  return timeline;
}

std::uint64_t PageTally::*tally_of(std::string_view status) {
  if (status == "ok") return &PageTally::ok;
  return status == "redirect" ? &PageTally::redirect : &PageTally::error;
}

}  // namespace

Result<ReportReader> ReportReader::open(const std::string& path) {
  auto db = open_for_reading(path);
  if (!db) return tl::unexpected(db.error());
  return ReportReader(std::move(*db));
}

Result<void> ReportReader::visit_places(const ReportedPlaceVisitor& visit) {
  const ReadTransaction transaction(*db_);
  Statement origin(*db_, kSelectOrigins, "reading where the fields came from");
  Statement row(*db_,
                "SELECT id, " + place_field_list() +
                    ", first_seen, last_seen, missing_since, gone_since, completeness"
                    " FROM place ORDER BY id",
                "reading the places");
  bool more_origins = origin.first();
  for (bool more = row.first(); more; more = row.next()) {
    ReportedPlace place = read_reported(row);
    read_origins(origin, more_origins, place);
    visit(place);
  }
  return db_->status();
}

void ReportReader::read_pages(PageStory& story) {
  story.timeline = empty_timeline(*db_);
  std::int64_t pass = 0;
  Statement meta(*db_, "SELECT pass FROM meta", "reading the pass");
  if (meta.first()) pass = meta.integer(0);
  meta.reset();
  Statement row(*db_, "SELECT url, status, http_status, error, fetched_at, pass FROM page",
                "reading the pages");
  for (bool more = row.first(); more; more = row.next()) {
    ++story.pages;
    const auto tally = tally_of(row.text(1));
    const std::string_view host = url_host(row.text(0));
    auto found = story.hosts.find(host);
    if (found == story.hosts.end()) found = story.hosts.try_emplace(std::string(host)).first;
    ++(found->second.*tally);
    ++story.http_statuses[row.integer(2)];
    if (!row.is_null(3)) ++story.errors[row.string(3)];
    if (row.integer(5) != pass || story.timeline.tallies.empty()) continue;
    const std::int64_t n =
        (seconds_of(row.string(4)) - story.timeline.start) / story.timeline.bucket;
    const auto last = static_cast<std::int64_t>(story.timeline.tallies.size()) - 1;
    ++(story.timeline.tallies[static_cast<std::size_t>(std::clamp<std::int64_t>(n, 0, last))].*
       tally);
  }
}

void ReportReader::read_formats(PageStory& story) {
  Statement row(*db_,
                "SELECT format, count(*), count(DISTINCT page), count(DISTINCT place_id) AS places"
                " FROM observation WHERE missing_since IS NULL"
                " GROUP BY format ORDER BY places DESC, format",
                "counting the formats");
  for (bool more = row.first(); more; more = row.next()) {
    story.formats.push_back({row.string(0), row.count(1), row.count(2), row.count(3)});
  }
}

void ReportReader::read_filled(PageStory& story) {
  Statement row(
      *db_, "SELECT " + place_field_list("count(", ")") + " FROM place WHERE gone_since IS NULL",
      "counting the fields");
  if (!row.first()) return;
  const auto& names = place_field_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    story.filled.emplace_back(names[i], row.count(static_cast<int>(i)));
  }
  row.reset();
}

Result<PageStory> ReportReader::pages() {
  PageStory story;
  const ReadTransaction transaction(*db_);
  read_pages(story);
  read_formats(story);
  read_filled(story);
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return story;
}

Result<std::int64_t> ReportReader::version() {
  Statement row(*db_, "PRAGMA data_version", "asking whether the file has changed");
  const std::int64_t version = row.first() ? row.integer(0) : 0;
  row.reset();
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return version;
}

}  // namespace placer
