#include "scraper/fetch/request_headers.h"

#include <algorithm>

#include "config/rule_template.h"
#include "scraper/frontier/percent.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

// Stands for a {name} while a template is brought into the form of URLs.
constexpr std::string_view kStandIn = "placer-stands-in-for-a-name";

std::vector<std::string> literals_of(std::string_view url_template) {
  std::string filled;
  for (const TemplatePiece& piece : split_template(url_template)) {
    filled += piece.is_name ? kStandIn : piece.text;
  }
  std::vector<std::string> literals;
  const auto url = Url::parse(filled);
  if (!url) return literals;
  std::string rest = url->without_fragment_and_userinfo().href();
  for (std::size_t at = rest.find(kStandIn); at != rest.npos; at = rest.find(kStandIn)) {
    literals.push_back(rest.substr(0, at));
    rest.erase(0, at + kStandIn.size());
  }
  literals.push_back(std::move(rest));
  return literals;
}

}  // namespace

RequestHeaders::RequestHeaders(const std::vector<RuleOptions>& rules) {
  for (const RuleOptions& rule : rules) {
    for (const RuleRequest& request : rule.requests) {
      if (request.headers.empty()) continue;
      auto literals = literals_of(request.url.text);
      if (!literals.empty()) entries_.push_back({std::move(literals), request.headers});
    }
  }
}

bool RequestHeaders::matches(const std::vector<std::string>& literals, std::string_view url) {
  const std::string& first = literals.front();
  const std::string& last = literals.back();
  if (literals.size() == 1) return url == first;
  if (url.size() < first.size() + last.size() || !url.starts_with(first) || !url.ends_with(last)) {
    return false;
  }
  std::string_view rest = url.substr(first.size(), url.size() - first.size() - last.size());
  for (std::size_t i = 1; i + 1 < literals.size(); ++i) {
    const std::size_t at = rest.find(literals[i]);
    if (at == rest.npos) return false;
    rest.remove_prefix(at + literals[i].size());
  }
  return true;
}

std::vector<std::string> RequestHeaders::for_url(std::string_view url) const {
  std::vector<const RuleHeader*> chosen;
  for (const Entry& entry : entries_) {
    if (!matches(entry.literals, url)) continue;
    for (const RuleHeader& header : entry.headers) {
      const bool is_taken = std::ranges::any_of(chosen, [&](const RuleHeader* other) {
        return equal_ignoring_ascii_case(other->name, header.name);
      });
      if (!is_taken) chosen.push_back(&header);
    }
  }
  std::vector<std::string> lines;
  for (const RuleHeader* header : chosen) lines.push_back(header->name + ": " + header->value);
  return lines;
}

}  // namespace placer
