// robots.txt by RFC 9309, with Crawl-delay, Request-rate and Sitemap lines.
//
// Parsing never fails: what is not a rule is passed over (robots_lines.h says what is read). What
// an unreachable robots.txt means is not decided here.
//
// Percent-encoding is evened out on both sides (section 2.2.2), with the doubt on the site's side:
// a Disallow holds for every spelling of a URL, but an Allow whose pattern encodes letters or
// digits holds only for URLs written the same way, as it does for google/robotstxt.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// The part of a user agent that robots.txt groups are matched against: "placer" of
// "placer/0.1 (+https://...)" (section 2.2.1). Empty when it begins with no letter, '_' or '-'.
std::string_view product_token(std::string_view user_agent);

// Letters, '_' and '-' only, at least one.
bool is_product_token(std::string_view text);

// The path and query of a URL that need not be parsed or even valid; "/" when it has none.
std::string robots_path(std::string_view url);

// A rule's pattern with its octets from 0x80 percent-encoded and its triplets in upper case.
std::string escaped_pattern(std::string_view pattern);

struct RobotsVerdict {
  bool allowed = true;
  int line = 0;  // 1-based line of the deciding rule; 0: no rule matched
};

// The rules of one robots.txt that hold for one agent. A value, immutable.
class Robots {
 public:
  // Allows everything.
  Robots() = default;

  // `agent` is a product token, compared without case. The rules of all groups that name it hold
  // together; those of the "*" groups only when no group names it. The longest matching rule
  // decides, an Allow when as long as a Disallow (section 2.2.2).
  static Robots parse(std::string_view body, std::string_view agent);

  // `path_and_query` begins with '/', as in "/shop?id=1". /robots.txt itself is always allowed.
  // Takes time linear in the path for each rule, whatever its wildcards.
  RobotsVerdict check(std::string_view path_and_query) const;

  // The longest that a group of the agent asks for as Crawl-delay or, per page, as Request-rate; at
  // most a day. Zero is a value.
  std::optional<std::chrono::milliseconds> crawl_delay() const { return crawl_delay_; }

  // Of all groups, in order, without repeats, as written: mostly absolute URLs.
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }

 private:
  struct Rule {
    std::string pattern;      // without a final '$'; '*' is the wildcard
    bool anchored = false;    // had a final '$'
    bool as_written = false;  // compared with the path as written, not evened out
    bool allow = false;
    std::size_t octets = 0;  // what the longest match is measured by
    int line = 0;
  };
  struct Group;  // what the groups of one kind add up to, while parsing
  static Rule make_rule(std::string_view pattern, bool allow, int line);

  std::vector<Rule> rules_;  // the one that decides first
  std::optional<std::chrono::milliseconds> crawl_delay_;
  std::vector<std::string> sitemaps_;
};

}  // namespace placer
