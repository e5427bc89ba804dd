// placer export: the places of a database as a file for other programs.
#include "storage/export.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>

#include "scraper/cli/commands.h"
#include "scraper/cli/output_file.h"
#include "scraper/cli/place_words.h"
#include "scraper/cli/sql_rows.h"
#include "scraper/cli/terminal.h"
#include "scraper/place/text.h"
#include "storage/query.h"

namespace placer::cli {
namespace {

struct ExportCommand {
  std::string database;
  std::string format;
  std::string output;
  std::string columns;
  std::string licences;
  PlaceFilterText filter;
  std::optional<std::uint64_t> since;
  bool gone = false;
  bool raw = false;
};

// A line that is redrawn while an export to a file goes on and somebody watches.
class ExportProgress {
 public:
  explicit ExportProgress(std::uint64_t total) : total_(total) {}
  ~ExportProgress() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
  }
  ExportProgress(const ExportProgress&) = delete;
  ExportProgress& operator=(const ExportProgress&) = delete;

  void operator()(std::uint64_t done) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    shown_ = true;
    const std::string line =
        fmt::format("exporting: {} of {} places", human_count(done), human_count(total_));
    fmt::print(stderr, "\r{}\x1b[K", printable(line, terminal_columns() - 1));
    std::fflush(stderr);
  }

 private:
  std::uint64_t total_;
  std::chrono::steady_clock::time_point next_{};
  bool shown_ = false;
};

tl::expected<ExportFormat, std::string> format_of(const ExportCommand& command) {
  if (const auto named = export_format_of(command.format)) return *named;
  if (const auto by_file = export_format_of_file(command.output)) return *by_file;
  return tl::unexpected<std::string>(
      "which format? Say --format csv, jsonl, geojson or ndgeojson, or -o with a name that ends in"
      " one of these");
}

// What of the command line is wrong as a message; nothing when `options` are filled.
tl::expected<std::optional<std::string>, Error> read_options(const ExportCommand& command,
                                                             ExportOptions& options) {
  auto lookup = Lookup::open(command.database);
  if (!lookup) return tl::unexpected(lookup.error());
  const auto columns = chosen_columns(command.columns, export_columns());
  if (!columns) return columns.error();
  options.columns = ColumnChoice(*columns);
  options.raw = command.raw;
  options.places.gone = command.gone;
  options.places.since = command.since;
  for (const std::string_view licence : split_any(command.licences, ",")) {
    options.places.licences.emplace_back(licence);
  }
  const auto present = lookup->categories();
  if (!present) return tl::unexpected(present.error());
  const auto filters = add_filters(command.filter, CategoryWords(*present), options.places);
  if (!filters) return filters.error();
  if (!command.since) return std::nullopt;
  const auto runs = lookup->runs();
  if (!runs) return tl::unexpected(runs.error());
  const auto is_named = [&](const RunRow& run) { return run.id == *command.since; };
  if (*command.since != 0 && std::ranges::none_of(*runs, is_named)) {
    return fmt::format("--since {}: no such run; 'placer runs {}' lists them", *command.since,
                       printable(command.database));
  }
  return std::nullopt;
}

int export_to_file(const ExportCommand& command, ExportFormat format, ExportOptions& options) {
  auto file = OutputFile::open(command.output);
  if (!file) return complain(kExitUsage, file.error());
  std::unique_ptr<ExportProgress> progress;
  if (stderr_is_terminal()) {
    const auto total = count_places(command.database, options.places);
    progress = std::make_unique<ExportProgress>(total.value_or(0));
    options.progress = [&progress](std::uint64_t done) { (*progress)(done); };
  }
  const auto count = export_places(command.database, format, file->stream(), options);
  progress.reset();
  if (!count) return complain(kExitDatabase, count.error().message);
  if (const auto kept = file->keep(); !kept) return complain(kExitNothing, kept.error());
  fmt::print(stderr, "{} -> {}\n", counted(*count, "place"), printable(command.output));
  return kExitDone;
}

int write_places(const ExportCommand& command) {
  std::signal(SIGPIPE, SIG_DFL);  // `placer export ... | head` ends quietly
  const auto format = format_of(command);
  if (!format) return complain(kExitUsage, format.error());
  ExportOptions options;
  const auto problem = read_options(command, options);
  if (!problem) return complain(kExitDatabase, problem.error().message);
  if (*problem) return complain(kExitUsage, **problem);
  if (!command.output.empty() && command.output != "-") {
    return export_to_file(command, *format, options);
  }
  std::ios::sync_with_stdio(false);
  const auto count = export_places(command.database, *format, std::cout, options);
  return count ? kExitDone : complain(kExitDatabase, count.error().message);
}

}  // namespace

Command export_command() {
  Command command("export", kGroupPlaces, "Write the places as csv, jsonl, geojson or ndgeojson");
  auto options = std::make_shared<ExportCommand>();
  add_database(command, options->database);
  command
      .option("--format", "FORMAT", options->format,
              "csv, jsonl, geojson or ndgeojson (All the Places' properties); else by the name of "
              "-o")
      .choices({"csv", "jsonl", "geojson", "ndgeojson"})
      .option("-o,--output", "FILE", options->output, "Complete or not there; else standard output")
      .option("--columns", "LIST", options->columns, "Only these, in this order: name,phone,...")
      .number("--since", "RUN", options->since, "New or changed in runs after this one");
  add_filters_to(command, options->filter);
  command
      .option("--licence", "LIST", options->licences,
              "Only where all pages of a place state one of these")
      .flag("--gone", options->gone, "Also places that no page states any more")
      .flag("--raw", options->raw,
            "csv without the ' before what a spreadsheet takes for a formula (= + - @)")
      .examples({"placer export cafes.db -o cafes.geojson",
                 "placer export cafes.db --format csv --columns name,phone,addr_city > cafes.csv",
                 "placer export cafes.db --since 7 --category cafes --format jsonl | jq .name"})
      .action([options] { return write_places(*options); });
  return command;
}

}  // namespace placer::cli
