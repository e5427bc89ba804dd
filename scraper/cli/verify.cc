// placer verify: the same job on every backend makes the same requests and stores the same rows.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "scraper/cli/commands.h"
#include "scraper/cli/crawl.h"
#include "scraper/cli/job_file.h"
#include "scraper/cli/progress.h"
#include "scraper/cli/scratch_folder.h"
#include "scraper/cli/terminal.h"
#include "storage/query.h"
#include "storage/table_difference.h"

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
using Json = nlohmann::ordered_json;

constexpr std::size_t kExamples = 5;  // of each table and of the requests

struct VerifyOptions {
  JobFileOptions jobs;
  std::vector<std::string> backends{"serial", "threads", "processes", "async"};
  bool keep = false;
  bool json = false;
};

// How often each request was made: "https://example.org/", "POST https://api... {...}".
using Requests = std::map<std::string, std::uint64_t>;

struct Crawled {
  std::string name;  // of the backend
  std::string database;
  milliseconds wall{0};
  RunSummary summary;
  Requests requests;
};

struct Difference {
  std::vector<TableDifference> tables;
  std::uint64_t requests = 0;  // made more often on one of the two
  std::vector<std::string> request_examples;

  bool none() const { return tables.empty() && requests == 0; }
};

std::string request_line(const Request& request) {
  return request.body.empty() ? request.url : "POST " + request.url + " " + request.body;
}

// Between two crawls of a site the pause that it is owed between two requests.
void pause_for(milliseconds delay, const std::atomic<Stop>& stop) {
  const auto end = std::chrono::steady_clock::now() + delay;
  while (stop.load() == Stop::kNo && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::min(delay, milliseconds(50)));
  }
}

Result<Crawled> crawl_on(ReadyJob ready, const std::string& backend, const std::string& database,
                         const std::atomic<Stop>& stop) {
  const auto kinds = {BackendKind::kSerial, BackendKind::kThreads, BackendKind::kProcesses,
                      BackendKind::kAsync};
  ready.job.backend.kind = *std::ranges::find(kinds, std::string_view(backend), backend_name);
  ready.job.storage.path = database;
  Crawled crawled{backend, database, {}, {}, {}};
  const bool live = stderr_is_terminal();
  RunReporter reporter(ready.job.name + " on " + backend, LogFormat::kNone, live, !live, stderr);
  CrawlOptions options;
  options.observer = observe(reporter);
  options.observer.on_completion = [&crawled](const Completion& completion) {
    const Request& request = completion.outcome.request;
    if (request.id != 0) ++crawled.requests[request_line(request)];
  };
  const auto begin = std::chrono::steady_clock::now();
  auto summary = crawl(ready, options, stop);
  if (live) fmt::print(stderr, "\r\x1b[K");
  if (!summary) return tl::unexpected(std::move(summary.error()));
  crawled.wall = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  crawled.summary = std::move(*summary);
  return crawled;
}

std::uint64_t times(const Requests& requests, const std::string& line) {
  const auto found = requests.find(line);
  return found == requests.end() ? 0 : found->second;
}

Result<Difference> compare(const Crawled& first, const Crawled& second) {
  auto tables = compare_databases(first.database, second.database, kExamples);
  if (!tables) return tl::unexpected(std::move(tables.error()));
  Difference difference{std::move(*tables), 0, {}};
  Requests all = first.requests;
  all.insert(second.requests.begin(), second.requests.end());
  for (const auto& [line, count] : all) {
    const std::uint64_t a = times(first.requests, line);
    const std::uint64_t b = times(second.requests, line);
    if (a == b) continue;
    ++difference.requests;
    if (difference.request_examples.size() < kExamples) {
      difference.request_examples.push_back(
          fmt::format("request {}: {} on {}, {} on {}", line, a, first.name, b, second.name));
    }
  }
  return difference;
}

// "place 17: phone is '+49 30 1' on serial, unknown on async".
std::string in_words(const std::string& table, const DifferingRow& row, const std::string& first,
                     const std::string& second) {
  if (row.column.empty()) {
    return fmt::format("{} {}: only on {}", table, row.key, row.first ? first : second);
  }
  const auto value = [](const std::optional<std::string>& text) {
    return text ? fmt::format("'{}'", printable(*text, 80)) : std::string("unknown");
  };
  return fmt::format("{} {}: {} is {} on {}, {} on {}", table, row.key, row.column,
                     value(row.first), first, value(row.second), second);
}

