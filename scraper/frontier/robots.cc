#include "scraper/frontier/robots.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "scraper/frontier/percent.h"
#include "scraper/frontier/robots_lines.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

bool is_token_octet(char c) {
  const char lower = ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || c == '_' || c == '-';
}

// Does a User-agent line name the agent: by its product token or, for agents with digits that no
// token has, by its first word?
bool names_agent(std::string_view value, std::string_view agent) {
  if (agent.empty()) return false;
  const std::string_view word = value.substr(0, value.find_first_of(" \t"));
  return equal_ignoring_ascii_case(product_token(value), agent) ||
         equal_ignoring_ascii_case(word, agent);
}

bool names_everyone(std::string_view value) {
  return value.starts_with('*') && (value.size() == 1 || value[1] == ' ' || value[1] == '\t');
}

// Leading decimal seconds; nothing where there are none.
std::optional<milliseconds> parse_delay(std::string_view text) {
  constexpr milliseconds kMost = std::chrono::hours(24);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  milliseconds delay{0};
  bool digits = false;
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    delay = std::min(kMost, delay * 10 + milliseconds{1000} * (text[i] - '0'));
    digits = true;
  }
  milliseconds place{100};
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i) {
      delay += place * (text[i] - '0');
      place /= 10;
      digits = true;
    }
  }
  if (!digits) return std::nullopt;
  return std::min(delay, kMost);
}

// "1/5": pages in so many seconds, or "1/5m", "1/1h"; as the time that one page takes. A time of
// day behind it is passed over: the rate is then kept all day.
std::optional<milliseconds> parse_rate(std::string_view text) {
  constexpr milliseconds kMost = std::chrono::hours(24);
  std::uint32_t pages = 0;
  std::uint32_t time = 0;
  const char* const end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, pages);
  if (error != std::errc() || slash == end || *slash != '/') return std::nullopt;
  const auto [unit, time_error] = std::from_chars(slash + 1, end, time);
  if (time_error != std::errc() || pages == 0) return std::nullopt;
  const char letter = unit == end ? 's' : ascii_lower(*unit);
  const std::uint32_t seconds = letter == 'h' ? 3600 : letter == 'm' ? 60 : 1;
  const std::int64_t delay = (1000LL * seconds * time + pages - 1) / pages;
  return std::min(milliseconds(delay), kMost);
}

// Octets that a URL encodes in its path; section 2.2.2 has them compared in that form.
bool is_unsafe(char c) {
  static constexpr auto kUnsafe = [] {
    std::array<bool, 256> unsafe{};
    for (std::size_t i = 0; i < unsafe.size(); ++i) unsafe[i] = i <= 0x20 || i >= 0x7F;
    for (const char octet : std::string_view("\"<>\\^`{|}")) {
      unsafe[static_cast<unsigned char>(octet)] = true;
    }
    return unsafe;
  }();
  return kUnsafe[static_cast<unsigned char>(c)];
}

// Both sides of a comparison in one spelling: unreserved octets plain, unsafe ones and `specials`
// encoded, triplets in upper case.
std::string evened_out(std::string_view text, std::string_view specials) {
  std::string even;
  append_evened_out(text, even);
  const auto to_encode = [specials](char c) {
    return is_unsafe(c) || specials.find(c) != std::string_view::npos;
  };
  if (std::none_of(even.begin(), even.end(), to_encode)) return even;
  std::string out;
  out.reserve(even.size() + 16);
  for (const char c : even) {
    if (to_encode(c)) {
      append_percent_triplet(c, out);
    } else {
      out += c;
    }
  }
  return out;
}

// As written, but for the case of triplets and, if `escape`, for octets from 0x80.
std::string upper_triplets(std::string_view text, bool escape) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int octet = percent_triplet(text, i);
    if (octet >= 0) {
      append_percent_triplet(static_cast<char>(octet), out);
      i += 2;
    } else if (escape && static_cast<unsigned char>(text[i]) >= 0x80) {
      append_percent_triplet(text[i], out);
    } else {
      out += text[i];
    }
  }
  return out;
}

// Holds a triplet of a letter or digit, which no encoder writes.
bool encodes_alphanumerics(std::string_view pattern) {
  for (std::size_t i = pattern.find('%'); i < pattern.size(); i = pattern.find('%', i + 1)) {
    const int octet = percent_triplet(pattern, i);
    const char c = static_cast<char>(octet);
    if (octet >= 0 && is_unreserved(c) &&
        std::string_view("-._~").find(c) == std::string_view::npos)
      return true;
  }
  return false;
}

// `pattern` is a sequence of literals with '*' between them; taking the first place of each literal
// is enough, so that no step is taken back. memmem() is linear.
bool matches(std::string_view pattern, bool anchored, std::string_view path) {
  const std::size_t star = std::min(pattern.find('*'), pattern.size());
  if (!path.starts_with(pattern.substr(0, star))) return false;
  path.remove_prefix(star);
  pattern.remove_prefix(star);
  if (pattern.empty()) return !anchored || path.empty();
  for (;;) {
    pattern.remove_prefix(1);  // the '*'
    const std::size_t end = pattern.find('*');
    const std::string_view literal = pattern.substr(0, end);
    if (end == std::string_view::npos && anchored) return path.ends_with(literal);
    const auto* found =
        static_cast<const char*>(memmem(path.data(), path.size(), literal.data(), literal.size()));
    if (found == nullptr) return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(static_cast<std::size_t>(found - path.data()) + literal.size());
    pattern.remove_prefix(end);
  }
}

}  // namespace

