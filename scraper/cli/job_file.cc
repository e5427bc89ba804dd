#include "scraper/cli/job_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "scraper/cli/terminal.h"
#include "scraper/extract/rules/check.h"

namespace placer::cli {
namespace {

std::optional<std::string> read_file(const std::string& name) {
  std::string text;
  if (name == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    return text;
  }
  std::error_code problem;
  if (std::filesystem::is_directory(name, problem)) {
    fmt::print(stderr, "placer: '{}' is a folder, not a job file\n", printable(name));
    return std::nullopt;
  }
  std::ifstream in(name, std::ios::binary);
  if (in) text.assign(std::istreambuf_iterator<char>(in), {});
  if (!in || in.bad()) {
    fmt::print(stderr, "placer: cannot read job file '{}': {}\n", printable(name),
               std::strerror(errno));
    return std::nullopt;
  }
  return text;
}

// What config/ cannot tell: whether selectors, paths and patterns mean anything.
bool check_rules_of(const std::string& file, const Job& job) {
  const auto diagnostics = check_rules(job.extract.rules);
  for (const Diagnostic& diagnostic : diagnostics) {
    fmt::print(stderr, "{}\n", printable(format_diagnostic(file, diagnostic)));
  }
  return diagnostics.empty();
}

// Parses URLs; prints what is wrong with those that are none. `what` they are: "start".
bool parse_urls(const std::string& file, const std::vector<StartUrl>& entries,
                std::string_view what, std::vector<Url>& urls) {
  bool ok = true;
  for (const StartUrl& entry : entries) {
    if (auto url = Url::parse(entry.url)) {
      urls.push_back(std::move(*url));
      continue;
    }
    const Diagnostic diagnostic{
        entry.mark, fmt::format("{} URL '{}' is no valid http or https URL", what, entry.url)};
    fmt::print(stderr, "{}\n", printable(format_diagnostic(file, diagnostic)));
    ok = false;
  }
  return ok;
}

}  // namespace

void JobFileOptions::add_to(CLI::App& command) {
  command.add_option("job-file", file_, "The job file (YAML); '-' reads standard input")
      ->required()
      ->type_name("JOB.yaml");
  command.add_option("--job", job_, "Only the job of this name")->type_name("NAME");
  command.add_option("--backend", backend_, "serial, threads, processes, async or auto")
      ->type_name("KIND");
  command.add_option("--workers", workers_, "Threads, child processes or event loops")
      ->type_name("N");
  command.add_option("--db", db_, "The SQLite database to write")->type_name("FILE");
  command.add_option("--set", settings_, "Any option of the job, as in --set politeness.delay=2s")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

std::optional<std::vector<ReadyJob>> JobFileOptions::load() const {
  std::vector<Override> overrides;
  for (const std::string& setting : settings_) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      fmt::print(stderr, "placer: --set {}: expected KEY=VALUE, such as politeness.delay=2s\n",
                 printable(setting));
      return std::nullopt;
    }
    overrides.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
  }
  if (!backend_.empty()) overrides.push_back({"backend.kind", backend_});
  if (!workers_.empty()) overrides.push_back({"backend.workers", workers_});
  if (!db_.empty()) overrides.push_back({"storage.path", db_});

  const auto yaml = read_file(file_);
  if (!yaml) return std::nullopt;
  auto jobs = load_jobs(*yaml, overrides);
  if (!jobs) {
    for (const Diagnostic& diagnostic : jobs.error()) {
      fmt::print(stderr, "{}\n", printable(format_diagnostic(file_, diagnostic)));
    }
    return std::nullopt;
  }
  if (!job_.empty()) {
    std::string names;
    for (const Job& job : *jobs) names += (names.empty() ? "" : ", ") + job.name;
    std::erase_if(*jobs, [this](const Job& job) { return job.name != job_; });
    if (jobs->empty()) {
      fmt::print(stderr, "{}: no job is named '{}'; it has: {}\n", printable(file_),
                 printable(job_), printable(names));
      return std::nullopt;
    }
  }
  std::vector<ReadyJob> ready;
  bool ok = true;
  for (Job& job : *jobs) {
    std::vector<Url> start;
    ok = parse_urls(file_, job.start, "start", start) && ok;
    std::vector<Url> sitemaps;
    ok = parse_urls(file_, job.sitemaps.urls, "sitemap", sitemaps) && ok;
    ok = check_rules_of(file_, job) && ok;
    if (job.storage.path.empty()) job.storage.path = job.name + ".db";
    ready.push_back({std::move(job), std::move(start)});
  }
  if (!ok) return std::nullopt;
  return ready;
}

}  // namespace placer::cli
