// Single exchanges through the production crawl step, for commands that look at a site by hand.
#pragma once

#include <string>

#include "scraper/frontier/robots.h"
#include "scraper/frontier/url.h"
#include "scraper/worker.h"

namespace placer::cli {

// One request, start to end. REQUIRES: none is in flight.
Outcome step(Worker& worker, const std::string& url, RequestKind kind, std::string body = {});

// What an origin's robots.txt says.
struct RobotsAnswer {
  bool reachable = true;  // false: nothing may be fetched (RFC 9309 section 2.3.1.4)
  bool found = false;     // there is one
  std::string problem;    // why it is not reachable, or "no robots.txt (HTTP status 404)"
  Robots rules;           // allows everything unless found

  struct Verdict {
    bool allowed = true;
    std::string text;  // "disallowed (line 3 of robots.txt)"
  };
  Verdict check(const Url& url) const;
};
RobotsAnswer ask_robots(Worker& worker, const Url& url, const std::string& user_agent);

}  // namespace placer::cli
