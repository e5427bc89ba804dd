// placer status, runs and explain: what a database knows of its crawl.
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "config/load.h"
#include "config/values.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/terminal.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/origin.h"
#include "scraper/frontier/scope.h"
#include "scraper/frontier/url.h"
#include "storage/query.h"
#include "storage/times.h"

namespace placer::cli {
namespace {

// From start to end, or to the last commit of a run that has not ended.
std::string time_taken(const RunRow& run) {
  const auto from = instant_of_text(run.started_at);
  const auto to = instant_of_text(run.finished_at.value_or(run.saved_at));
  if (!from || !to || *to < *from) return "-";
  return *to == *from ? "< 1 s" : human_duration(*to - *from);
}

// With how its pass ended, where that is not simply complete.
std::string outcome_of(const RunRow& run) {
  std::string text = run.outcome.value_or("running");
  if (run.pass_end && *run.pass_end != pass_end_name(PassEnd::kComplete)) {
    text += ", " + *run.pass_end;
  }
  return text;
}

void print_run(const RunRow& run) {
  fmt::print("{:>4}  {:<20}  {:>12}  {:<13}  {:<9} {:>8} {:>7} {:>6} {:>8} {:>5}\n", run.id,
             run.started_at, time_taken(run), outcome_of(run), run.backend, run.counters.pages,
             run.counters.errors, run.places_new, run.places_changed, run.places_gone);
  for (const Alarm& alarm : run.alarms) {
    fmt::print("      ALARM {}\n", printable(alarm_text(alarm)));
  }
}

void print_runs(const std::vector<RunRow>& runs, std::size_t most) {
  fmt::print("{:>4}  {:<20}  {:>12}  {:<13}  {:<9} {:>8} {:>7} {:>6} {:>8} {:>5}\n", "run",
             "started", "took", "outcome", "backend", "pages", "errors", "new", "changed", "gone");
  for (std::size_t i = 0; i < std::min(most, runs.size()); ++i) print_run(runs[i]);
}

void print_counts(const char* title,
                  const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  if (counts.empty()) return;
  fmt::print("{:<13}", title);
  const char* separator = "";
  for (const auto& [name, count] : counts) {
    fmt::print("{}{} {}", separator, human_count(count), printable(name));
    separator = ", ";
  }
  fmt::print("\n");
}

// What the last pass did not do, and what rang at the end of the last whole one.
void print_alarms(const std::vector<RunRow>& runs) {
  const auto is_whole = [](const RunRow& run) {
    return run.pass_end && *run.pass_end != pass_end_name(PassEnd::kPartial);
  };
  if (!runs.empty() && runs.front().pass_end && !is_whole(runs.front())) {
    fmt::print("{:<13}run {} visited again what its budget allowed, and left the rest alone\n",
               "partial", runs.front().id);
  }
  const auto last = std::ranges::find_if(runs, is_whole);
  if (last == runs.end()) return;
  for (const Alarm& alarm : last->alarms) {
    fmt::print("{:<13}{}\n", "ALARM", printable(alarm_text(alarm)));
  }
  if (*last->pass_end == pass_end_name(PassEnd::kSpoiled)) {
    fmt::print("{:<13}too many pages failed in run {} to tell which places are gone\n", "spoiled",
               last->id);
  }
}

// The share of the places that have each main field.
void print_completeness(const StatusSummary& summary) {
  if (summary.places == 0) return;
  fmt::print("{:<13}{:.0f} % on average\n", "completeness", 100 * summary.completeness);
  for (const auto& [field, count] : summary.filled) {
    fmt::print("  {:<15}{:>4} %  {:>10}\n", field, 100 * count / summary.places,
               human_count(count));
  }
}

// The share of a host's places that have each main field.
void print_host(const HostRow& row) {
  fmt::print("  {:<30} {:>8} pages {:>8} places {:>8} queued\n", printable(row.host, 30),
             row.state.fetched, row.places, row.state.queued);
  if (row.places == 0) return;
  std::string rates;
  for (const auto& [field, count] : row.filled) {
    rates += fmt::format("{}{} {} %", rates.empty() ? "" : ", ", field, 100 * count / row.places);
  }
  fmt::print("    {}\n", rates);
}

int status(const std::string& database) {
  auto lookup = Lookup::open(database);
  if (!lookup) return complain(kExitDatabase, lookup.error().message);
  const auto summary = lookup->status();
  if (!summary) return complain(kExitDatabase, summary.error().message);
  fmt::print("{:<13}{}\n", "job", printable(summary->job));
  fmt::print("{:<13}{} ({} missing, {} gone), from {} observations\n", "places",
             human_count(summary->places), human_count(summary->places_missing),
             human_count(summary->places_gone), human_count(summary->observations));
  print_alarms(summary->runs);
  print_completeness(*summary);
  print_counts("pages", summary->pages);
  print_counts("errors", summary->page_errors);
  fmt::print("{:<13}{}\n", "queued", human_count(summary->queued));
  for (const FilteredRow& row : summary->filtered) {
    fmt::print("{:<13}{} {} (such as {})\n", "filtered", human_count(row.count), row.reason,
               printable(row.example, 100));
  }
  constexpr std::size_t kMostHosts = 20;
  fmt::print("hosts        {}\n", summary->hosts.size());
  for (std::size_t i = 0; i < std::min(kMostHosts, summary->hosts.size()); ++i) {
    print_host(summary->hosts[i]);
  }
  fmt::print("\n");
  print_runs(summary->runs, 10);
  return kExitDone;
}

int runs(const std::string& database) {
  auto lookup = Lookup::open(database);
  if (!lookup) return complain(kExitDatabase, lookup.error().message);
  const auto rows = lookup->runs();
  if (!rows) return complain(kExitDatabase, rows.error().message);
  print_runs(*rows, rows->size());
  return kExitDone;
}

void explain_page(const PageRow& page) {
  fmt::print("fetched   {}: {}{}\n", page.fetched_at, page.status,
             page.http_status ? fmt::format(", HTTP status {}", *page.http_status) : "");
  if (page.error) {
    fmt::print("error     {}: {}\n", *page.error, printable(page.error_message.value_or("")));
  }
  fmt::print("attempts  {}, redirects {}, depth {}\n", page.attempts, page.redirects, page.depth);
  fmt::print("found on  {}\n", printable(page.found_on.value_or("a start URL of the job")));
  fmt::print("places    {}\n", page.observations);
}

// The job of the last run, which the robots.txt verdicts were made for.
Job last_job(Lookup& lookup) {
  const auto runs = lookup.runs();
  if (!runs || runs->empty() || !runs->front().arguments) return {};
  const auto jobs = load_jobs(*runs->front().arguments);
  return jobs && !jobs->empty() ? jobs->front() : Job{};
}

void explain_origin(const OriginState& origin, const Url& url, const Job& job) {
  const OriginRules rules = origin_rules(job.politeness, job.retry);
  const OriginVerdict verdict =
      explain_robots(origin, rules, split_href(url.href()).path_and_query);
  fmt::print("robots    {} for '{}'{}{}\n", verdict.allowed ? "allowed" : "disallowed",
             printable(rules.agent), verdict.line > 0 ? " " : ": ", printable(verdict.reason));
}

void print_pace(const HostPace& row) {
  const PaceRecord& record = row.pace.record;
  const auto milliseconds = [](const auto& duration) {
    return duration ? fmt::format("{} ms", duration->count()) : std::string("-");
  };
  const bool paused = row.pace.pause > row.pace.delay;
  fmt::print("  {:<30} {:>9} {:>8} {:>12} {:>12} {:>12} {:>8}  {}\n", printable(row.host, 30),
             record.requests, record.refused, milliseconds(record.min_gap),
             milliseconds(record.min_delay), milliseconds(std::optional(row.pace.delay)),
             record.most_in_flight, paused ? time_text(row.pace.next_allowed) : "");
  if (record.early > 0) {
    fmt::print("  EARLY {}: {} requests began before they were allowed\n", printable(row.host),
               record.early);
  }
}

// What the crawl did to each host, by its own record.
int politeness(const std::string& database) {
  constexpr std::size_t kMostHosts = 50;
  auto lookup = Lookup::open(database);
  if (!lookup) return complain(kExitDatabase, lookup.error().message);
  const auto summary = lookup->politeness(kMostHosts);
  if (!summary) return complain(kExitDatabase, summary.error().message);
  const PolitenessOptions options = last_job(*lookup).politeness;
  const PaceRecord& record = summary->record;
  fmt::print("{:<13}{} from start to start, {} at a time per host, robots.txt {}\n", "the job asks",
             format_duration(options.delay), options.per_host,
             options.robots == RobotsPolicy::kObey ? "obeyed" : "ignored");
  fmt::print("{:<13}{} to {} hosts, {} answered with 429 or 503\n", "requests",
             human_count(record.requests), human_count(summary->hosts),
             human_count(record.refused));
  if (record.min_gap) {
    fmt::print("{:<13}{} ms between two starts to one host\n", "smallest gap",
               record.min_gap->count());
  }
  fmt::print("{:<13}{} at the same time to one host\n", "most", record.most_in_flight);
  fmt::print("{:<13}{} requests began before they were allowed\n\n",
             record.early > 0 ? "EARLY" : "early", human_count(record.early));
  fmt::print("  {:<30} {:>9} {:>8} {:>12} {:>12} {:>12} {:>8}  {}\n", "host", "requests", "refused",
             "smallest gap", "least delay", "delay now", "at once", "paused until");
  for (const HostPace& row : summary->rows) print_pace(row);
  if (summary->rows.size() < summary->hosts) {
    fmt::print("  and {} more, where the gaps were wider\n",
               human_count(summary->hosts - summary->rows.size()));
  }
  return kExitDone;
}

int explain(const std::string& database, const std::string& target) {
  const auto parsed = Url::parse(target);
  if (!parsed) {
    fmt::print(stderr, "placer: '{}' is no valid http or https URL\n", printable(target));
    return kExitUsage;
  }
  const Url url = parsed->without_fragment_and_userinfo();
  auto lookup = Lookup::open(database);
  if (!lookup) return complain(kExitDatabase, lookup.error().message);
  const auto why = lookup->why(fingerprint(dedupe_key(url)), url.origin(), std::string(url.host()));
  if (!why) return complain(kExitDatabase, why.error().message);
  fmt::print("url       {}\n", printable(url.href()));
  if (why->page) explain_page(*why->page);
  if (why->queued) {
    fmt::print("queued    depth {}, {} failed attempts, found on {}\n", why->queued->depth,
               why->queued->attempts,
               printable(why->queued_found_on.value_or("a start URL of the job")));
  }
  if (why->filtered) fmt::print("filtered  {}\n", *why->filtered);
  if (!why->page && !why->queued && !why->filtered) {
    fmt::print("{}\n", why->seen ? "filtered  found, and kept out by a rule of the job or by "
                                   "robots.txt ('placer status' counts them)"
                                 : "unknown   no page of this crawl links here");
  }
  if (why->origin) explain_origin(*why->origin, url, last_job(*lookup));
  return kExitDone;
}

}  // namespace

Command status_command() {
  Command command("status", kGroupCrawl,
                  "Show progress, errors, what was left out, how complete places are");
  auto database = std::make_shared<std::string>();
  auto of_hosts = std::make_shared<bool>(false);
  add_database(command, *database);
  command.flag("--politeness", *of_hosts, "What the crawl did to each host: gaps, requests")
      .examples({"placer status cafes.db", "placer status cafes.db --politeness"})
      .action(
          [database, of_hosts] { return *of_hosts ? politeness(*database) : status(*database); });
  return command;
}

Command runs_command() {
  Command command("runs", kGroupCrawl, "Show the history of runs");
  auto database = std::make_shared<std::string>();
  add_database(command, *database);
  command.examples({"placer runs cafes.db"}).action([database] { return runs(*database); });
  return command;
}

Command explain_command() {
  Command command("explain", kGroupCrawl, "Say why a URL was or was not fetched");
  auto database = std::make_shared<std::string>();
  auto url = std::make_shared<std::string>();
  add_database(command, *database);
  command.argument("URL", *url, "As a link or a start URL states it")
      .examples({"placer explain cafes.db https://example.org/cafes/?page=7"})
      .action([database, url] { return explain(*database, *url); });
  return command;
}

}  // namespace placer::cli
