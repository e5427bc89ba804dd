#include "scraper/cli/init/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/config.h"
#include "config/schema.h"
#include "config/values.h"
#include "scraper/cli/terminal.h"
#include "scraper/frontier/scope.h"

namespace placer::cli {
namespace {

constexpr std::size_t kMostGlobs = 8;
constexpr std::size_t kLongestComment = 90;

// In YAML's double quotes.
std::string yaml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string yaml_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + yaml_text(text);
  return "[" + out + "]";
}

std::string comment(std::string_view text) { return printable(text, kLongestComment); }

std::size_t places_on_pages(const SiteLook& look) {
  std::size_t places = 0;
  for (const LookedAt& page : look.pages) places += page.places;
  return places;
}

bool only_the_locator(const SiteLook& look) { return look.locator && places_on_pages(look) == 0; }

std::size_t listed_in_all(const SiteLook& look) {
  std::size_t pages = 0;
  for (const auto& [group, count] : look.listed) pages += count;
  return pages;
}

// Formats that read what sites state of themselves stated places, so that guessing from the words
// of a page adds more wrong than right.
bool text_is_needless(const SiteLook& look) {
  const auto text = look.places.find("text");
  return places_on_pages(look) > 0 && text == look.places.end();
}

std::string job_name(std::string site) {
  if (site.starts_with("www.")) site.erase(0, 4);
  std::string name;
  for (const char c : site) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
    if (fits || !name.empty()) name += fits ? c : '-';
  }
  name.resize(std::min<std::size_t>(name.size(), 64));
  return job_file::check_job_name(name).empty() ? name : "places";
}

std::string head(const SiteLook& look, const std::string& name, const std::string& file) {
  std::string out = fmt::format("# Places of {}\n#\n", comment(look.start.host()));
  out += fmt::format(
      "#   placer check {0}    what it says, with every option spelled out\n"
      "#   placer run {0}      runs it, or goes on where it stopped\n",
      comment(file));
  return out + fmt::format("\njob: {}\n", yaml_text(name));
}

std::string start(const SiteLook& look) {
  if (!only_the_locator(look)) return fmt::format("start: {}\n", yaml_text(look.start.href()));
  return fmt::format("start: {}   # shows the store locator\n", yaml_text(look.locator->url));
}

std::string sitemaps(const SiteLook& look) {
  if (only_the_locator(look))
    return "sitemaps: off                  # the locator has all stores\n";
  if (look.sitemaps.empty())
    return "sitemaps: auto                 # robots.txt names none so far\n";
  std::vector<std::string> guessed;
  for (const SitemapSeen& seen : look.sitemaps) {
    if (!seen.from_robots) guessed.push_back(seen.url);
  }
  if (guessed.empty()) return "sitemaps: auto                 # those that robots.txt names\n";
  return fmt::format("sitemaps: {}   # robots.txt does not name it\n", yaml_list(guessed));
}

std::string scope(const SiteLook& look) {
  if (only_the_locator(look))
    return "\nscope: {max_depth: 0}          # this page and its stores\n";
  std::string out = "\nscope:\n";
  const auto globs = include_globs(look);
  if (globs.empty()) {
    out += "  # include: [\"/shops/**\"]      # which parts of the site; without it all\n";
  } else {
    out += fmt::format("  include: {}   # where the places are, and what leads there\n",
                       yaml_list(globs));
  }
  out += "  exclude: [\"**?sort=*\", \"**/print/**\"]\n";
  // Room for what the sitemaps list.
  const std::size_t listed = listed_in_all(look);
  if (listed > ScopeOptions{}.max_pages_per_host / 2) {
    out += fmt::format("  max_pages_per_host: {}      # the sitemaps list {} pages\n", 2 * listed,
                       human_count(listed));
    if (2 * listed > ScopeOptions{}.max_pages) out += fmt::format("  max_pages: {}\n", 2 * listed);
  }
  return out;
}

