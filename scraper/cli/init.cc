// placer init: looks at a site and writes a job for it.
#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "config/schema.h"
#include "config/values.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/crawl.h"
#include "scraper/cli/init_job.h"
#include "scraper/cli/init_look.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

struct InitOptions {
  std::string url;
  std::string file;  // empty: named after the host; "-": standard output
  std::string delay;
  LookOptions look;
};

// "https://" in front of what has no scheme, as browsers do.
std::optional<Url> parse_site(const std::string& text) {
  const bool has_scheme = text.find("://") != text.npos;
  return Url::parse(has_scheme ? text : "https://" + text);
}

std::string default_file(const Url& site) {
  std::string name(site.host());
  if (name.starts_with("www.")) name.erase(0, 4);
  std::erase_if(name, [](char c) { return c == '[' || c == ']' || c == ':'; });
  return name + ".yaml";
}

void fact(std::string_view name, const std::string& value) {
  if (!value.empty()) fmt::print(stderr, "  {:<12}{}\n", name, printable(value));
}

void report(const SiteLook& look) {
  fmt::print(stderr, "{}\n", printable(look.start.href()));
  const auto delay = look.robots.rules.crawl_delay();
  fact("robots.txt",
       look.robots.check(look.start).text +
           (delay ? fmt::format("; asks for {} between requests", format_duration(*delay))
                  : std::string()));
  for (const SitemapSeen& seen : look.sitemaps) {
    fact("sitemap",
         fmt::format("{}: {} pages{}", seen.url, human_count(seen.pages),
                     seen.sitemaps > 0 ? fmt::format(", {} sitemaps", seen.sitemaps) : ""));
  }
  const auto with_places =
      std::ranges::count_if(look.pages, [](const LookedAt& page) { return page.places > 0; });
  fact("pages", fmt::format("{} looked at, {} with places", look.pages.size(), with_places));
  std::string formats;
  for (const auto& [format, count] : look.places) {
    formats += fmt::format("{}{} {}", formats.empty() ? "" : ", ", format, human_count(count));
  }
  fact("places", formats.empty() ? "none found" : formats);
  std::string platforms;
  for (const std::string& name : look.platforms)
    platforms += (platforms.empty() ? "" : ", ") + name;
  fact("locator", platforms);
  std::string globs;
  for (const std::string& glob : include_globs(look)) globs += (globs.empty() ? "" : " ") + glob;
  fact("where", globs);
}

// False when it cannot be written, which was said. Never overwrites: another program may have made
// the file since we looked.
bool write_new(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wxe");
  bool good = file != nullptr;
  if (good) good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr && std::fclose(file) != 0) good = false;
  if (!good) {
    fmt::print(stderr, "placer: init: cannot write '{}': {}\n", printable(path),
               std::strerror(errno));
  }
  return good;
}

void say_what_next(const std::string& file, const SiteLook& look) {
  const std::string name = printable(file);
  fmt::print(stderr, "\nwrote {}; next:\n", name);
  if (look.places.empty()) {
    fmt::print(stderr,
               "  placer inspect URL            a page with places, to see what is there\n"
               "  placer inspect URL --select 'div.store h2'   and what a rule could take\n");
  }
  fmt::print(
      stderr,
      "  placer check {0}\n"
      "  placer run {0} --max-pages 50   a first taste; the same command without it goes on\n",
      name);
}

int init(InitOptions options) {
  const auto site = parse_site(options.url);
  if (!site) {
    fmt::print(stderr, "placer: init: '{}' is no URL of a site, such as https://example.org/\n",
               printable(options.url));
    return kExitUsage;
  }
  if (!options.delay.empty()) {
    const auto delay = parse_duration(options.delay);
    if (!delay) {
      fmt::print(stderr, "placer: --delay {}: expected a duration such as 500ms or 2s\n",
                 printable(options.delay));
      return kExitUsage;
    }
    options.look.delay = *delay;
  }
  if (const std::string wrong = job_file::check_user_agent(options.look.user_agent);
      !wrong.empty()) {
    fmt::print(stderr, "placer: --user-agent {}\n", wrong);
    return kExitUsage;
  }
  if (options.file.empty()) options.file = default_file(*site);
  const bool to_stdout = options.file == "-";
  std::error_code ignored;
  if (!to_stdout && std::filesystem::exists(options.file, ignored)) {
    fmt::print(stderr, "placer: init: '{}' is there already; name another with -o, or remove it\n",
               printable(options.file));
    return kExitUsage;
  }
  ignore_broken_pipes();
  const SiteLook look =
      look_at(site->without_fragment_and_userinfo(), options.look, [](const std::string& url) {
        fmt::print(stderr, "looking at {}\n", printable(url, terminal_columns() - 12));
      });
  if (!look.problem.empty()) {
    const bool is_private = look.problem.find("private_addresses") != look.problem.npos;
    fmt::print(stderr, "placer: init: {}{}\n", printable(look.problem),
               is_private ? " (here: --allow-private)" : "");
    return kExitNothing;
  }
  const std::string job = init_job(look, options.look, std::string(site->host()),
                                   to_stdout ? "JOB.yaml" : options.file);
  fmt::print(stderr, "\n");
  report(look);
  if (to_stdout) {
    fmt::print("{}", job);
    return kExitDone;
  }
  if (!write_new(options.file, job)) return kExitUsage;
  say_what_next(options.file, look);
  return kExitDone;
}

}  // namespace

Command init_command() {
  Command command("init", kGroupJob, "Look at a site and write a job for it");
  auto options = std::make_shared<InitOptions>();
  options->look.user_agent = PolitenessOptions{}.user_agent;
  command.argument("URL", options->url, "Where the site begins, or its page of places")
      .option("-o,--output", "FILE", options->file,
              "The job file to write, never overwritten; '-' prints it [HOST.yaml]")
      .number("--pages", options->look.pages, "Look at no more pages than this", 1U, 100U)
      .option("--delay", "TIME", options->delay,
              "Between two requests; robots.txt may ask for more [1s]")
      .option("--user-agent", "TEXT", options->look.user_agent, "Who asks; the job says so too")
      .flag("--allow-private", options->look.private_addresses,
            "Connect to private and loopback addresses too")
      .examples({"placer init https://example.org/               # writes example.org.yaml",
                 "placer init https://example.org/cafes/ -o cafes.yaml --pages 30"})
      .action([options] { return init(*options); });
  return command;
}

}  // namespace placer::cli
