// placer inspect: one page through the production crawl step, shown field by field.
#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "config/secrets.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/crawl.h"
#include "scraper/cli/inspect_links.h"
#include "scraper/cli/inspect_rules.h"
#include "scraper/cli/inspect_select.h"
#include "scraper/cli/job_file.h"
#include "scraper/cli/one_page.h"
#include "scraper/cli/place_json.h"
#include "scraper/cli/terminal.h"
#include "scraper/extract/extractors.h"
#include "scraper/fetch/curl_fetcher.h"
#include "scraper/frontier/url.h"
#include "scraper/worker.h"

namespace placer::cli {
namespace {

using nlohmann::ordered_json;

struct InspectOptions {
  std::string target;  // URL or file
  std::string base;    // of a file: the URL it is taken to come from
  std::string content_type = "text/html";
  std::string user_agent;  // empty: the job's
  std::string rules;       // a job file; empty: none
  std::string job;         // the same, and its scope is of interest too
  std::vector<std::string> select;
  bool private_addresses = false;
  bool ignore_robots = false;
  bool links = false;
  bool json = false;
};

// Answers every request with the same bytes: a saved page.
class SavedPage : public Fetcher {
 public:
  SavedPage(std::string body, std::string content_type)
      : body_(std::move(body)), content_type_(std::move(content_type)) {}

  void start(Request request) override {
    Fetched& fetched = done_.emplace_back();
    fetched.outcome.request = std::move(request);
    fetched.outcome.status = 200;
    fetched.outcome.content_type = content_type_;
    fetched.outcome.body_bytes = body_.size();
    fetched.body = body_;
  }
  std::vector<Fetched> poll(std::chrono::milliseconds /*max_wait*/, int /*wake_fd*/) override {
    return std::exchange(done_, {});
  }
  std::size_t in_flight() const override { return done_.size(); }

