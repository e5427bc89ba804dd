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
  } else if (same_name(name, "link")) {
    link.emplace_back(value);
  } else if (same_name(name, "x-robots-tag")) {
    x_robots_tag.emplace_back(value);
  }
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now) {
  if (value.empty()) return std::nullopt;
  const bool digits =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) {
    std::int64_t seconds = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (parsed.ec != std::errc()) return kLongestRetryAfter;
    return std::min(std::chrono::seconds(seconds), kLongestRetryAfter);
  }
  const std::time_t date = ::curl_getdate(std::string(value).c_str(), nullptr);
  if (date == -1) return std::nullopt;
  const auto wait =
      std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::from_time_t(date) - now);
  return std::clamp(wait, std::chrono::seconds(0), kLongestRetryAfter);
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
