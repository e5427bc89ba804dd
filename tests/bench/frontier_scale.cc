// How the frontier grows: the real frontier, engine and storage against a made-up web.
//
// There is no network and no page: an answer is computed from the request's URL. A host's pages
// form a tree; each page also has the host's navigation, neighbours, and links to other hosts and
// out of the job. A directory lists all hosts. What making the answers costs is left out of every
// figure.
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cmath>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scraper/engine.h"
#include "scraper/frontier/key.h"
#include "storage/database_file.h"
#include "storage/sqlite_storage.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

struct Options {
  std::uint64_t urls = 10'000'000;  // the run ends when so many have been seen
  std::uint64_t hosts = 20'000;
  std::uint64_t links = 60;  // of a page, about
  std::uint64_t pages = 0;   // fetched at most; 0: as many as it takes
  double skew = 0.8;         // a host's size is its rank to this power, turned over; 0: all equal
  bool list_hosts = false;   // the job lists all hosts; otherwise its scope is a wildcard
  std::string folder = ".";  // of the database, which is made anew
};

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a * 0x9E3779B97F4A7C15U + b;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Host 0 is the directory. Every page of every host is reachable.
class MadeUpWeb {
 public:
  explicit MadeUpWeb(const Options& options) : options_(options) {
    double sum = 0;
    for (std::uint64_t h = 1; h <= options.hosts; ++h) sum += weight(h);
    const double pages = 2 * static_cast<double>(options.urls);
    sizes_.push_back(static_cast<std::uint32_t>(options.hosts / kListed + 1));
    for (std::uint64_t h = 1; h <= options.hosts; ++h) {
      sizes_.push_back(static_cast<std::uint32_t>(std::ceil(pages * weight(h) / sum)));
    }
  }

  static std::string host_name(std::uint64_t host) {
    return fmt::format("www.shop-{}.example", host);
  }

  static std::string url(std::uint64_t host, std::uint64_t page) {
    constexpr std::string_view kSections[] = {"garden", "kitchen", "books",
                                              "tools",  "wine",    "toys"};
    constexpr std::string_view kWords[] = {"large", "oak",   "classic", "small", "green",
                                           "round", "brass", "folding", "spare", "light"};
    if (page == 0) return fmt::format("https://{}/", host_name(host));
    const std::uint64_t hash = mix(host, page);
    return fmt::format("https://{}/{}/{}-{}-{}-{}.html", host_name(host), kSections[hash % 6],
                       kWords[(hash >> 8) % 10], kWords[(hash >> 16) % 10],
                       kWords[(hash >> 24) % 10], page);
  }

  Outcome answer(Request request) const {
    Outcome outcome;
    const UrlParts parts = split_href(request.url);
    const std::uint64_t host = number_after(parts.host, parts.host.rfind('-'));
    const std::uint64_t page = number_after(parts.path_and_query, parts.path_and_query.rfind('-'));
    const bool robots = request.kind == RequestKind::kRobots;
    outcome.request = std::move(request);
    outcome.status = robots && host % 2 == 0 ? 404 : 200;
    outcome.address = fmt::format("203.0.{}.{}", host >> 8 & 255, host & 255);
    outcome.timings = {1000, 1500, 900};
    if (robots) {
      if (host % 2 == 1) outcome.robots_txt = kRobots;
      return outcome;
    }
    const std::uint64_t hash = mix(host, page);
    outcome.body_bytes = 20'000 + hash % 10'000;
    outcome.content_hash = outcome.simhash = hash;
    outcome.content_type = "text/html; charset=utf-8";
    outcome.validators.etag = fmt::format("\"{:x}\"", hash >> 16);
    outcome.facts.title = fmt::format("Article {} of shop {}", page, host);
    outcome.facts.language = "en";
    outcome.facts.charset = "UTF-8";
    add_links(host, page, outcome.links);
    return outcome;
  }

 private:
  static constexpr std::uint64_t kListed = 50;  // hosts on a page of the directory
  static constexpr std::uint64_t kChildren = 8;
  static constexpr std::string_view kRobots =
      "User-agent: *\nDisallow: /cart/\nDisallow: /search?\nDisallow: /account/\n"
      "Allow: /account/help\nDisallow: /*?sort=\n";

  double weight(std::uint64_t host) const {
    return std::pow(static_cast<double>(host), -options_.skew);
  }

