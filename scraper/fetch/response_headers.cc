#include "scraper/fetch/response_headers.h"

#include <curl/curl.h>
#include <strings.h>

#include <algorithm>
#include <charconv>

namespace placer {
namespace {

// A year; longer waits are as good as never.
constexpr std::chrono::seconds kLongestRetryAfter{365L * 24 * 3600};

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOther.find(c) != std::string_view::npos;
  });
}

std::uint16_t status_of(std::string_view status_line) {
  const std::size_t space = status_line.find(' ');
  if (space == std::string_view::npos) return 0;
  const std::string_view digits = status_line.substr(space + 1, 3);
  std::uint16_t status = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// RFC 9110 section 5.6.7, and much that is like it.
std::optional<std::chrono::system_clock::time_point> parse_date(std::string_view text) {
  constexpr std::size_t kLongestDate = 64;
  if (text.empty() || text.size() > kLongestDate) return std::nullopt;
  const std::time_t date = ::curl_getdate(std::string(text).c_str(), nullptr);
  if (date == -1) return std::nullopt;
  return std::chrono::system_clock::from_time_t(date);
}

}  // namespace

void ResponseHeaders::take(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    *this = ResponseHeaders{};
    status = status_of(line);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (same_name(name, "content-type")) {
    content_type = value;
  } else if (same_name(name, "content-length")) {
    content_length = 0;
    std::from_chars(value.data(), value.data() + value.size(), content_length);
  } else if (same_name(name, "etag")) {
    etag = value;
  } else if (same_name(name, "last-modified")) {
    last_modified = value;
  } else if (same_name(name, "location")) {
    location = value;
  } else if (same_name(name, "retry-after")) {
    retry_after = value;
  } else if (same_name(name, "date")) {
    date = value;
  } else if (same_name(name, "link")) {
    link.emplace_back(value);
  } else if (same_name(name, "x-robots-tag")) {
    x_robots_tag.emplace_back(value);
  }
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now) {
  const std::string_view whole = value.substr(0, value.find('.'));
  const std::string_view fraction = value.substr(std::min(whole.size() + 1, value.size()));
  if (is_digits(whole) && (fraction.empty() || is_digits(fraction))) {
    std::int64_t seconds = 0;
    const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    if (parsed.ec != std::errc()) return kLongestRetryAfter;
    const bool rounds_up = fraction.find_first_not_of('0') != std::string_view::npos;
    return std::min(std::chrono::seconds(seconds), kLongestRetryAfter) +
           std::chrono::seconds(rounds_up ? 1 : 0);
  }
  const auto date = parse_date(value);
  if (!date) return std::nullopt;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(*date - now);
  return std::clamp(wait, std::chrono::seconds(0), kLongestRetryAfter);
}

std::optional<std::chrono::seconds> retry_after_of(const ResponseHeaders& response,
                                                   std::chrono::system_clock::time_point now) {
  if (response.retry_after.empty()) return std::nullopt;
  return parse_retry_after(response.retry_after, parse_date(response.date).value_or(now));
}

bool is_readable_page(std::string_view content_type) {
  constexpr std::string_view kReadable[] = {
      "text/html",   "application/xhtml+xml",  "application/xml", "text/xml",
      "text/plain",  "application/javascript", "text/javascript", "application/x-javascript",
      "text/x-json",
  };
  constexpr std::string_view kReadableEndings[] = {"/json", "+json", "+xml"};
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  const std::size_t slash = type.find('/');
  if (slash == std::string_view::npos) return true;
  if (!is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1))) return true;
  return std::any_of(std::begin(kReadable), std::end(kReadable),
                     [type](std::string_view readable) { return same_name(type, readable); }) ||
         std::any_of(std::begin(kReadableEndings), std::end(kReadableEndings),
                     [type](std::string_view end) {
                       return type.size() > end.size() &&
                              same_name(type.substr(type.size() - end.size()), end);
                     });
}

}  // namespace placer
