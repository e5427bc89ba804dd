#include "scraper/frontier/scope.h"

#include <algorithm>
#include <cctype>

namespace placer {
namespace {

std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

}  // namespace

UrlParts split_href(std::string_view href) {
  const std::size_t authority = href.find("//") + 2;
  const std::size_t path = std::min(href.find('/', authority), href.size());
  std::string_view host = href.substr(authority, path - authority);
  const std::size_t port = host.rfind(':');
  if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos) {
    host = host.substr(0, port);
  }
  return {href.substr(0, path), host, href.substr(path)};
}

bool glob_matches(std::string_view glob, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t g = 0;
  std::size_t t = 0;
  // Where to go on after a mismatch: behind the last `*` and the last `**`, one character later.
  std::size_t star_glob = kNone;
  std::size_t star_text = 0;
  std::size_t deep_glob = kNone;
  std::size_t deep_text = 0;
  while (t < text.size() || g < glob.size()) {
    if (g < glob.size() && glob[g] == '*') {
      if (g + 1 < glob.size() && glob[g + 1] == '*') {
        g += 2;
        deep_glob = g;
        deep_text = t;
        star_glob = kNone;
      } else {
        ++g;
        star_glob = g;
        star_text = t;
      }
    } else if (g < glob.size() && t < text.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star_glob != kNone && star_text < text.size() && text[star_text] != '/') {
      g = star_glob;
      t = ++star_text;
    } else if (deep_glob != kNone && deep_text < text.size()) {
      g = deep_glob;
      t = ++deep_text;
      star_glob = kNone;
    } else {
      return false;
    }
  }
  return true;
}

Scope::Scope(const ScopeOptions& options, const std::vector<std::string>& start_hosts)
    : include_(options.include), exclude_(options.exclude) {
  for (std::string host : options.hosts.empty() ? start_hosts : options.hosts) {
    std::ranges::transform(host, host.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool wildcard = host.starts_with("*.");
    if (wildcard) longest_suffix_ = std::max(longest_suffix_, host.size() - 1);
    hosts_.emplace(wildcard ? std::string_view(host).substr(1) : without_www(host));
  }
}

bool Scope::has_host(std::string_view host) const {
  if (hosts_.contains(without_www(host))) return true;
  std::string_view suffix = host.substr(host.size() - std::min(host.size(), longest_suffix_));
  for (; !suffix.empty(); suffix.remove_prefix(1)) {
    if (suffix.front() == '.' && hosts_.contains(suffix)) return true;
  }
  return false;
}

std::optional<FilterReason> Scope::excludes(const UrlParts& url) const {
  const auto matches = [&url](const std::string& glob) {
    return glob_matches(glob, url.path_and_query);
  };
  if (!has_host(url.host)) return FilterReason::kHost;
  if (std::ranges::any_of(exclude_, matches)) return FilterReason::kExclude;
  if (!include_.empty() && std::ranges::none_of(include_, matches)) return FilterReason::kInclude;
  return std::nullopt;
}

}  // namespace placer