std::vector<std::string> in_words(const Difference& difference, const std::string& first,
                                  const std::string& second) {
  std::vector<std::string> lines;
  for (const TableDifference& table : difference.tables) {
    for (const DifferingRow& row : table.examples) {
      lines.push_back(in_words(table.table, row, first, second));
    }
    if (table.rows > table.examples.size()) {
      lines.push_back(fmt::format("... and {} further rows of {}",
                                  table.rows - table.examples.size(), table.table));
    }
  }
  lines.insert(lines.end(), difference.request_examples.begin(), difference.request_examples.end());
  if (difference.requests > difference.request_examples.size()) {
    lines.push_back(fmt::format("... and {} further requests",
                                difference.requests - difference.request_examples.size()));
  }
  return lines;
}

std::string in_short(const Difference& difference) {
  if (difference.none()) return "nothing";
  std::string text;
  for (const TableDifference& table : difference.tables) {
    text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", table.rows, table.table);
  }
  if (difference.requests > 0) {
    text += fmt::format("{}{} requests", text.empty() ? "" : ", ", difference.requests);
  }
  return text;
}

// One job on all backends.
class Verification {
 public:
  Verification(const ReadyJob& ready, const VerifyOptions& options, const ScratchFolder& scratch,
               const std::atomic<Stop>& stop)
      : ready_(ready), options_(options), scratch_(scratch), stop_(stop) {}

  int run() {
    if (!options_.json) print_header();
    for (const std::string& backend : options_.backends) {
      if (const int status = add(backend); status != kExitDone) return status;
    }
    if (!equal()) {
      if (const int status = add(reference().name); status != kExitDone) return status;
    }
    options_.json ? print_json() : print_verdict();
    const RunCounters& counters = reference().summary.progress.counters;
    return equal() && counters.pages > counters.errors ? kExitDone : kExitNothing;
  }

 private:
  const Crawled& reference() const { return crawls_.front(); }
  bool equal() const {
    return std::ranges::all_of(differences_, [](const Difference& d) { return d.none(); });
  }
  // The crawl after those of all backends is the reference's second.
  bool repeated() const { return crawls_.size() > options_.backends.size(); }
  bool site_changed() const { return repeated() && !differences_.back().none(); }

  int add(const std::string& backend) {
    if (!crawls_.empty()) pause_for(ready_.job.politeness.delay, stop_);
    if (stop_.load() != Stop::kNo) return interrupted();
    const std::string database =
        scratch_ / fmt::format("{}-{}-{}.db", ready_.job.name, crawls_.size() + 1, backend);
    auto crawled = crawl_on(ready_, backend, database, stop_);
    if (!crawled) return failed(crawled.error());
    if (crawled->summary.outcome == RunOutcome::kInterrupted) return interrupted();
    crawls_.push_back(std::move(*crawled));
    auto difference = compare(reference(), crawls_.back());
    if (!difference) return failed(difference.error());
    differences_.push_back(std::move(*difference));
    if (!options_.json) print_row();
    return kExitDone;
  }

  static int interrupted() {
    fmt::print(stderr, "placer: verify: interrupted\n");
    return kExitInterrupted;
  }

  static int failed(const Error& error) {
    fmt::print(stderr, "placer: verify: {}\n", printable(error.message));
    return error.code == ErrorCode::kStorage ? kExitDatabase : kExitNothing;
  }

  void print_header() const {
    fmt::print("{}\n  {:<10} {:>9} {:>8} {:>8} {:>8}  differs in\n", printable(ready_.job.name),
               "backend", "wall", "pages", "requests", "places");
    std::fflush(stdout);
  }

  void print_row() const {
    const Crawled& crawled = crawls_.back();
    std::uint64_t requests = 0;
    for (const auto& [line, count] : crawled.requests) requests += count;
    const std::string note = crawls_.size() == 1 ? "-"
                                                 : in_short(differences_.back()) +
                                                       (repeated() ? " (the second time)" : "");
    fmt::print("  {:<10} {:>7.2f} s {:>8} {:>8} {:>8}  {}\n", crawled.name,
               static_cast<double>(crawled.wall.count()) / 1000,
               crawled.summary.progress.counters.pages, requests, crawled.summary.progress.places,
               note);
    std::fflush(stdout);
  }

