// What `placer report` shows and no other command asks for: every place with the origin of its
// fields, and what became of the pages.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scraper/place/place.h"
#include "storage/sqlite.h"

namespace placer {

// One part of a page, and which fields of a place came from it.
struct FieldOrigin {
  std::string url;
  std::string format;
  std::string path;
  std::uint32_t fields = 0;  // bit n: the n-th of place_field_names()
};

struct ReportedPlace {
  std::int64_t id = 0;
  Place place;
  std::string first_seen;
  std::string last_seen;
  std::optional<std::string> missing_since;
  std::optional<std::string> gone_since;
  double completeness = 0;
  std::vector<FieldOrigin> origins;  // as in the view place_source; the one that ranks first leads
};

using ReportedPlaceVisitor = std::function<void(const ReportedPlace&)>;

// How fetches ended: ok, redirect and error add up to all of them.
struct PageTally {
  std::uint64_t ok = 0;
  std::uint64_t redirect = 0;
  std::uint64_t error = 0;

  std::uint64_t all() const { return ok + redirect + error; }
};

// Pages of the present pass by when they were last fetched, in buckets of equal length.
struct PageTimeline {
  std::int64_t start = 0;   // of the first bucket, in seconds since 1970
  std::int64_t bucket = 1;  // seconds
  std::vector<PageTally> tallies;
};

struct FormatTally {
  std::string format;
  std::uint64_t observations = 0;
  std::uint64_t pages = 0;
  std::uint64_t places = 0;
};

struct PageStory {
  std::uint64_t pages = 0;
  std::map<std::string, PageTally, std::less<>> hosts;
  std::map<std::string, std::uint64_t, std::less<>> errors;  // by their stable name
  std::map<std::int64_t, std::uint64_t> http_statuses;       // 0: no response
  PageTimeline timeline;
  std::vector<FormatTally> formats;  // most places first
  // For every field of a place: how many places have it. Gone ones are left out, here and above.
  std::vector<std::pair<std::string, std::uint64_t>> filled;
};

// A read-only view of a database, of a running job too. Each call sees one consistent state.
// Thread safety: confined to one thread.
class ReportReader {
 public:
  // kStorage when the file is missing, foreign or of another version.
  static Result<ReportReader> open(const std::string& path);

  // Visits every place, gone ones too, in order of id. Memory for one place; time linear in the
  // observations.
  Result<void> visit_places(const ReportedPlaceVisitor& visit);

  Result<PageStory> pages();

  // A number that is another one once the file holds something else.
  Result<std::int64_t> version();

 private:
  explicit ReportReader(std::unique_ptr<Database> db) : db_(std::move(db)) {}

  void read_pages(PageStory& story);
  void read_formats(PageStory& story);
  void read_filled(PageStory& story);

  std::unique_ptr<Database> db_;
};

}  // namespace placer