std::string politeness(const SiteLook& look, const LookOptions& options) {
  const auto asked = look.robots.rules.crawl_delay();
  const auto delay =
      std::max(PolitenessOptions{}.delay, asked.value_or(std::chrono::milliseconds(0)));
  std::string out =
      "\npoliteness:\n  # Say who you are and where a site's owner can read about it.\n";
  out += fmt::format("  user_agent: {}\n", yaml_text(options.user_agent));
  const auto most = PolitenessOptions{}.max_crawl_delay;
  const bool fits = delay <= std::chrono::hours(1);
  out += fmt::format("  delay: {:<24}# between two requests{}\n",
                     format_duration(fits ? delay : std::chrono::hours(1)),
                     asked ? fmt::format("; robots.txt asks for {}", format_duration(*asked)) : "");
  if (delay > most) {
    out += fmt::format("  max_crawl_delay: {}\n",
                       format_duration(fits ? delay : std::chrono::hours(1)));
  }
  return out;
}

std::string extract(const SiteLook& look) {
  std::string found;
  for (const auto& [format, count] : look.places) {
    found += fmt::format("{}{} {}", found.empty() ? "" : ", ", format, human_count(count));
  }
  if (found.empty()) {
    return "\n# No place was found on the pages looked at. Where no format helps, say where they "
           "are:\n"
           "# placer inspect URL --select 'div.store h2' shows what a selector matches.\n"
           "#\n"
           "# extract:\n"
           "#   rules:\n"
           "#     - when: \"/stores/*\"\n"
           "#       each: \"div.store\"\n"
           "#       place: {name: \"h2\", phone: \"a[href^='tel:'] @href\", addr_full: "
           "\".address\"}\n";
  }
  std::string out =
      fmt::format("\nextract:\n  # Places on the pages looked at: {}\n", comment(found));
  if (only_the_locator(look)) return out + "  formats: [locator]\n";
  if (!text_is_needless(look)) return out + "  # formats: all are read, the words of a page last\n";
  std::vector<std::string_view> formats;
  for (const std::string_view word : job_file::kWords<Format>) {
    if (word != "text") formats.push_back(word);
  }
  return out +
         fmt::format("  formats: [{}]   # text is not needed here\n", fmt::join(formats, ", "));
}

std::string storage(const std::string& name) {
  return fmt::format("\nstorage: {{path: {}}}\n", yaml_text(name + ".db"));
}

}  // namespace

std::vector<std::string> include_globs(const SiteLook& look) {
  std::set<std::string> groups;
  for (const LookedAt& page : look.pages) {
    const bool is_start = &page == &look.pages.front();
    if (page.places > 0 && !is_start) groups.insert(page.group);
  }
  if (look.locator) groups.insert(look.locator->group);
  if (groups.empty() || groups.contains("/")) return {};
  // What sitemaps list is found without the lists that lead there.
  const bool listed = std::ranges::all_of(
      groups, [&](const std::string& group) { return look.listed.contains(group); });
  std::set<std::string> all = groups;
  for (const LookedAt& page : look.pages) {
    if (listed || page.group == "/") continue;
    const bool leads = std::ranges::any_of(
        groups, [&](const std::string& group) { return page.leads_to.contains(group); });
    if (leads) all.insert(page.group);
  }
  if (all.size() > kMostGlobs) return {};
  std::vector<std::string> globs;
  for (const std::string& group : all) globs.push_back(group + "**");
  return globs;
}

std::string init_job(const SiteLook& look, const LookOptions& options, const std::string& site,
                     const std::string& file) {
  const std::string name = job_name(site);
  std::string job = head(look, name, file) + start(look) + sitemaps(look) + scope(look) +
                    politeness(look, options) + extract(look);
  if (options.private_addresses) {
    job += "\nfetch: {private_addresses: allow}   # you looked at it with --allow-private\n";
  }
  return job + storage(name);
}

}  // namespace placer::cli