  std::string verdict() const {
    const RunCounters& counters = reference().summary.progress.counters;
    if (counters.pages <= counters.errors) return "nothing was fetched, so there is nothing to see";
    if (equal()) return "every backend made the same requests and stored the same rows";
    if (site_changed()) {
      return fmt::format(
          "two runs on {} differ as well: the site answers differently from one run to the next, "
          "so the backends cannot be compared on it",
          reference().name);
    }
    return fmt::format("the backends differ, and two runs on {} do not", reference().name);
  }

  void print_verdict() const {
    for (std::size_t i = 1; i < crawls_.size(); ++i) {
      const std::string other = crawls_[i].name + (i < options_.backends.size() ? "" : " again");
      for (const std::string& line : in_words(differences_[i], reference().name, other)) {
        fmt::print("  {}\n", printable(line, 300));
      }
    }
    if (!equal() && cut_short()) {
      fmt::print("  the scope's max_pages was reached: which pages come first depends on timing\n");
    }
    fmt::print("  -> {}\n", verdict());
    if (options_.keep) fmt::print("  the databases are in {}\n", printable(scratch_.path()));
  }

  // Pages were left out because there were too many.
  bool cut_short() const {
    auto lookup = Lookup::open(reference().database);
    const auto status = lookup ? lookup->status() : tl::unexpected(lookup.error());
    return status && std::ranges::any_of(status->filtered, [](const FilteredRow& row) {
             return row.reason == filter_reason_name(FilterReason::kMaxPages) ||
                    row.reason == filter_reason_name(FilterReason::kMaxPagesPerHost);
           });
  }

  void print_json() const {
    Json backends = Json::array();
    for (std::size_t i = 0; i < crawls_.size(); ++i) {
      Json rows = Json::object();
      for (const TableDifference& table : differences_[i].tables) rows[table.table] = table.rows;
      backends.push_back(
          {{"backend", crawls_[i].name},
           {"ms", crawls_[i].wall.count()},
           {"pages", crawls_[i].summary.progress.counters.pages},
           {"places", crawls_[i].summary.progress.places},
           {"different_rows", rows},
           {"different_requests", differences_[i].requests},
           {"differences", in_words(differences_[i], reference().name, crawls_[i].name)}});
      if (options_.keep) backends.back()["database"] = crawls_[i].database;
    }
    const Json result = {{"job", ready_.job.name},
                         {"equal", equal()},
                         {"site_changed", site_changed()},
                         {"verdict", verdict()},
                         {"crawls", backends}};
    fmt::print("{}\n", result.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  const ReadyJob& ready_;
  const VerifyOptions& options_;
  const ScratchFolder& scratch_;
  const std::atomic<Stop>& stop_;
  std::vector<Crawled> crawls_;
  std::vector<Difference> differences_;  // of each crawl to the first
};

int verify(const VerifyOptions& options) {
  const auto jobs = options.jobs.load();
  if (!jobs) return kExitUsage;
  const std::atomic<Stop>& stop = stop_on_signals();
  ScratchFolder scratch("verify");
  if (options.keep) scratch.keep();
  int worst = kExitDone;
  for (const ReadyJob& ready : *jobs) {
    worst = std::max(worst, Verification(ready, options, scratch, stop).run());
    if (stop.load() != Stop::kNo) return kExitInterrupted;
  }
  return worst;
}

}  // namespace

Command verify_command() {
  Command command("verify", kGroupAlso,
                  "Run a job on every backend and show that the rows are the same");
  auto options = std::make_shared<VerifyOptions>();
  options->jobs.add_file_to(command);
  options->jobs.add_changes_to(command);
  command
      .list("--backends", "KIND,...", options->backends, "Which to compare, with the first of them")
      .choices({"serial", "threads", "processes", "async"})
      .flag("--keep", options->keep, "Leave the databases where they can be looked at")
      .flag("--json", options->json, "One JSON object per job")
      .examples(
          {"placer verify cafes.yaml", "placer verify cafes.yaml --backends serial,async --keep"})
      .action([options] { return verify(*options); });
  return command;
}

}  // namespace placer::cli