std::string_view product_token(std::string_view user_agent) {
  const auto* end = std::find_if_not(user_agent.begin(), user_agent.end(), is_token_octet);
  return user_agent.substr(0, static_cast<std::size_t>(end - user_agent.begin()));
}

bool is_product_token(std::string_view text) {
  return !text.empty() && product_token(text).size() == text.size();
}

std::string robots_path(std::string_view url) {
  url = url.substr(0, url.find('#'));
  if (url.starts_with("//")) url.remove_prefix(2);
  const std::size_t scheme_end = url.find("://");
  // Where a path begins first, "://" is a part of it.
  if (scheme_end < url.find_first_of("/?;")) url.remove_prefix(scheme_end + 3);
  const std::size_t begin = url.find_first_of("/?;");
  if (begin == std::string_view::npos) return "/";
  url.remove_prefix(begin);
  std::string path(url[0] == '/' ? 0 : 1, '/');
  path += url;
  return path;
}

std::string escaped_pattern(std::string_view pattern) { return upper_triplets(pattern, true); }

Robots::Rule Robots::make_rule(std::string_view pattern, bool allow, int line) {
  Rule rule;
  rule.allow = allow;
  rule.line = line;
  rule.anchored = pattern.ends_with('$');
  if (rule.anchored) pattern.remove_suffix(1);
  rule.as_written = allow && encodes_alphanumerics(pattern);
  rule.pattern = rule.as_written ? escaped_pattern(pattern) : evened_out(pattern, "$");
  rule.octets = rule.pattern.size() + (rule.anchored ? 1 : 0);
  return rule;
}

struct Robots::Group {
  bool named = false;    // a User-agent line for it was seen
  bool current = false;  // the group being read is one of its
  std::vector<Rule> rules;
  std::optional<milliseconds> delay;

  void add_rule(const RobotsLine& line) {
    const bool allow = line.field == RobotsField::kAllow;
    if (line.value.empty()) return;  // matches nothing (section 2.2.2)
    rules.push_back(make_rule(line.value, allow, line.number));
    // The index page is the directory, for an Allow.
    const std::size_t slash = line.value.rfind('/');
    if (allow && slash != std::string_view::npos &&
        line.value.substr(slash).starts_with("/index.htm")) {
      const std::string directory = std::string(line.value.substr(0, slash + 1)) + '$';
      rules.push_back(make_rule(directory, allow, line.number));
    }
  }
};

Robots Robots::parse(std::string_view body, std::string_view agent) {
  Robots robots;
  Group own;
  Group everyone;
  std::unordered_set<std::string_view> known_sitemaps;
  bool rules_seen = false;  // in the current group: the next User-agent line begins another
  RobotsLines lines(body);
  while (const auto line = lines.next()) {
    // In a group that names both, the agent is not a part of everyone.
    Group* const group = own.current ? &own : everyone.current ? &everyone : nullptr;
    switch (line->field) {
      case RobotsField::kUserAgent:
        if (std::exchange(rules_seen, false)) own.current = everyone.current = false;
        if (names_everyone(line->value)) {
          everyone.current = true;
        } else if (names_agent(line->value, agent)) {
          own.current = own.named = true;
        }
        break;
      case RobotsField::kAllow:
      case RobotsField::kDisallow:
        rules_seen = true;
        if (group != nullptr) group->add_rule(*line);
        break;
      case RobotsField::kCrawlDelay:
        if (group != nullptr) group->delay = std::max(group->delay, parse_delay(line->value));
        break;
      case RobotsField::kRequestRate:
        if (group != nullptr) group->delay = std::max(group->delay, parse_rate(line->value));
        break;
      case RobotsField::kSitemap:
        if (!line->value.empty() && known_sitemaps.insert(line->value).second) {
          robots.sitemaps_.emplace_back(line->value);
        }
        break;
      case RobotsField::kUnknown:
        break;
    }
  }
  Group& chosen = own.named ? own : everyone;
  robots.rules_ = std::move(chosen.rules);
  robots.crawl_delay_ = chosen.delay;
  std::sort(robots.rules_.begin(), robots.rules_.end(), [](const Rule& a, const Rule& b) {
    return std::tuple(b.octets, b.allow, a.line) < std::tuple(a.octets, a.allow, b.line);
  });
  return robots;
}

RobotsVerdict Robots::check(std::string_view path_and_query) const {
  if (path_and_query.substr(0, path_and_query.find('?')) == "/robots.txt") return {};
  if (rules_.empty()) return {};
  const std::string even = evened_out(path_and_query, "*$");
  std::string written;  // only made when a rule asks for it
  // Octets from 0x80 are in no URL: such a path gets no permission that it does not spell out.
  const bool doubtful = !is_ascii(path_and_query);
  for (const Rule& rule : rules_) {
    const bool as_written = rule.as_written || (rule.allow && doubtful);
    if (as_written && written.empty()) written = upper_triplets(path_and_query, false);
    if (matches(rule.pattern, rule.anchored, as_written ? written : even)) {
      return {rule.allow, rule.line};
    }
  }
  return {};
}

}  // namespace placer
