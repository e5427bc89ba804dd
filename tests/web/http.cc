#include "tests/web/http.h"

#include <strings.h>

#include <array>
#include <charconv>
#include <cstdlib>

namespace placer::web {
namespace {

constexpr std::size_t kChunkBytes = 16 * 1024;

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool parse_request_line(std::string_view line, WebRequest& request) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first) return false;
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  return !request.method.empty() && !request.target.empty() &&
         line.substr(last + 1).starts_with("HTTP/1.");
}

bool parse_header_line(std::string_view line, WebRequest& request) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  request.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
  return true;
}

void append_hex(std::string& out, std::size_t value) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  out.append(digits.data(), end);
}

void append_chunked(std::string& out, std::string_view body) {
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, kChunkBytes);
    append_hex(out, chunk.size());
    out.append("\r\n").append(chunk).append("\r\n");
    body.remove_prefix(chunk.size());
  }
  out.append("0\r\n\r\n");
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

const std::string* WebRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return &value;
  }
  return nullptr;
}

std::optional<ParsedRequest> parse_request(std::string_view buffer) {
  const std::size_t end = buffer.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  ParsedRequest parsed;
  parsed.bytes = end + 4;
  std::string_view head = buffer.substr(0, end);
  bool first = true;
  while (parsed.valid && !head.empty()) {
    const std::size_t line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    parsed.valid =
        first ? parse_request_line(line, parsed.request) : parse_header_line(line, parsed.request);
    first = false;
    head.remove_prefix(line_end == std::string_view::npos ? head.size() : line_end + 2);
  }
  if (first) parsed.valid = false;
  if (const std::string* host = parsed.request.header("Host")) parsed.request.host = *host;
  if (const std::string* length = parsed.request.header("Content-Length")) {
    const std::size_t size = std::strtoull(length->c_str(), nullptr, 10);
    if (buffer.size() - parsed.bytes < size) return std::nullopt;
    parsed.request.body = buffer.substr(parsed.bytes, size);
    parsed.bytes += size;
  }
  const std::string* connection = parsed.request.header("Connection");
  parsed.keep_alive = parsed.valid && !(connection && same_name(*connection, "close"));
  return parsed;
}

std::string serialize(const Reply& reply, bool keep_alive, bool head_only) {
  std::string out;
  out.reserve(256 + reply.body.size());
  out.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  out.append(reason_phrase(reply.status)).append("\r\n");
  for (const auto& [name, value] : reply.headers) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (reply.endless_headers) return out;
  const bool chunked = reply.chunked || reply.endless_body;
  if (chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  } else if (may_have_body(reply.status)) {
    const std::uint64_t length = reply.content_length.value_or(reply.body.size());
    out.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
  }
  if (!keep_alive) out.append("Connection: close\r\n");
  out.append("\r\n");
  if (head_only || reply.endless_body || !may_have_body(reply.status)) return out;
  if (chunked) {
    append_chunked(out, reply.body);
  } else {
    out.append(reply.body);
  }
  return out;
}

std::string_view endless_chunk() {
  static const std::string kChunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  return kChunk;
}

std::string_view endless_header_lines() {
  static const std::string kLines = [] {
    std::string lines;
    for (int i = 0; i < 64; ++i) lines.append("X-Filler: ").append(1000, 'f').append("\r\n");
    return lines;
  }();
  return kLines;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 410:
      return "Gone";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

}  // namespace placer::web
