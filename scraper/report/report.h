// The report: one HTML file that shows a database to people, and needs no other file and no
// network.
//
// The page (web/, bundled into page.html) is code that never changes; what a database holds travels
// in it as data: JSON, deflated, in base64, which no markup can be hidden in. The page's
// Content-Security-Policy lets its own script and style run, by their hashes, and nothing else, and
// lets it ask for nothing.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "scraper/instant.h"
#include "scraper/result.h"

namespace placer {

struct ReportOptions {
  std::string program_version;  // shown in the page's foot
  Instant now{};                // when it was made
};

struct ReportSize {
  std::uint64_t places = 0;
  std::uint64_t bytes = 0;
};

// Writes the report on the database at `db`, of a running job too. Memory: what the places hold, as
// text, twice. kStorage when the file is missing or foreign, or `out` fails.
Result<ReportSize> write_report(const std::string& db, std::ostream& out,
                                const ReportOptions& options);

// What the page shows, as JSON: {"job", "places", "pages", ...}; web/src/content.ts describes it.
struct ReportContent {
  std::string job;  // its name, for a title
  std::string json;
  std::uint64_t places = 0;
};
Result<ReportContent> report_content(const std::string& db, const ReportOptions& options);

// The page for a server on this machine: it asks that server for its data.
std::string served_page(std::string_view job);

// Coastlines and borders: TopoJSON, from Natural Earth at 1:50 million.
std::string_view basemap_json();

// `text` as the text of an element or a quoted attribute.
std::string html_text(std::string_view text);

}  // namespace placer
