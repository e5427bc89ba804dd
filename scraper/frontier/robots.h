// robots.txt by RFC 9309, with Crawl-delay and Sitemap lines.
//
// Parsing never fails: what is not a rule is passed over. At most 500 KiB are read (section 2.5).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// The part of a user agent that robots.txt groups are matched against: "placer" of
// "placer/0.1 (+https://...)" (section 2.2.1).
std::string_view product_token(std::string_view user_agent);

struct RobotsVerdict {
  bool allowed = true;
  int line = 0;  // 1-based line of the deciding rule; 0: no rule matched
};

// The rules of one robots.txt that hold for one agent. A value, immutable.
class Robots {
 public:
  // Allows everything.
  Robots() = default;

  static Robots parse(std::string_view body, std::string_view agent);

  // `path_and_query` begins with '/', as in "/shop?id=1". /robots.txt itself is always allowed.
  RobotsVerdict check(std::string_view path_and_query) const;

  std::optional<std::chrono::milliseconds> crawl_delay() const { return crawl_delay_; }
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }  // of all groups

 private:
  struct Rule {
    std::string pattern;  // percent-encoding evened out (section 2.2.2)
    bool allow = false;
    int line = 0;
  };
  std::vector<Rule> rules_;
  std::optional<std::chrono::milliseconds> crawl_delay_;
  std::vector<std::string> sitemaps_;
};

}  // namespace placer
