#include "scraper/cli/run_limits.h"

#include <fmt/core.h>

#include "config/values.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

// Pages, or a time; nothing after saying what is wrong.
std::optional<VisitBudget> budget_of(const std::string& text) {
  if (const auto pages = parse_whole(text); pages && *pages > 0) return VisitBudget{*pages, {}};
  if (const auto time = parse_duration(text); time && time->count() > 0) {
    return VisitBudget{{}, *time};
  }
  fmt::print(stderr,
             "placer: --budget {}: expected a number of pages or a time, such as 500 or 10m\n",
             printable(text));
  return std::nullopt;
}

}  // namespace

void RunLimits::add_to(Command& command) {
  command.number("--max-pages", max_pages_, "Stop after this many pages", std::uint64_t{1})
      .option("--max-time", "TIME", max_time_, "Stop after this time, such as 10m")
      .option("--budget", "PAGES|TIME", budget_,
              "Only so many of the pages most worth another visit");
}

std::optional<CrawlOptions> RunLimits::read() const {
  CrawlOptions limits;
  EngineOptions& engine = limits.engine;
  if (max_pages_ > 0) engine.max_pages = max_pages_;
  if (!max_time_.empty()) {
    engine.max_time = parse_duration(max_time_);
    if (!engine.max_time) {
      fmt::print(stderr, "placer: --max-time {}: expected a duration such as 90s, 10m or 2h\n",
                 printable(max_time_));
      return std::nullopt;
    }
  }
  if (!budget_.empty()) {
    limits.budget = budget_of(budget_);
    if (!limits.budget) return std::nullopt;
    if (limits.budget->time && !engine.max_time) engine.max_time = limits.budget->time;
  }
  return limits;
}

std::vector<std::string> RunLimits::arguments() const {
  std::vector<std::string> all;
  if (max_pages_ > 0) all.insert(all.end(), {"--max-pages", std::to_string(max_pages_)});
  if (!max_time_.empty()) all.insert(all.end(), {"--max-time", max_time_});
  if (!budget_.empty()) all.insert(all.end(), {"--budget", budget_});
  return all;
}

}  // namespace placer::cli
