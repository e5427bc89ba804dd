// A made-up crawl of a made-up country, stored as a crawl would: what reports are tried on.
#pragma once

#include <cstdint>
#include <string>

namespace placer {

struct ReportWorld {
  std::uint64_t seed = 1;
  std::uint32_t places = 1000;  // five a page
  std::uint32_t hosts = 40;
  int passes = 1;  // in each after the first some places are new, some different, some gone
};

// Stores it in a new database at `path`. Equal worlds give equal rows. Throws std::runtime_error.
void write_report_world(const std::string& path, const ReportWorld& world);

}  // namespace placer