  static std::uint64_t number_after(std::string_view text, std::size_t at) {
    std::uint64_t number = 0;
    for (++at; at != 0 && at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    return number;
  }

  void add_links(std::uint64_t host, std::uint64_t page, std::vector<Link>& links) const {
    const auto add = [&links](std::string href) {
      const std::uint64_t key = fingerprint(href);
      links.push_back({std::move(href), key, LinkKind::kAnchor, false, {}});
    };
    const std::uint64_t size = sizes_[host];
    links.reserve(options_.links + kListed);
    const auto add_own = [&](std::uint64_t other) {
      if (other < size) add(url(host, other));
    };
    if (host == 0) {
      for (std::uint64_t i = 1; i <= kListed; ++i) {
        if (page * kListed + i < sizes_.size()) add(url(page * kListed + i, 0));
      }
    }
    for (std::uint64_t i = 0; i < options_.links / 2; ++i) add_own(i);  // navigation
    for (std::uint64_t i = 1; i <= kChildren; ++i) add_own(page * kChildren + i);
    for (std::uint64_t i = 1; i <= options_.links / 4; ++i) add_own(page + i);  // neighbours
    for (std::uint64_t i = 0; i < 2; ++i) add(url(host, mix(host + i, page) % size));
    for (std::uint64_t i = 0; i < 3; ++i) {
      const std::uint64_t hash = mix(host + 7 + i, page);
      const std::uint64_t other = 1 + hash % options_.hosts;
      add(url(other, i == 0 ? (hash >> 32) % sizes_[other] : 0));
    }
    add(fmt::format("https://social.test/shop-{}", host));
    add(fmt::format("https://social.test/share?page=shop-{}-{}", host, page));
  }

  const Options& options_;
  std::vector<std::uint32_t> sizes_;  // pages of each host
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Answers at once. Keeps account of the links it hands out and of the time that takes.
class MadeUpBackend final : public Backend {
 public:
  explicit MadeUpBackend(const MadeUpWeb& web) : web_(web) {}

  std::string_view name() const override { return "made-up"; }
  std::size_t capacity() const override { return 64; }
  std::size_t in_flight() const override { return requests_.size(); }
  void submit(Request request) override { requests_.push_back(std::move(request)); }

  std::vector<Outcome> wait(milliseconds) override {
    const double begin = cpu_seconds();
    std::vector<Outcome> outcomes;
    outcomes.reserve(requests_.size());
    for (Request& request : requests_) {
      outcomes.push_back(web_.answer(std::move(request)));
      links_ += outcomes.back().links.size();
    }
    requests_.clear();
    cpu_ += cpu_seconds() - begin;
    return outcomes;
  }

  std::uint64_t links() const { return links_; }
  double cpu() const { return cpu_; }

 private:
  const MadeUpWeb& web_;
  std::vector<Request> requests_;
  std::uint64_t links_ = 0;
  double cpu_ = 0;
};

// "VmHWM" and the like of /proc/self/status, in MB.
double memory_mb(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

std::uint64_t bytes_of(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

Instant now() {
  static const auto wall = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  static const auto start = std::chrono::steady_clock::now();
  return wall + std::chrono::floor<milliseconds>(std::chrono::steady_clock::now() - start);
}

// Where the run stood when so many URLs had been seen.
struct Mark {
  std::uint64_t seen = 0;
  std::uint64_t links = 0;
  std::uint64_t pages = 0;
  double wall = 0;
  double cpu = 0;  // without the made-up answers
};

class Report {
 public:
  Report(const Options& options, const MadeUpBackend& backend, std::string database)
      : backend_(backend), database_(std::move(database)) {
    for (const std::uint64_t million : {1, 3, 10, 20, 30, 50, 70, 100}) {
      if (million * 1'000'000 < options.urls) marks_.push_back(million * 1'000'000);
    }
    marks_.push_back(options.urls);
    fmt::print(
        "Each row but for memory, disk, fetched and queued is about the way from the row before.\n"
        "| URLs seen | fetched | queued | RSS MB | peak MB | disk B/URL | links | CPU us/link |"
        " CPU us/new URL | links/CPU-s | new URLs/CPU-s | pages/CPU-s | links/s wall |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  }

  // True when the last mark has been reached.
  bool look_at(const Progress& progress) {
    if (marks_.empty()) return true;
    if (progress.counters.discovered < marks_.front()) return false;
    while (!marks_.empty() && progress.counters.discovered >= marks_.front()) marks_.pop_front();
    print(progress);
    return marks_.empty();
  }

  void print(const Progress& progress) {
    const Mark at{progress.counters.discovered, backend_.links(), progress.counters.pages,
                  static_cast<double>(progress.elapsed.count()) / 1000,
                  cpu_seconds() - backend_.cpu()};
    const auto seen = static_cast<double>(at.seen);
    const auto links = static_cast<double>(at.links - last_.links);
    const auto fresh = static_cast<double>(at.seen - last_.seen);
    const double cpu = at.cpu - last_.cpu;
    const std::uint64_t disk = bytes_of(database_) + bytes_of(database_ + "-wal");
    fmt::print(
        "| {} | {} | {} | {:.0f} | {:.0f} | {:.0f} | {} | {:.2f} | {:.2f} | {:.0f} | {:.0f} |"
        " {:.0f} | {:.0f} |\n",
        at.seen, at.pages, progress.queued, memory_mb("VmRSS"), memory_mb("VmHWM"),
        static_cast<double>(disk) / seen, at.links - last_.links, cpu * 1e6 / links,
        cpu * 1e6 / fresh, links / cpu, fresh / cpu,
        static_cast<double>(at.pages - last_.pages) / cpu, links / (at.wall - last_.wall));
    std::fflush(stdout);
    last_ = at;
  }

 private:
  const MadeUpBackend& backend_;
  std::string database_;
  std::deque<std::uint64_t> marks_;
  Mark last_{0, 0, 0, 0, cpu_seconds()};
};

Job made_up_job(const Options& options, const std::string& database) {
  Job job;
  job.name = "scale";
  job.politeness.delay = milliseconds(0);
  job.storage.path = database;
  job.scope.max_depth = 1000;
  job.scope.max_pages = job.scope.max_pages_per_host = 1'000'000'000;
  if (!options.list_hosts) {
    job.scope.hosts = {"*.example"};
  } else {
    for (std::uint64_t h = 0; h <= options.hosts; ++h) {
      job.scope.hosts.push_back(MadeUpWeb::host_name(h));
    }
  }
  return job;
}

// One request of each host on the workbench, one after the other.
void print_pops(Frontier& frontier) {
  const double begin = cpu_seconds();
  const Instant at = now();
  std::uint64_t pops = 0;
  while (frontier.next(at)) ++pops;
  const double cpu = cpu_seconds() - begin;
  if (pops > 0) {
    fmt::print("\n{} pops, one of each host on the workbench: {:.2f} us each, {:.0f}/s\n", pops,
               cpu * 1e6 / static_cast<double>(pops), static_cast<double>(pops) / cpu);
  }
}

void print_tables(const std::string& database, std::uint64_t seen) {
  auto db = open_for_reading(database);
  if (!db) return;
  fmt::print("\n| table or index | MB | bytes per URL seen |\n|---|---|---|\n");
  Statement row(**db,
                "SELECT name, sum(pgsize) AS n FROM dbstat WHERE aggregate = TRUE GROUP BY name"
                " HAVING n > 1000000 ORDER BY n DESC",
                "measuring the tables");
  for (bool more = row.first(); more; more = row.next()) {
    const auto bytes = static_cast<double>(row.integer(1));
    fmt::print("| {} | {:.1f} | {:.1f} |\n", row.text(0), bytes / 1e6,
               bytes / static_cast<double>(seen));
  }
  Statement filtered(**db, "SELECT reason, count FROM filtered ORDER BY count DESC", "reading");
  for (bool more = filtered.first(); more; more = filtered.next()) {
    fmt::print("filtered as {}: {}\n", filtered.text(0), filtered.count(1));
  }
}

void pin_to_one_core() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(sched_getcpu(), &set);
  sched_setaffinity(0, sizeof set, &set);
}

int complain(const Error& error) {
  fmt::print(stderr, "frontier_scale: {}\n", error.message);
  return 3;
}

int measure(const Options& options) {
  const std::string database = options.folder + "/frontier_scale.db";
  for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(database + end);
  const MadeUpWeb web(options);
  MadeUpBackend backend(web);
  std::uint64_t seen = 0;
  {
    const Job job = made_up_job(options, database);
    auto storage = SqliteStorage::open(database, job.storage);
    if (!storage) return complain(storage.error());
    auto resumed = (*storage)->begin_run(job.name, "made-up", now());
    if (!resumed) return complain(resumed.error());
    const std::vector<Url> start = {*Url::parse(MadeUpWeb::url(0, 0))};
    Frontier frontier(job, start, **storage, *resumed, now(), 1);
    frontier.seed(start, now());

    Report report(options, backend, database);
    std::atomic<Stop> stop{Stop::kNo};
    EngineOptions limits;
    if (options.pages > 0) limits.max_pages = options.pages;
    EngineObserver observer;
    observer.on_progress = [&](const Progress& progress) {
      if (report.look_at(progress)) stop = Stop::kNow;
    };
    Engine engine(frontier, backend, **storage, limits, observer, now);
    auto summary = engine.run(stop);
    if (!summary) return complain(summary.error());
    seen = summary->progress.counters.discovered;
    if (stop == Stop::kNo) report.print(summary->progress);
    print_pops(frontier);
    fmt::print("wall {:.0f} s, CPU {:.0f} s, of it {:.0f} s for made-up answers; peak {:.0f} MB\n",
               static_cast<double>(summary->progress.elapsed.count()) / 1000, cpu_seconds(),
               backend.cpu(), memory_mb("VmHWM"));
  }
  print_tables(database, seen);
  return 0;
}

}  // namespace
}  // namespace placer

int main(int argc, char** argv) {
  placer::Options options;
  CLI::App app("How the frontier grows: a made-up web through frontier, engine and storage");
  app.add_option("--urls", options.urls, "URLs to see")->capture_default_str();
  app.add_option("--hosts", options.hosts, "hosts of the web")->capture_default_str();
  app.add_option("--links", options.links, "links of a page, about")->capture_default_str();
  app.add_option("--pages", options.pages, "pages to fetch at most; 0: any number");
  app.add_option("--skew", options.skew, "of host sizes; 0: all equal")->capture_default_str();
  app.add_flag("--list-hosts", options.list_hosts, "a scope that lists all hosts, no wildcard");
  app.add_option("--database", options.folder, "folder of the database")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (options.hosts == 0 || options.urls == 0) return 2;
  placer::pin_to_one_core();
  return placer::measure(options);
}
