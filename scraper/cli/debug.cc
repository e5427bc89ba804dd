// placer debug OP: one JSON object per input line, one per output line, through the production
// code.
//
// For conformance suites and for people who write rules. Never exits on bad input: a line that
// cannot be read is answered with {"id":null,"error":"..."}. Bytes travel in base64 as *_b64.
#include <absl/strings/escaping.h>
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "scraper/cli/commands.h"
#include "scraper/cli/place_json.h"
#include "scraper/cli/terminal.h"
#include "scraper/extract/extractors.h"
#include "scraper/extract/microformats/markup.h"
#include "scraper/extract/observe.h"
#include "scraper/fetch/address_guard.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/robots.h"
#include "scraper/frontier/url.h"
#include "scraper/page/charset.h"
#include "scraper/page/page.h"
#include "scraper/page/selector.h"
#include "scraper/page/sitemap.h"
#include "scraper/place/hours.h"
#include "scraper/place/match.h"
#include "scraper/place/phone.h"
#include "storage/place_columns.h"

namespace placer::cli {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// What is wrong with one line; becomes its "error".
class BadLine : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string text_of(const json& line, const char* key, const char* otherwise = nullptr) {
  const auto found = line.find(key);
  if (found == line.end() || found->is_null()) {
    if (otherwise != nullptr) return otherwise;
    throw BadLine(fmt::format("'{}' is missing", key));
  }
  if (!found->is_string()) throw BadLine(fmt::format("'{}' is no string", key));
  return found->get<std::string>();
}

std::string bytes_of(const json& line, const char* key) {
  std::string bytes;
  if (!absl::Base64Unescape(text_of(line, key), &bytes)) {
    throw BadLine(fmt::format("'{}' is no base64", key));
  }
  return bytes;
}

Url url_of(const json& line, const char* key) {
  auto url = Url::parse(text_of(line, key));
  if (!url) throw BadLine(fmt::format("'{}' is no valid http or https URL", key));
  return *std::move(url);
}

ordered_json debug_url(const json& line) {
  const std::string base_text = text_of(line, "base", "");
  std::optional<Url> base;
  if (!base_text.empty()) {
    base = Url::parse(base_text);
    if (!base) throw BadLine("'base' is no valid http or https URL");
  }
  const auto url = Url::parse(text_of(line, "input"), base ? &*base : nullptr);
  if (!url) throw BadLine("'input' is no valid http or https URL");
  return {{"href", url->href()}};
}

ordered_json debug_key(const json& line) { return {{"key", dedupe_key(url_of(line, "url"))}}; }

ordered_json debug_robots(const json& line) {
  const std::string agent = text_of(line, "agent");
  const std::string path = robots_path(text_of(line, "url"));
  const int status = line.value("status", 200);
  if (status == 429 || status >= 500) {  // RFC 9309 section 2.3.1.4
    return {{"allow", false}, {"delay", nullptr}, {"sitemaps", json::array()}, {"line", 0}};
  }
  const std::string body = status >= 200 && status < 300 ? bytes_of(line, "robots_b64") : "";
  const Robots robots = Robots::parse(body, agent);
  const RobotsVerdict verdict = robots.check(path);
  ordered_json answer = {{"allow", verdict.allowed}, {"delay", nullptr}};
  if (robots.crawl_delay()) {
    answer["delay"] = static_cast<double>(robots.crawl_delay()->count()) / 1000;
  }
  answer["sitemaps"] = robots.sitemaps();
  answer["line"] = verdict.line;
  return answer;
}

ordered_json debug_decode(const json& line) {
  const Decoded decoded = decode(bytes_of(line, "bytes_b64"), text_of(line, "content_type", ""));
  return {{"label", decoded.label}, {"text", decoded.text}};
}

Page page_of(const json& line) {
  static const std::string kAgent = Job{}.politeness.user_agent;
  const PageSource source{url_of(line, "url").without_fragment_and_userinfo().href(),
                          text_of(line, "content_type", ""),
                          {},
                          {},
                          kAgent};
  auto page = Page::parse(bytes_of(line, "html_b64"), source, {});
  if (!page) throw BadLine(page.error().message);
  return *std::move(page);
}

ordered_json debug_links(const json& line) {
  const Page page = page_of(line);
  ordered_json links = ordered_json::array();
  for (const Link& link : page.links()) {
    links.push_back({{"url", link.url}, {"nofollow", link.nofollow}});
  }
  return {{"base", page.base()}, {"title", page.facts().title}, {"links", links}};
}

ordered_json debug_sitemap(const json& line) {
  const Sitemap sitemap = read_sitemap(bytes_of(line, "b64"), url_of(line, "url"));
  ordered_json answer = {{"format", sitemap_format_name(sitemap.format)},
                         {"urls", json::array()},
                         {"sitemaps", json::array()},
                         {"modified", json::array()}};
  for (const Link& link : sitemap.links) {
    answer[link.kind == LinkKind::kSitemap ? "sitemaps" : "urls"].push_back(link.url);
    answer["modified"].push_back(link.modified);
  }
  answer["dropped"] = {{"invalid", sitemap.dropped.invalid},
                       {"too_long", sitemap.dropped.too_long},
                       {"beyond", sitemap.dropped.beyond}};
  answer["end"] = sitemap_end_name(sitemap.end);
  return answer;
}

// "formats": only these. "places": false: the raw items alone, as readers without places give them.
ordered_json debug_extract(const json& line) {
  const Page page = page_of(line);
  auto extractors = make_extractors(ExtractOptions{}.formats);
  if (const json only = line.value("formats", json()); only.is_array()) {
    std::erase_if(extractors, [&only](const auto& extractor) {
      return std::find(only.begin(), only.end(), extractor->format()) == only.end();
    });
  }
  ordered_json raw = ordered_json::object();
  for (const auto& extractor : extractors) {
    raw[std::string(extractor->format())] = extractor->items(page);
  }
  ordered_json answer = {{"raw", raw}};
  if (!line.value("places", true)) return answer;
  Outcome outcome;
  observe(page, extractors, outcome);
  answer["places"] = ordered_json::array();
  for (const Observation& seen : outcome.places) {
    answer["places"].push_back(
        {{"format", seen.format}, {"path", seen.path}, {"fields", cli::place_json(seen.place)}});
  }
  return answer;
}

constexpr std::size_t kMostShown = 64UL << 10;  // bytes of one element's markup

ordered_json debug_select(const json& line) {
  const auto selector = Selector::compile(text_of(line, "css"));
  if (!selector) {
    throw BadLine(
        fmt::format("'css', column {}: {}", selector.error().column, selector.error().message));
  }
  const std::string html =
      decode(bytes_of(line, "html_b64"), text_of(line, "content_type", "")).text;
  const auto tree = Tree::parse(html, {});
  if (!tree) throw BadLine(tree.error().message);
  SelectorBudget budget;
  ordered_json nodes = ordered_json::array();
  for (const Node node : selector->select(tree->root(), budget, Reach::kWithRoot)) {
    nodes.push_back({{"id", nullptr}, {"html", nullptr}});
    if (auto markup = outer_html(node, kMostShown)) nodes.back()["html"] = *std::move(markup);
    if (const auto id = node.attribute("id")) nodes.back()["id"] = *id;
  }
  if (budget.used_up()) throw BadLine("the selector asks too much of this page");
  return {{"count", nodes.size()}, {"nodes", nodes}};
}

ordered_json debug_phone(const json& line) {
  const auto phones = parse_phones(text_of(line, "text"), text_of(line, "region", ""));
  if (phones.empty()) throw BadLine("no valid telephone number");
  ordered_json all = ordered_json::array();
  for (const Phone& phone : phones) all.push_back(phone.e164);
  ordered_json answer = {{"e164", phones.front().e164}, {"all", all}};
  if (!phones.front().extension.empty()) answer["extension"] = phones.front().extension;
  return answer;
}

ordered_json debug_hours(const json& line) {
  const auto hours = line.contains("spec")
                         ? hours_from_schema({{"openingHoursSpecification", line["spec"]}})
                         : hours_from_text(text_of(line, "text"));
  if (!hours || (hours->osm.empty() && hours->intervals.empty())) {
    throw BadLine("no opening hours understood");
  }
  ordered_json intervals = ordered_json::array();
  for (const HoursInterval& interval : hours->intervals) {
    intervals.push_back(
        {{"day", interval.day}, {"open", interval.open}, {"close", interval.close}});
  }
  return {{"osm", hours->osm}, {"intervals", intervals}, {"notes", hours->notes}};
}

ordered_json debug_address(const json& line) {
  const std::string ip =
      line.contains("ip") ? text_of(line, "ip") : std::string(url_of(line, "url").host());
  const auto reason = ip_refused_because(ip);
  if (!reason) throw BadLine("no IP address: names are judged by what they resolve to");
  ordered_json answer = {{"allowed", !*reason}};
  if (*reason) answer["reason"] = **reason;
  return answer;
}

MatchProfile profile_of(const json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_object()) {
    throw BadLine(fmt::format("'{}' is no object with the fields of a place", key));
  }
  const Place place = place_of_json(found->dump(-1, ' ', false, json::error_handler_t::replace));
  return match_profile(place, text_of(*found, "url", ""));
}

