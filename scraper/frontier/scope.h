// Which URLs belong to a job: hosts, and globs over path and query.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "scraper/frontier/text_hash.h"
#include "scraper/storage.h"

namespace placer {

// The parts of a serialized URL without userinfo and fragment. Views into it.
struct UrlParts {
  std::string_view origin;          // "https://example.org:8080"
  std::string_view host;            // "example.org"
  std::string_view path_and_query;  // "/a?b"
};

// REQUIRES: `href` came from Url::without_fragment_and_userinfo().
UrlParts split_href(std::string_view href);

// True when `glob` matches all of `text`. `**` matches anything, `*` anything but '/', every other
// character itself. Linear in practice, quadratic at worst.
bool glob_matches(std::string_view glob, std::string_view text);

class Scope {
 public:
  // Without hosts in `options`, those of `start_hosts` are meant. A host and its "www." twin are
  // one;
  // "*.example.org" means every subdomain.
  Scope(const ScopeOptions& options, const std::vector<std::string>& start_hosts);

  // The rule that keeps the URL out; nothing when it belongs.
  std::optional<FilterReason> excludes(const UrlParts& url) const;

  // However many hosts the job lists.
  bool has_host(std::string_view host) const;

 private:
  TextSet hosts_;                   // without "www."; subdomain patterns begin with '.'
  std::size_t longest_suffix_ = 0;  // of the subdomain patterns
  std::vector<std::string> include_;
  std::vector<std::string> exclude_;
};

}  // namespace placer
