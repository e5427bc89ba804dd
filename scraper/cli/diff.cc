// placer diff: what changed between two states of a database.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "scraper/cli/commands.h"
#include "scraper/cli/terminal.h"
#include "storage/query.h"

namespace placer::cli {
namespace {

struct DiffOptions {
  std::string database;
  std::optional<std::uint64_t> since;
  std::uint64_t limit = 0;  // places; 0: all
  bool json = false;
};

const char* kind_of(const PlaceChange& change) {
  return change.is_new ? "new" : change.gone_since ? "gone" : change.came_back ? "back" : "changed";
}

void print_json(const PlaceChange& change) {
  nlohmann::ordered_json line = {{"change", kind_of(change)}, {"id", std::to_string(change.place)}};
  if (change.name) line["name"] = *change.name;
  if (change.category) line["category"] = *change.category;
  line["at"] = change.at;
  if (change.gone_since) line["gone_since"] = *change.gone_since;
  const auto json = [](const std::optional<std::string>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  for (const auto& [field, values] : change.fields) {
    line["fields"][field] = {{"old", json(values.first)}, {"new", json(values.second)}};
  }
  fmt::print("{}\n", printable_json(line.dump(-1, ' ', false,
                                              nlohmann::ordered_json::error_handler_t::replace)));
}

void print_text(const PlaceChange& change) {
  fmt::print("{:<8} {}", kind_of(change), printable(change.name.value_or("(no name)")));
  if (change.category) fmt::print("  [{}]", printable(*change.category));
  if (change.gone_since) fmt::print("  since {}", *change.gone_since);
  fmt::print("\n");
  const auto text = [](const std::optional<std::string>& value) {
    return value ? printable(*value) : std::string("(none)");
  };
  for (const auto& [field, values] : change.fields) {
    fmt::print("         {}: {} -> {}\n", field, text(values.first), text(values.second));
  }
}

// The runs to look at; nothing when the run that was named is not there.
Result<std::optional<RunRange>> range_of(Lookup& lookup, std::optional<std::uint64_t> since) {
  if (!since) {
    auto last = lookup.last_pass();
    if (!last || *last) return last;
  }
  const auto runs = lookup.runs();
  if (!runs) return tl::unexpected(runs.error());
  const auto is_named = [&](const RunRow& run) { return run.id == *since; };
  if (since.value_or(0) != 0 && std::ranges::none_of(*runs, is_named)) return std::nullopt;
  return RunRange{since.value_or(0) + 1, runs->empty() ? 0 : runs->front().id};
}

int diff(const DiffOptions& options) {
  auto lookup = Lookup::open(options.database);
  if (!lookup) return complain(kExitDatabase, lookup.error().message);
  const auto range = range_of(*lookup, options.since);
  if (!range) return complain(kExitDatabase, range.error().message);
  if (!*range) {
    fmt::print(stderr, "placer: --since {}: no such run; 'placer runs {}' lists them\n",
               *options.since, printable(options.database));
    return kExitUsage;
  }
  std::uint64_t shown = 0;
  std::uint64_t kept_back = 0;
  const auto counts = lookup->changes(**range, [&](const PlaceChange& change) {
    if (options.limit != 0 && shown == options.limit) {
      ++kept_back;
      return;
    }
    ++shown;
    options.json ? print_json(change) : print_text(change);
  });
  if (!counts) return complain(kExitDatabase, counts.error().message);
  if (options.json) return kExitDone;
  if (kept_back > 0) fmt::print("... and {} more\n", human_count(kept_back));
  fmt::print("{} new, {} gone, {} back, {} changed since run {}\n", human_count(counts->added),
             human_count(counts->gone), human_count(counts->back), human_count(counts->changed),
             (*range)->first - 1);
  return kExitDone;
}

}  // namespace

Command diff_command() {
  Command command("diff", kGroupPlaces, "Show which places are new, gone or different");
  auto options = std::make_shared<DiffOptions>();
  add_database(command, options->database);
  command
      .number("--since", "RUN", options->since,
              "What runs after this one changed; else the last complete pass")
      .number("--limit", options->limit, "At most this many places; 0: all of them")
      .flag("--json", options->json, "One JSON object per line")
      .examples({"placer diff cafes.db", "placer diff cafes.db --since 7 --json"})
      .action([options] { return diff(*options); });
  return command;
}

}  // namespace placer::cli
