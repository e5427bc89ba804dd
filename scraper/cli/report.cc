// placer report: the database as one page for people.
#include "scraper/report/report.h"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>

#include "scraper/cli/commands.h"
#include "scraper/cli/output_file.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::uint64_t kLargeFile = 30'000'000;

struct ReportCommand {
  std::string database;
  std::string output;
};

ReportOptions options_now() {
  return {PLACER_VERSION,
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

int report_to_file(const ReportCommand& command) {
  auto file = OutputFile::open(command.output);
  if (!file) return complain(kExitUsage, file.error());
  const auto size = write_report(command.database, file->stream(), options_now());
  if (!size) return complain(kExitDatabase, size.error().message);
  if (const auto kept = file->keep(); !kept) return complain(kExitNothing, kept.error());
  fmt::print(stderr, "{}, {} -> {}\n", counted(size->places, "place"), human_bytes(size->bytes),
             printable(command.output));
  if (size->bytes > kLargeFile) {
    fmt::print(stderr,
               "placer: a file this large opens slowly; 'placer export' writes all of it"
               " for other programs\n");
  }
  return kExitDone;
}

int report(const ReportCommand& command) {
  if (!command.output.empty() && command.output != "-") return report_to_file(command);
  if (command.output.empty() && isatty(STDOUT_FILENO) == 1) {
    fmt::print(stderr,
               "placer: a report is a page for a browser, not for a terminal; name a file:"
               " placer report {} -o report.html\n",
               printable(command.database));
    return kExitUsage;
  }
  const auto size = write_report(command.database, std::cout, options_now());
  return size ? kExitDone : complain(kExitDatabase, size.error().message);
}

}  // namespace

Command report_command() {
  Command command("report", kGroupPlaces, "Write a page for people: a map, the places, the crawl");
  auto options = std::make_shared<ReportCommand>();
  add_database(command, options->database);
  command
      .option("-o,--output", "FILE", options->output,
              "The HTML file, which needs no other and no network; '-': standard output")
      .examples({"placer report cafes.db -o report.html"})
      .action([options] { return report(*options); });
  return command;
}

}  // namespace placer::cli
