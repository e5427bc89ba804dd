// Looking at a database: what a run did, which places there are, why a URL was or was not fetched.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scraper/frontier/pace_state.h"
#include "scraper/place/place.h"
#include "scraper/storage.h"
#include "storage/changes.h"
#include "storage/place_query.h"
#include "storage/sqlite.h"

namespace placer {

struct RunRow {
  std::uint64_t id = 0;
  std::uint64_t pass = 0;  // the run that began the pass
  std::string job;
  std::string backend;
  std::optional<std::string> arguments;
  std::string started_at;
  std::string saved_at;                    // of the last commit
  std::optional<std::string> finished_at;  // nothing: runs now, or was killed just now
  std::optional<std::string> outcome;
  RunCounters counters;
  std::uint64_t places_new = 0;
  std::uint64_t places_changed = 0;  // of those that were known before
  std::uint64_t places_gone = 0;
  std::optional<std::string> pass_end;  // "complete" or "spoiled": it ended its pass
  std::vector<Alarm> alarms;
};

struct HostRow {
  std::string host;
  HostState state;
  std::uint64_t places = 0;  // whose first source is a page of this host
  // For each main field, how many of these places have it: {"name", 12}.
  std::vector<std::pair<std::string, std::uint64_t>> filled;
};

struct FilteredRow {
  std::string reason;
  std::uint64_t count = 0;
  std::string example;
};

struct StatusSummary {
  std::string job;
  std::vector<RunRow> runs;                                        // newest first
  std::vector<std::pair<std::string, std::uint64_t>> pages;        // by status
  std::vector<std::pair<std::string, std::uint64_t>> page_errors;  // by error
  std::uint64_t places = 0;                                        // gone ones left out
  std::uint64_t places_gone = 0;
  std::uint64_t places_missing = 0;  // not stated any more, and not gone yet
  // Over the places that are not gone: how many have each main field, and the mean completeness.
  std::vector<std::pair<std::string, std::uint64_t>> filled;
  double completeness = 0;
  std::uint64_t observations = 0;
  std::uint64_t queued = 0;
  std::vector<HostRow> hosts;  // most places first
  std::vector<FilteredRow> filtered;
};

// What the crawl did to one host, by its own record.
struct HostPace {
  std::string host;
  PaceState pace;
};

struct PolitenessSummary {
  std::uint64_t hosts = 0;     // that were asked for something
  PaceRecord record;           // over all of them; no min_delay
  std::vector<HostPace> rows;  // those where least care was taken first
};

struct FoundPlace {
  std::int64_t id = 0;
  Place place;
  std::optional<std::string> source_url;
  std::string last_seen;
  std::optional<std::string> gone_since;
  std::optional<double> distance_m;  // when near was asked for
};

struct PageRow {
  std::string url;
  std::string status;
  std::optional<std::int64_t> http_status;
  std::optional<std::string> error;
  std::optional<std::string> error_message;
  std::string fetched_at;
  std::int64_t depth = 0;
  std::int64_t attempts = 0;
  std::int64_t redirects = 0;
  std::optional<std::string> found_on;
  std::optional<std::string> title;
  std::uint64_t observations = 0;
};

// The story of one URL as far as the database knows it.
struct Why {
  std::optional<PageRow> page;      // it was fetched, in this pass or an earlier one
  std::optional<QueuedUrl> queued;  // it waits
  std::optional<std::string> queued_found_on;
  std::optional<std::string> filtered;  // reason of this pass
  bool seen = false;                    // found in this pass
  std::optional<OriginState> origin;    // robots.txt
  std::optional<HostState> host;
};

struct Change {
  std::int64_t place = 0;
  std::optional<std::string> name;
  std::uint64_t run = 0;
  std::string field;  // "first_seen": the place is new; "gone_since": it went or came back
  std::string at;
  std::optional<std::string> before;
  std::optional<std::string> after;
};

struct SourceRow {
  std::string field;
  std::string value;
  std::string url;
  std::string format;
  std::string path;
};

// A read-only view of a database, of a running job too. Each call sees one consistent state.
// Thread safety: confined to one thread.
class Lookup {
 public:
  // kStorage when the file is missing, foreign or of another version.
  static Result<Lookup> open(const std::string& path);

  Result<StatusSummary> status();
  Result<std::vector<RunRow>> runs();  // newest first
  Result<PolitenessSummary> politeness(std::size_t most_hosts);
  Result<std::vector<FoundPlace>> find_places(const PlaceQuery& query);
  Result<std::string> find_places_sql(const PlaceQuery& query);  // what find_places() runs

  // The different values of place.category, in order.
  Result<std::vector<std::string>> categories();

  // `fingerprint` of the URL's dedupe key; `origin` and `host` as in OriginState and HostState.
  Result<Why> why(std::uint64_t fingerprint, const std::string& origin, const std::string& host);

  // What the runs of `range` changed, place by place; see visit_changes().
  Result<ChangeCounts> changes(const RunRange& range, const ChangeVisitor& visit);

  // The runs of the last pass that came to its end; nothing before the first.
  Result<std::optional<RunRange>> last_pass();

  // What runs after `run` changed, in order of place, run and field.
  Result<std::vector<Change>> changes_since(std::uint64_t run);

  // Where each field of a place came from.
  Result<std::vector<SourceRow>> sources(std::int64_t place);

 private:
  explicit Lookup(std::unique_ptr<Database> db) : db_(std::move(db)) {}

  std::vector<RunRow> read_runs();
  std::vector<HostRow> read_hosts();

  std::unique_ptr<Database> db_;
};

}  // namespace placer
