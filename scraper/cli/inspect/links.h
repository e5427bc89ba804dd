// Whether a job would follow the links of the page that `placer inspect --job` looks at.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "config/config.h"
#include "scraper/cli/one_page.h"
#include "scraper/frontier/scope.h"
#include "scraper/message.h"

namespace placer::cli {

struct LinkVerdict {
  bool followed = true;
  std::string reason;  // as in `placer status`: "host", "include", "robots" ...; "same-page"
  std::string detail;  // "line 3 of robots.txt"; may be empty
};

// Judges as the frontier does a fresh pass, by the rules that need no crawl: traps by their form
// alone, and the robots.txt of no other origin than the page's own.
class LinkJudge {
 public:
  // `robots`: of the page's origin; null: not asked.
  LinkJudge(const Job& job, const Url& page, const RobotsAnswer* robots);

  // Links one after the other: of two to one page the second is "same-page".
  LinkVerdict judge(const Link& link);

 private:
  std::optional<LinkVerdict> judge_place(const Link& link, const UrlParts& parts) const;
  std::optional<LinkVerdict> judge_robots(const Link& link, const UrlParts& parts) const;

  const Job& job_;
  Url page_;
  const RobotsAnswer* robots_;
  Scope scope_;
  std::uint32_t depth_;  // of the page: 0 when the job starts there
  std::chrono::sys_days today_;
  std::unordered_set<std::uint64_t> known_;
};

}  // namespace placer::cli
