// The report as a web service of this machine: the page, its data, and the places as GeoJSON.
//
// Read-only, and for this machine's browser alone. A request must name the server by a loopback
// name, or else any web page could read it under a name of its own that it points here (DNS
// rebinding); and answers allow no other origin to read them, nor to embed the page.
//
//   /                      the page
//   /api/report.json       what it shows (web/src/content.ts)
//   /api/basemap.json      TopoJSON of the world's countries
//   /api/places.geojson    as `placer export --format geojson`
//   /api/version           a text that is another one once the database holds something else
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/report/report.h"
#include "storage/report.h"

namespace placer {

struct ServiceAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// Answers one request after the other, each from one consistent state of the database; a run may go
// on. Thread safety: confined to one thread.
class ReportService {
 public:
  // `port`: at which the server listens. kStorage when the file is missing or foreign.
  static Result<ReportService> open(const std::string& db, std::uint16_t port,
                                    std::string program_version);

  // `method`, `target` and `host` as the request has them. Never fails: the answer says what is
  // wrong, 500 where the database cannot be read.
  ServiceAnswer answer(std::string_view method, std::string_view target, std::string_view host,
                       Instant now);

 private:
  ReportService(std::string db, std::uint16_t port, std::string program_version,
                ReportReader reader)
      : db_(std::move(db)),
        port_(port),
        program_version_(std::move(program_version)),
        reader_(std::move(reader)) {}

  ServiceAnswer resource(std::string_view path, Instant now);
  Result<const ReportContent*> current(Instant now);

  std::string db_;
  std::uint16_t port_;
  std::string program_version_;
  ReportReader reader_;
  std::int64_t read_version_ = -1;  // of `content_`
  ReportContent content_;
};

// True for "localhost:8000", "127.0.0.1:8000" and "[::1]:8000", where the port is this one; without
// a port where it is 80.
bool is_loopback_host(std::string_view host, std::uint16_t port);

}  // namespace placer
