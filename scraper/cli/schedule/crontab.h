// The crontab of a user: one line per scheduled run, found again by the mark at its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "scraper/cli/schedule/run.h"

namespace placer::cli {

// "0 3 * * * cd /home/a && /usr/bin/placer run ... # placer: /home/a/cafes.yaml". It needs nothing
// of its environment, and prints only what is wrong. The error says why crontab(5) cannot hold it:
// a command has less than 1,000 characters and no backslash before a backslash or '%', which cron
// variants read differently.
tl::expected<std::string, std::string> crontab_line(const ScheduledRun& run);

// `table` with `line` in the place of the run's own, or at the end; without it when `line` is
// empty. Lines that are commented out, and all else, stay byte for byte.
std::string with_line(std::string_view table, const std::string& mark, const std::string& line);

// That of this user, by crontab(1); empty when there is none. Errors are messages for people.
tl::expected<std::string, std::string> read_crontab();
std::optional<std::string> write_crontab(const std::string& table);

}  // namespace placer::cli