ordered_json debug_same(const json& line) {
  const Match result = match(profile_of(line, "a"), profile_of(line, "b"));
  return {{"score", result.score},
          {"decision", match_decision_name(result.decision)},
          {"reasons", result.reasons}};
}

using Operation = ordered_json (*)(const json&);

const std::map<std::string, Operation>& operations() {
  static const std::map<std::string, Operation> kOperations = {
      {"url", debug_url},         {"key", debug_key},     {"robots", debug_robots},
      {"decode", debug_decode},   {"links", debug_links}, {"extract", debug_extract},
      {"select", debug_select},   {"phone", debug_phone}, {"hours", debug_hours},
      {"address", debug_address}, {"same", debug_same},   {"sitemap", debug_sitemap}};
  return kOperations;
}

ordered_json answer(Operation operation, const std::string& text) {
  ordered_json result = {{"id", nullptr}};
  try {
    const json line = json::parse(text);
    if (!line.is_object()) throw BadLine("the line is no JSON object");
    if (line.contains("id")) result["id"] = line["id"];
    ordered_json fields = operation(line);
    result["ok"] = true;
    result.update(fields);
  } catch (const std::exception& error) {
    result["error"] = error.what();
  }
  return result;
}

int debug(const std::string& name) {
  const Operation operation = operations().at(name);
  for (std::string text; std::getline(std::cin, text);) {
    if (text.empty()) continue;
    const json result = answer(operation, text);
    std::cout << printable_json(result.dump(-1, ' ', false, json::error_handler_t::replace))
              << std::endl;
  }
  return kExitDone;
}

}  // namespace

Command debug_command() {
  Command command("debug", kGroupAlso, "Answer JSON lines with one operation of the program");
  std::vector<std::string> names;
  for (const auto& [name, operation] : operations()) names.push_back(name);
  auto name = std::make_shared<std::string>();
  command.argument("OP", *name, "What to do with each line")
      .choices(std::move(names))
      .examples(
          {R"(echo '{"url": "HTTP://Example.org:80/a/../b?utm_source=x"}' | placer debug key)",
           R"(echo '{"text": "Mon-Fri 9am-5pm"}' | placer debug hours)"})
      .action([name] { return debug(*name); });
  return command;
}

}  // namespace placer::cli