 private:
  std::string body_;
  std::string content_type_;
  std::vector<Fetched> done_;
};

std::string_view link_kind_name(LinkKind kind) {
  constexpr std::array kNames{"anchor",       "relation", "canonical", "redirect",
                              "meta-refresh", "frame",    "endpoint",  "sitemap"};
  return kNames.at(static_cast<std::size_t>(kind));
}

// What there is to show of one page.
struct Shown {
  const Outcome& outcome;
  std::string robots;  // what it says, in words; empty: not asked
  const RulesOnPage& rules;
  const SelectedOnPage& selected;
  std::vector<LinkVerdict> verdicts;  // of the links; empty: nobody asked
};

ordered_json link_json(const Link& link) {
  return {{"url", link.url}, {"kind", link_kind_name(link.kind)}, {"nofollow", link.nofollow}};
}

ordered_json to_json(const Shown& shown, bool with_links) {
  const Outcome& outcome = shown.outcome;
  ordered_json page = {{"url", outcome.request.url},
                       {"http_status", outcome.status},
                       {"content_type", outcome.content_type},
                       {"charset", outcome.facts.charset},
                       {"bytes", outcome.body_bytes},
                       {"title", outcome.facts.title},
                       {"language", outcome.facts.language},
                       {"canonical", outcome.facts.canonical},
                       {"robots", shown.robots}};
  if (outcome.error) {
    page["error"] = {{"code", error_name(outcome.error->code)},
                     {"message", outcome.error->message}};
  }
  page["places"] = ordered_json::array();
  for (const Observation& seen : outcome.places) {
    page["places"].push_back({{"format", seen.format},
                              {"path", seen.path},
                              {"fields", place_json(seen.place)},
                              {"raw", ordered_json::parse(seen.raw, nullptr, false)}});
  }
  page["link_count"] = outcome.links.size();
  if (with_links) {
    page["links"] = ordered_json::array();
    for (std::size_t i = 0; i < outcome.links.size(); ++i) {
      ordered_json& link = page["links"].emplace_back(link_json(outcome.links[i]));
      if (shown.verdicts.empty()) continue;
      link["followed"] = shown.verdicts[i].followed;
      link["reason"] = shown.verdicts[i].reason;
      link["detail"] = shown.verdicts[i].detail;
    }
  }
  if (!shown.selected.empty()) page["selected"] = shown.selected.to_json();
  return page;
}

void print_fact(const char* name, const std::string& value) {
  if (!value.empty()) fmt::print("{:<14}{}\n", name, printable(value));
}

void print_places(const Outcome& outcome) {
  fmt::print("places        {}\n", outcome.places.size());
  for (std::size_t i = 0; i < outcome.places.size(); ++i) {
    const Observation& seen = outcome.places[i];
    fmt::print("\n{}. {} at {}{}\n", i + 1, seen.format, printable(seen.path),
               seen.about > 0 ? fmt::format(", more about {}", seen.about) : "");
    const auto fields = place_json(seen.place);
    for (const auto& [name, value] : fields.items()) {
      fmt::print("   {:<18}{}\n", name,
                 printable(value.is_string() ? value.get<std::string>() : value.dump()));
    }
  }
}

void print_links(const Shown& shown) {
  fmt::print("\n");
  std::size_t followed = 0;
  for (std::size_t i = 0; i < shown.outcome.links.size(); ++i) {
    const Link& link = shown.outcome.links[i];
    if (shown.verdicts.empty()) {
      fmt::print("{:<13}{}{}\n", link_kind_name(link.kind), printable(link.url),
                 link.nofollow ? "  (nofollow)" : "");
      continue;
    }
    const LinkVerdict& verdict = shown.verdicts[i];
    followed += verdict.followed ? 1 : 0;
    fmt::print("{:<13}{:<13}{}{}\n", verdict.followed ? "follow" : "- " + verdict.reason,
               link_kind_name(link.kind), printable(link.url),
               verdict.detail.empty() ? "" : fmt::format("  ({})", printable(verdict.detail)));
  }
  if (!shown.verdicts.empty()) {
    fmt::print("\n{} of {} links would be followed\n", followed, shown.verdicts.size());
  }
}

void print(const Shown& shown, bool with_links) {
  const Outcome& outcome = shown.outcome;
  print_fact("url", outcome.request.url);
  print_fact("status", outcome.status == 0 ? "" : std::to_string(outcome.status));
  if (outcome.error) print_fact("error", outcome.error->message);
  print_fact("robots", shown.robots);
  print_fact("content type", outcome.content_type);
  print_fact("charset", outcome.facts.charset);
  print_fact("language", outcome.facts.language);
  print_fact("title", outcome.facts.title);
  print_fact("canonical", outcome.facts.canonical);
  print_fact("bytes", human_count(outcome.body_bytes));
  print_fact("links", std::to_string(outcome.links.size()));
  print_places(outcome);
  if (with_links) print_links(shown);
  shown.selected.print();
}

int show(const Shown& shown, const InspectOptions& options) {
  const bool with_links = options.links || !shown.verdicts.empty();
  const bool with_rules = !options.rules.empty() || !options.job.empty();
  if (options.json) {
    ordered_json page = to_json(shown, with_links);
    if (with_rules) page["rules"] = shown.rules.to_json();
    fmt::print("{}\n",
               printable_json(page.dump(2, ' ', false, ordered_json::error_handler_t::replace)));
  } else {
    print(shown, with_links);
    if (with_rules) shown.rules.print();
  }
  return shown.outcome.error ? kExitNothing : kExitDone;
}

std::vector<LinkVerdict> judge_links(const Outcome& outcome, const Job& job, const Url& page,
                                     const RobotsAnswer* robots) {
  LinkJudge judge(job, page, robots);
  std::vector<LinkVerdict> verdicts;
  for (const Link& link : outcome.links) verdicts.push_back(judge.judge(link));
  return verdicts;
}

std::vector<std::unique_ptr<Extractor>> extractors_of(const Job& job, RulesOnPage& rules,
                                                      SelectedOnPage& selected) {
  auto extractors = make_extractors(job.extract.formats);
  if (!job.extract.rules.empty()) extractors.insert(extractors.begin(), rules.extractor());
  if (!selected.empty()) extractors.push_back(selected.extractor());
  return extractors;
}

int inspect_url(const Url& url, Job job, SelectedOnPage& selected, const InspectOptions& options) {
  ignore_broken_pipes();
  if (options.private_addresses) job.fetch.private_addresses = PrivateAddresses::kAllow;
  const std::string& user_agent = job.politeness.user_agent;
  RulesOnPage rules(job.extract.rules);
  Worker worker(std::make_unique<CurlFetcher>(job.fetch, user_agent, 1,
                                              RequestHeaders(job, process_environment())),
                extractors_of(job, rules, selected), {job.page, user_agent});
  const RobotsAnswer robots = ask_robots(worker, url, user_agent);
  const auto verdict = robots.check(url);
  if (!verdict.allowed && !options.ignore_robots) {
    fmt::print(stderr, "placer: {}: {}; --ignore-robots looks all the same\n",
               printable(url.href()), printable(verdict.text));
    return kExitNothing;
  }
  const Outcome outcome = step(worker, url.href(), RequestKind::kPage);
  Shown shown{outcome, verdict.text, rules, selected, {}};
  if (!options.job.empty()) shown.verdicts = judge_links(outcome, job, url, &robots);
  return show(shown, options);
}

int inspect_file(Job job, SelectedOnPage& selected, const InspectOptions& options) {
  std::error_code problem;
  if (std::filesystem::is_directory(options.target, problem)) {
    fmt::print(stderr, "placer: '{}' is a folder, not a saved page\n", printable(options.target));
    return kExitUsage;
  }
  std::ifstream in(options.target, std::ios::binary);
  std::string body{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    fmt::print(stderr, "placer: '{}' is neither an http(s) URL nor a file that can be read: {}\n",
               printable(options.target), std::strerror(errno));
    return kExitUsage;
  }
  const std::string base = options.base.empty() ? "http://localhost/" : options.base;
  const auto url = Url::parse(base);
  if (!url) {
    fmt::print(stderr, "placer: --base {}: no valid http or https URL\n", printable(base));
    return kExitUsage;
  }
  // Nobody said where the page is from: every rule is about it.
  if (options.base.empty()) {
    for (RuleOptions& rule : job.extract.rules) rule.when.text = "**";
  }
  RulesOnPage rules(job.extract.rules);
  Worker worker(std::make_unique<SavedPage>(std::move(body), options.content_type),
                extractors_of(job, rules, selected), {job.page, job.politeness.user_agent});
  const Url page = url->without_fragment_and_userinfo();
  const Outcome outcome = step(worker, page.href(), RequestKind::kPage);
  Shown shown{outcome, "", rules, selected, {}};
  if (!options.job.empty()) shown.verdicts = judge_links(outcome, job, page, nullptr);
  return show(shown, options);
}

int inspect(const InspectOptions& options) {
  Job job;
  SelectedOnPage selected;
  for (const std::string& expression : options.select) {
    if (const std::string wrong = selected.add(expression); !wrong.empty()) {
      fmt::print(stderr, "placer: --select: {}\n", wrong);
      return kExitUsage;
    }
  }
  if (const std::string& file = options.job.empty() ? options.rules : options.job; !file.empty()) {
    const auto jobs = JobFileOptions(file).load();
    if (!jobs) return kExitUsage;
    job = jobs->front().job;
  }
  if (!options.user_agent.empty()) job.politeness.user_agent = options.user_agent;
  if (const auto url = Url::parse(options.target)) {
    return inspect_url(url->without_fragment_and_userinfo(), std::move(job), selected, options);
  }
  return inspect_file(std::move(job), selected, options);
}

}  // namespace

Command inspect_command() {
  Command command("inspect", kGroupJob, "Show what one page holds: places, links, robots");
  auto options = std::make_shared<InspectOptions>();
  command.argument("URL|FILE", options->target, "A URL, or a saved page")
      .option("--base", "URL", options->base, "The URL a saved page comes from")
      .option("--content-type", "TYPE", options->content_type, "Of a saved page")
      .option("--user-agent", "TEXT", options->user_agent, "Who asks")
      .option("--rules", "JOB.yaml", options->rules, "What each rule of the file's first job takes")
      .option("--job", "JOB.yaml", options->job,
              "The same, and which links it would follow, or why not")
      .option("--select", "EXPR", options->select,
              "What an expression of a rule matches; may be repeated")
      .flag("--allow-private", options->private_addresses,
            "Connect to private and loopback addresses too")
      .flag("--ignore-robots", options->ignore_robots, "Fetch what robots.txt disallows")
      .flag("--links", options->links, "List the links")
      .flag("--json", options->json, "One JSON object")
      .examples({"placer inspect https://example.org/cafes/one",
                 "placer inspect page.html --base https://example.org/cafes/one",
                 "placer inspect https://example.org/cafes/ --select 'div.cafe h2'"})
      .action([options] { return inspect(*options); });
  return command;
}

}  // namespace placer::cli
