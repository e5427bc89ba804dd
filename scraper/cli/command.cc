#include "scraper/cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "config/values.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {

std::string did_you_mean(const std::string& written, const std::vector<std::string>& known) {
  const std::string_view meant =
      nearest(written, std::vector<std::string_view>(known.begin(), known.end()));
  return meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant);
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string set = fmt::format("{{{}}}", fmt::join(words, ","));
  return {[words = std::move(words)](std::string& written) {
            if (std::find(words.begin(), words.end(), written) != words.end()) return std::string();
            return fmt::format("'{}' is none of {}{}", printable(written), fmt::join(words, ", "),
                               did_you_mean(written, words));
          },
          set};
}

CLI::Option* add_database(CLI::App& command, std::string& path) {
  return command.add_option("database", path, "The database that a run writes")
      ->required()
      ->type_name("DB");
}

}  // namespace placer::cli
