// The lines of a robots.txt (RFC 9309 section 2.2), read as forgivingly as google/robotstxt does.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace placer {

enum class RobotsField : std::uint8_t {
  kUserAgent,
  kAllow,
  kDisallow,
  kSitemap,
  kCrawlDelay,
  kRequestRate,
  kUnknown,  // has a name and a value, and no meaning here
};

struct RobotsLine {
  RobotsField field = RobotsField::kUnknown;
  std::string_view value;  // trimmed, without comment; may be empty
  int number = 0;          // 1-based
};

// Reads forward over `body`, which must outlive it. Nothing in `body` is an error.
//
// A whole or partial UTF-8 byte order mark is skipped; lines end with LF, CR LF or CR. Names may be
// misspelt in the common ways ("disalow", "site-map", "useragent", prefixes such as "disallowed"),
// and a colon that is missing between exactly two words is read. At most 500 KiB are read (section
// 2.5), a line cut off there is left out; of one line, the first 16,663 octets.
class RobotsLines {
 public:
  explicit RobotsLines(std::string_view body);

  // The next line that has a name; nothing at the end.
  std::optional<RobotsLine> next();

 private:
  std::string_view take_line();

  std::string_view rest_;
  int number_ = 0;
};

}  // namespace placer
