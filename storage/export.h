// Places in formats that other programs read.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/place/place.h"
#include "scraper/result.h"
#include "storage/place_query.h"

namespace placer {

enum class ExportFormat : std::uint8_t {
  kCsv,        // RFC 4180, UTF-8, a header row; cells are safe to open in a spreadsheet (csv.h)
  kJsonl,      // one JSON object per line, keys as the columns; unknown fields are left out
  kGeojson,    // RFC 7946; properties named as All the Places does (all_the_places.h)
  kNdgeojson,  // the same features, one per line and nothing around them
};

// "csv", "jsonl", "geojson", "ndgeojson".
std::optional<ExportFormat> export_format_of(std::string_view name);

// The format that a file's name asks for: ".csv", ".jsonl", ".ndjson", ".geojson", ".ndgeojson",
// ".geojsonl", ".geojsons".
std::optional<ExportFormat> export_format_of_file(std::string_view path);

// Columns of the table `place` that an export has, in order: id, the fields, source_url and times.
const std::vector<std::string>& export_columns();

// Which of them are wanted, in the order wanted; empty: all.
class ColumnChoice {
 public:
  ColumnChoice() = default;
  // REQUIRES: all are among export_columns().
  explicit ColumnChoice(std::vector<std::string> names) : names_(std::move(names)) {}

  bool all() const { return names_.empty(); }
  bool has(std::string_view name) const;
  const std::vector<std::string>& names() const { return all() ? export_columns() : names_; }

 private:
  std::vector<std::string> names_;
};

struct ExportOptions {
  PlaceQuery places{.limit = 0};
  ColumnChoice columns{};
  bool raw = false;  // CSV without the apostrophes that disarm formulas
  // Called now and then with the number of places written so far.
  std::function<void(std::uint64_t)> progress{};
};

// Streams the places of the database at `db`, in order of id, and returns how many; memory for one
// place. Reads one consistent state while a run goes on. kStorage when the file is missing or
// foreign, or `out` fails. Ids are text in JSON, for they exceed what doubles hold.
Result<std::uint64_t> export_places(const std::string& db, ExportFormat format, std::ostream& out,
                                    const ExportOptions& options = {});

// How many places an export will have.
Result<std::uint64_t> count_places(const std::string& db, const PlaceQuery& places);

// A place as an export has it.
struct ExportedPlace {
  std::string id;
  Place place;
  std::optional<std::string> source_url;
  std::string first_seen;
  std::string last_seen;
  std::optional<std::string> gone_since;
  double completeness = 0;
};

// Visits every column of an exported place as (name, std::optional), in order of export_columns().
template <class Visitor>
void for_each_column(Visitor&& visit, const ExportedPlace& row) {
  visit("id", std::optional(row.id));
  for_each_field(visit, row.place);
  visit("source_url", row.source_url);
  visit("first_seen", std::optional(row.first_seen));
  visit("last_seen", std::optional(row.last_seen));
  visit("gone_since", row.gone_since);
  visit("completeness", std::optional(row.completeness));
}

}  // namespace placer
