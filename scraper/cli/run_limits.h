// How much a run may do: --max-pages, --max-time and --budget, for `run` and for what `schedule`
// writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/cli/command.h"
#include "scraper/cli/crawl.h"

namespace placer::cli {

class RunLimits {
 public:
  void add_to(Command& command);

  // Nothing after printing what is wrong; the caller ends with kExitUsage.
  std::optional<CrawlOptions> read() const;

  // The options again, as a command line has them.
  std::vector<std::string> arguments() const;

 private:
  std::uint64_t max_pages_ = 0;  // 0: no limit
  std::string max_time_;
  std::string budget_;
};

}  // namespace placer::cli
