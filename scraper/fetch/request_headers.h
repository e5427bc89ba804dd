// What a job adds to the requests for some hosts: header fields, and logins.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "config/config.h"
#include "config/secrets.h"
#include "scraper/message.h"

namespace placer {

struct Login {
  std::string user;
  std::string password;
};

// Holds secrets: never printed, never stored, never sent to a worker. Immutable: safe for
// concurrent use.
class RequestHeaders {
 public:
  RequestHeaders() = default;

  // Takes the values of variables from `environment`. Throws std::runtime_error when one is not set
  // or cannot be sent: the job should have been checked before (check_secrets()).
  RequestHeaders(const Job& job, const Environment& environment);

  bool empty() const { return rules_.empty() && hosts_.empty() && logins_.empty(); }

  // "NAME: VALUE" lines for a request for `url`, as serialized by the URL Standard; of two with one
  // name, which does not depend on case, the first.
  // Fields of rules go with pages that the request's template matches, its {name}s standing for
  // anything, and to no other host: the template names scheme, host and port.
  // Fields of `fetch.headers` go with every request to their origins, robots.txt included.
  std::vector<std::string> for_url(std::string_view url,
                                   RequestKind kind = RequestKind::kPage) const;

  // The first login for the origin of `url`; null when there is none.
  const Login* login_for(std::string_view url) const;

 private:
  using Origins = std::unordered_set<std::string>;
  struct RuleEntry {
    std::vector<std::string> literals;  // of the template, serialized; one more than {name}s
    std::vector<HeaderField> fields;
  };
  struct HostEntry {
    Origins origins;
    std::vector<HeaderField> fields;
  };
  struct LoginEntry {
    Origins origins;
    Login login;
  };
  static bool matches(const std::vector<std::string>& literals, std::string_view url);

  std::vector<RuleEntry> rules_;
  std::vector<HostEntry> hosts_;
  std::vector<LoginEntry> logins_;
};

}  // namespace placer
