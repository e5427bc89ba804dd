// placer bench: the classic experiment, live. The same job on every backend, side by side.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "scraper/cli/commands.h"
#include "scraper/cli/crawl.h"
#include "scraper/cli/measure.h"
#include "scraper/cli/scratch_folder.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::array kKinds{BackendKind::kSerial, BackendKind::kThreads, BackendKind::kProcesses,
                            BackendKind::kAsync};

struct Row {
  std::string backend;
  Measured measured;
  std::uint64_t pages = 0;
  std::uint64_t places = 0;
};

// The last event of a run's JSON log.
nlohmann::json end_event(const std::string& log) {
  const std::size_t last = log.rfind("{\"event\":\"end\"");
  if (last == std::string::npos) return nullptr;
  return nlohmann::json::parse(log.substr(last), nullptr, /*allow_exceptions=*/false);
}

std::optional<Row> run_on(BackendKind kind, const std::string& job_file,
                          const std::vector<std::string>& extra, const ScratchFolder& scratch) {
  Row row;
  row.backend = backend_name(kind);
  const std::string database = scratch / (row.backend + ".db");
  std::vector<std::string> command{kThisProgram, "run",    job_file, "--backend", row.backend,
                                   "--db",       database, "--log",  "json"};
  command.insert(command.end(), extra.begin(), extra.end());
  row.measured = measure(command);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    std::filesystem::remove(database + suffix);
  }
  const nlohmann::json end = end_event(row.measured.errors);
  if (!end.is_object()) {
    fmt::print(stderr, "placer: bench: {} ended with status {}: {}\n", row.backend,
               row.measured.status, printable(row.measured.errors, 500));
    return std::nullopt;
  }
  row.pages = end.value("pages", 0ULL);
  row.places = end.value("places", 0ULL);
  return row;
}

// The one to use: the fastest; among those within a tenth of it, the one that takes the least CPU.
const Row& best(const std::vector<Row>& rows) {
  const auto fastest = std::ranges::min(rows, {}, [](const Row& r) { return r.measured.wall; });
  const auto limit = fastest.measured.wall + fastest.measured.wall / 10;
  const Row* choice = nullptr;
  for (const Row& row : rows) {
    const bool near = row.measured.wall <= limit;
    if (near && (choice == nullptr || row.measured.cpu < choice->measured.cpu)) choice = &row;
  }
  return *choice;
}

void print_header() {
  fmt::print("  {:<10} {:>9} {:>9} {:>10} {:>7} {:>9}\n", "backend", "wall", "CPU", "memory",
             "pages", "pages/s");
  std::fflush(stdout);
}

void print_row(const Row& row) {
  const double seconds = static_cast<double>(row.measured.wall.count()) / 1000;
  fmt::print("  {:<10} {:>7.2f} s {:>7.2f} s {:>10} {:>7} {:>9.1f}\n", row.backend, seconds,
             static_cast<double>(row.measured.cpu.count()) / 1000,
             human_bytes(row.measured.peak_memory), row.pages,
             static_cast<double>(row.pages) / std::max(seconds, 0.001));
  std::fflush(stdout);
}

bool compare(const std::string& job_file, const std::vector<std::string>& extra,
             const ScratchFolder& scratch) {
  print_header();
  std::vector<Row> rows;
  for (const BackendKind kind : kKinds) {
    auto row = run_on(kind, job_file, extra, scratch);
    if (!row) return false;
    print_row(*row);
    rows.push_back(std::move(*row));
  }
  const bool same = std::ranges::all_of(
      rows, [&](const Row& r) { return r.pages == rows[0].pages && r.places == rows[0].places; });
  const Row& choice = best(rows);
  const auto serial = static_cast<double>(rows[0].measured.wall.count());
  const auto busy = static_cast<double>(rows[0].measured.cpu.count());
  fmt::print(
      "  -> {}: {:.1f} times as fast as serial, which spent {:.0f} % of its time waiting{}\n\n",
      choice.backend,
      serial / static_cast<double>(std::max<std::int64_t>(choice.measured.wall.count(), 1)),
      std::max(0.0, 100 * (1 - busy / std::max(serial, 1.0))),
      same ? "" : " (the backends did not find the same number of pages and places)");
  return true;
}

struct Experiment {
  std::string title;
  std::vector<std::string> web;  // arguments of the sample web
  std::uint32_t start_pages;     // /slow/1 ...; 0: begin at "/"
};

std::string experiment_job(const Experiment& experiment, const std::string& base) {
  std::string start;
  for (std::uint32_t i = 1; i <= experiment.start_pages; ++i) {
    start += fmt::format("{}'{}slow/{}'", start.empty() ? "" : ", ", base, i);
  }
  std::string scope = "{max_depth: 0}";  // the start pages and no other
  if (start.empty()) {
    start = fmt::format("'{}'", base);
    scope = "{max_depth: 1000}";
  }
  return fmt::format(
      "job: bench\nstart: [{}]\nscope: {}\npoliteness: {{delay: 0, per_host: 1000}}\n"
      "fetch: {{private_addresses: allow}}\n",
      start, scope);
}

int classic() {
  const ScratchFolder scratch("bench");
  const std::array<Experiment, 3> experiments{
      Experiment{"5 pages that each take 1 s (waiting for the network)",
                 {"slow", "--pages", "5", "--delay", "1000"},
                 5},
      Experiment{"200 pages that each take 200 ms (much waiting)",
                 {"slow", "--pages", "200", "--delay", "200"},
                 200},
      Experiment{"100 large pages from a fast server (work for the processor)",
                 {"heavy", "--pages", "100"},
                 0}};
  for (const Experiment& experiment : experiments) {
    std::vector<std::string> server{kThisProgram, "sample-web"};
    server.insert(server.end(), experiment.web.begin(), experiment.web.end());
    const Background web(server);
    const std::string job_file = scratch / "job.yaml";
    std::ofstream(job_file) << experiment_job(experiment, web.first_line());
    fmt::print("{}\n", experiment.title);
    if (!compare(job_file, {}, scratch)) return kExitNothing;
  }
  return kExitDone;
}

int own_job(const std::string& job_file, std::uint64_t max_pages) {
  const ScratchFolder scratch("bench");
  fmt::print("{}, at most {} pages on each backend, politely\n", printable(job_file), max_pages);
  const std::vector<std::string> extra{"--max-pages", std::to_string(max_pages)};
  return compare(job_file, extra, scratch) ? kExitDone : kExitNothing;
}

}  // namespace

Command bench_command() {
  Command command("bench", kGroupAlso, "Run one job on each backend and compare them");
  auto job_file = std::make_shared<std::string>();
  auto max_pages = std::make_shared<std::uint64_t>(50);
  command
      .optional_argument("JOB.yaml", *job_file,
                         "A job of your own; without it, three experiments on loopback")
      .number("--max-pages", *max_pages, "Pages of your own job per backend", std::uint64_t{1})
      .examples({"placer bench                             # three experiments on loopback",
                 "placer bench cafes.yaml --max-pages 20"})
      .action([job_file, max_pages] {
        return job_file->empty() ? classic() : own_job(*job_file, *max_pages);
      });
  return command;
}

}  // namespace placer::cli
