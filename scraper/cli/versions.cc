#include "scraper/cli/versions.h"

#include <fmt/format.h>
#include <unicode/uversion.h>

#include "scraper/fetch/curl_fetcher.h"
#include "storage/sqlite.h"

namespace placer::cli {

std::string versions() {
  UVersionInfo icu{};
  u_getVersion(icu);
  return fmt::format("placer {}\n{}\nSQLite/{} ICU/{}.{} {}", PLACER_VERSION, curl_versions(),
                     sqlite_version(), icu[0], icu[1], PLACER_BUILT_WITH);
}

}  // namespace placer::cli
