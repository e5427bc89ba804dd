#include "scraper/cli/sql_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/values.h"
#include "scraper/cli/command.h"
#include "scraper/cli/table.h"
#include "scraper/cli/terminal.h"
#include "scraper/place/text.h"
#include "storage/read_sql.h"

namespace placer::cli {
namespace {

using ordered_json = nlohmann::ordered_json;

std::string hexadecimal(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

struct AsText {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return fmt::format("{}", value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const SqlBlob& value) const {
    return "x'" + hexadecimal(value.bytes) + "'";
  }
};

// Whole numbers that a double cannot hold are text, as ids are everywhere else.
struct AsJson {
  ordered_json operator()(std::monostate) const { return nullptr; }
  ordered_json operator()(std::int64_t value) const {
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    if (value > kExact || value < -kExact) return std::to_string(value);
    return value;
  }
  ordered_json operator()(double value) const { return value; }
  ordered_json operator()(const std::string& value) const { return value; }
  ordered_json operator()(const SqlBlob& value) const { return hexadecimal(value.bytes); }
};

void print_json(const std::vector<std::string>& names, const std::vector<SqlValue>& values) {
  ordered_json line = ordered_json::object();
  for (std::size_t i = 0; i < names.size(); ++i) line[names[i]] = std::visit(AsJson{}, values[i]);
  fmt::print("{}\n",
             printable_json(line.dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
}

}  // namespace

int show_sql_rows(const std::string& database, const std::string& sql,
                  std::chrono::milliseconds most, bool json) {
  std::vector<std::string> names;
  std::optional<Table> table;
  SqlVisitor visit;
  visit.columns = [&](const std::vector<std::string>& columns) {
    names = columns;
    if (json) return;
    std::vector<TableColumn> titles;
    for (const std::string& name : names) titles.push_back({name});
    table.emplace(std::move(titles), table_width(), wants_colour(1), stdout);
  };
  visit.row = [&](const std::vector<SqlValue>& values) {
    if (json) {
      print_json(names, values);
      return true;
    }
    std::vector<std::string> cells;
    for (const SqlValue& value : values) cells.push_back(std::visit(AsText{}, value));
    table->row(std::move(cells));
    return true;
  };
  const auto rows = read_sql(database, sql, most, visit);
  if (table) table->end();
  if (rows) return kExitDone;
  std::fflush(stdout);
  return complain(rows.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitDatabase,
                  rows.error().message);
}

tl::expected<std::vector<std::string>, std::string> chosen_columns(
    const std::string& text, const std::vector<std::string>& known) {
  std::vector<std::string> names;
  for (const std::string_view written : split_any(text, ",")) {
    std::string name(written);
    std::replace(name.begin(), name.end(), ':', '_');
    if (std::ranges::find(known, name) == known.end()) {
      const std::string_view meant = nearest(name, {known.begin(), known.end()});
      return tl::unexpected(
          fmt::format("--columns {}: no such column{}", printable(written),
                      meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant)));
    }
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace placer::cli
