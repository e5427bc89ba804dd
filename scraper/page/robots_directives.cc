#include "scraper/page/robots_directives.h"

#include "scraper/page/ascii.h"

namespace placer {
namespace {

void add_directive(std::string_view directive, RobotsDirectives& directives) {
  const bool none = ascii::equals_ignoring_case(directive, "none");
  if (none || ascii::equals_ignoring_case(directive, "noindex")) directives.noindex = true;
  if (none || ascii::equals_ignoring_case(directive, "nofollow")) directives.nofollow = true;
}

// Directives that carry a value after a colon, and so are no agent's name.
bool takes_value(std::string_view name) {
  return ascii::equals_ignoring_case(name, "unavailable_after") ||
         ascii::equals_ignoring_case(name, "max-snippet") ||
         ascii::equals_ignoring_case(name, "max-image-preview") ||
         ascii::equals_ignoring_case(name, "max-video-preview");
}

}  // namespace

void add_meta_robots(std::string_view content, RobotsDirectives& directives) {
  while (!content.empty()) add_directive(ascii::next_piece(content, ", \t\n\f\r"), directives);
}

void add_robots_header(std::string_view value, std::string_view agent,
                       RobotsDirectives& directives) {
  bool ours = true;
  while (!value.empty()) {
    std::string_view piece = ascii::next_piece(value, ",");
    const std::size_t colon = piece.find(':');
    if (colon != std::string_view::npos) {
      const std::string_view name = ascii::trim(piece.substr(0, colon));
      if (takes_value(name)) continue;
      ours = ascii::equals_ignoring_case(name, agent);
      piece = ascii::trim(piece.substr(colon + 1));
    }
    if (ours) add_directive(piece, directives);
  }
}

}  // namespace placer
