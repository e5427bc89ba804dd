#include "scraper/frontier/robots_lines.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scraper/frontier/percent.h"

namespace placer {
namespace {

constexpr std::size_t kMaxBody = 500 * 1024;
constexpr std::size_t kMaxLine = 2083 * 8 - 1;  // as google/robotstxt: 8 URLs of a browser's length
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(kSpaces), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kSpaces) + 1);
}

// Each name stands for every name that it begins.
RobotsField field_named(std::string_view name) {
  using enum RobotsField;
  static constexpr std::array<std::pair<std::string_view, RobotsField>, 16> kNames = {{
      {"user-agent", kUserAgent},
      {"useragent", kUserAgent},
      {"user agent", kUserAgent},
      {"allow", kAllow},
      {"disallow", kDisallow},
      {"dissallow", kDisallow},
      {"dissalow", kDisallow},
      {"disalow", kDisallow},
      {"diasllow", kDisallow},
      {"disallaw", kDisallow},
      {"sitemap", kSitemap},
      {"site-map", kSitemap},
      {"crawl-delay", kCrawlDelay},
      {"crawldelay", kCrawlDelay},
      {"crawl delay", kCrawlDelay},
      {"request-rate", kRequestRate},
  }};
  for (const auto& [spelling, field] : kNames) {
    if (equal_ignoring_ascii_case(name.substr(0, spelling.size()), spelling)) return field;
  }
  return kUnknown;
}

// Where the name ends: at the colon or, without one, at the blank between exactly two words.
std::size_t name_end(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) return colon;
  const std::size_t blank = line.find_first_of(kBlanks);
  const std::size_t second = line.find_first_not_of(kBlanks, std::min(blank, line.size()));
  const bool third =
      line.find_first_of(kBlanks, std::min(second, line.size())) != std::string_view::npos;
  return third ? std::string_view::npos : blank;
}

}  // namespace

RobotsLines::RobotsLines(std::string_view body) : rest_(body) {
  if (rest_.size() > kMaxBody) {
    // Half a rule may forbid what the whole one allows.
    rest_ = rest_.substr(0, kMaxBody);
    rest_ = rest_.substr(0, rest_.find_last_of("\r\n") + 1);
  }
  const auto mark =
      std::mismatch(kByteOrderMark.begin(), kByteOrderMark.end(), rest_.begin(), rest_.end());
  rest_.remove_prefix(static_cast<std::size_t>(mark.first - kByteOrderMark.begin()));
}

std::string_view RobotsLines::take_line() {
  const std::size_t end = std::min(rest_.find_first_of("\r\n"), rest_.size());
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end);
  rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : std::min(rest_.size(), std::size_t{1}));
  ++number_;
  return line;
}

std::optional<RobotsLine> RobotsLines::next() {
  while (!rest_.empty()) {
    std::string_view line = take_line().substr(0, kMaxLine);
    line = trimmed(line.substr(0, line.find('#')));
    const std::size_t end = name_end(line);
    if (end == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, end));
    if (name.empty()) continue;
    return RobotsLine{field_named(name), trimmed(line.substr(end + 1)), number_};
  }
  return std::nullopt;
}

}  // namespace placer
