// Header fields that a job's rules add to requests for an API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace placer {

// Immutable: safe for concurrent use.
class RequestHeaders {
 public:
  RequestHeaders() = default;

  // Those of the rules' requests. They go to URLs that the request's template matches, its {name}s
  // standing for anything, and to no other host: the template names scheme, host and port.
  explicit RequestHeaders(const std::vector<RuleOptions>& rules);

  bool empty() const { return entries_.empty(); }

  // "NAME: VALUE" lines for `url`, as serialized by the URL Standard; of two with one name, which
  // does not depend on case, the first.
  std::vector<std::string> for_url(std::string_view url) const;

 private:
  struct Entry {
    std::vector<std::string> literals;  // of the template, serialized; one more than {name}s
    std::vector<RuleHeader> headers;
  };
  static bool matches(const std::vector<std::string>& literals, std::string_view url);

  std::vector<Entry> entries_;
};

}  // namespace placer
