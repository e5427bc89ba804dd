// What a document says about its own indexing: meta robots and the X-Robots-Tag header.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace placer {

struct RobotsDirectives {
  bool noindex = false;
  bool nofollow = false;
  // From when on noindex holds; seconds since 1970. The earliest of several.
  std::optional<std::int64_t> unavailable_after;
};

// Adds the directives of a meta element's content, as in "noindex, nofollow", "none" or
// "unavailable_after: 25 Jun 2030 15:00:00 PST"; dates as parse_timestamp() has them, or with the
// comma of RFC 850.
void add_meta_robots(std::string_view content, RobotsDirectives& directives);

// Adds those of one X-Robots-Tag value, which may name agents: "otherbot: none, placer: noindex".
// An agent's name holds for all directives up to the next name. `agent` is our product token.
void add_robots_header(std::string_view value, std::string_view agent,
                       RobotsDirectives& directives);

}  // namespace placer
