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

#include "config/secrets.h"
#include "scraper/cli/command.h"
#include "scraper/cli/terminal.h"
#include "scraper/extract/rules/check.h"

namespace placer::cli {
namespace {

constexpr const char* kFileText = "The job file (YAML); '-' reads standard input";

// Its text, or why it cannot be had.
tl::expected<std::string, std::string> read_file(const std::string& name) {
  std::string text;
  if (name == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    return text;
  }
  std::error_code problem;
  if (std::filesystem::is_directory(name, problem))
    return tl::unexpected(std::string("is a folder"));
  std::ifstream in(name, std::ios::binary);
  if (in) text.assign(std::istreambuf_iterator<char>(in), {});
  if (!in || in.bad()) return tl::unexpected(std::string(std::strerror(errno)));
  return text;
}

// A file that a job extends. It may be anything that somebody else's job names.
tl::expected<std::string, std::string> read_base(const std::string& name) {
  std::error_code problem;
  const auto status = std::filesystem::status(name, problem);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return tl::unexpected(std::string("is no file"));
  }
  return read_file(name);
}

void print(const std::string& file, const std::vector<Diagnostic>& diagnostics,
           std::string_view kind = "") {
  for (Diagnostic diagnostic : diagnostics) {
    diagnostic.message.insert(0, kind);
    fmt::print(stderr, "{}\n", printable(format_diagnostic(file, diagnostic)));
  }
}

// What config/ cannot tell: whether selectors, paths and patterns mean anything.
bool check_rules_of(const std::string& file, const Job& job) {
  const auto diagnostics = check_rules(job.extract.rules);
  print(file, diagnostics);
  return diagnostics.empty();
}

// Whom secrets are for must be understood: they would go to nobody.
bool check_hosts_of(const Job& job) {
  std::vector<std::string> hosts;
  for (const HostHeaders& entry : job.fetch.headers) hosts.push_back(entry.host);
  for (const HostLogin& entry : job.fetch.auth) hosts.push_back(entry.host);
  bool ok = true;
  for (const std::string& host : hosts) {
    if (host.empty() || Url::parse(host.find("://") == host.npos ? "https://" + host : host))
      continue;
    fmt::print(stderr, "placer: {}: fetch: host '{}' is no valid host name\n", printable(job.name),
               printable(host));
    ok = false;
  }
  return ok;
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

void JobFileOptions::add_file_to(Command& command) {
  command.argument("JOB.yaml", file_, kFileText);
}

void JobFileOptions::add_optional_file_to(Command& command) {
  command.optional_argument("JOB.yaml", file_, kFileText);
}

void JobFileOptions::add_changes_to(Command& command) {
  command.option("--job", "NAME", job_, "Only the job of this name")
      .option("--workers", "N", workers_, "Threads, child processes or event loops")
      .option("--set", "KEY=VALUE", settings_, "Any option of the job; may be repeated");
}

void JobFileOptions::add_whereabouts_to(Command& command) {
  command.option("--backend", "KIND", backend_, "serial, threads, processes, async or auto")
      .choices({"serial", "threads", "processes", "async", "auto"})
      .option("--db", "FILE", db_, "The SQLite database to write");
}

void JobFileOptions::add_to(Command& command) {
  add_file_to(command);
  add_changes_to(command);
  add_whereabouts_to(command);
}

std::vector<std::string> JobFileOptions::arguments() const {
  std::vector<std::string> all;
  const auto add = [&all](const char* option, const std::string& value) {
    if (!value.empty()) all.insert(all.end(), {option, value});
  };
  add("--job", job_);
  add("--backend", backend_);
  add("--workers", workers_);
  add("--db", db_);
  for (const std::string& setting : settings_) add("--set", setting);
  return all;
}

std::optional<std::vector<ReadyJob>> JobFileOptions::load(Secrets secrets) const {
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
  if (!yaml) {
    fmt::print(stderr, "placer: cannot read job file '{}': {}\n", printable(file_),
               printable(yaml.error()));
    return std::nullopt;
  }
  auto jobs = load_jobs(*yaml, overrides, {file_ == "-" ? "" : file_, read_base});
  if (!jobs) {
    print(file_, jobs.error());
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
    ok = check_hosts_of(job) && ok;
    const auto missing = check_secrets(job, process_environment());
    print(file_, missing, secrets == Secrets::kNamed ? "warning: " : "");
    if (secrets == Secrets::kNamed) print(file_, literal_secrets(job), "warning: ");
    if (secrets == Secrets::kNeeded && !missing.empty()) ok = false;
    if (job.storage.path.empty()) job.storage.path = job.name + ".db";
    ready.push_back({std::move(job), std::move(start)});
  }
  if (!ok) return std::nullopt;
  return ready;
}

}  // namespace placer::cli
