// Places in formats that other programs read.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/result.h"

namespace placer {

enum class ExportFormat : std::uint8_t {
  kCsv,      // RFC 4180, UTF-8, a header row; cells are safe to open in a spreadsheet
  kJsonl,    // one JSON object per line, keys as the columns; unknown fields are left out
  kGeojson,  // RFC 7946; properties named as All the Places does ("addr:city", "amenity")
};

std::optional<ExportFormat> export_format_of(std::string_view name);  // "csv", "jsonl", "geojson"

struct ExportOptions {
  bool gone = false;  // also places that no page states any more
};

// Streams the places of the database at `db`, in order of id, and returns how many. Reads one
// consistent state while a run goes on. kStorage when the file is missing or foreign, or `out`
// fails. Ids are text in JSON, for they exceed what doubles hold.
Result<std::uint64_t> export_places(const std::string& db, ExportFormat format, std::ostream& out,
                                    const ExportOptions& options = {});

// A CSV cell: quoted where RFC 4180 section 2 asks for it, and with a leading ' where a spreadsheet
// would take the text for a formula. Numbers stay as they are.
std::string csv_cell(std::string_view text);

}  // namespace placer
