#include "scraper/page/robots_directives.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/page/timestamp.h"

namespace placer {
namespace {

constexpr std::string_view kUnavailableAfter = "unavailable_after";

void add_word(std::string_view word, RobotsDirectives& directives) {
  const bool none = ascii::equals_ignoring_case(word, "none");
  if (none || ascii::equals_ignoring_case(word, "noindex")) directives.noindex = true;
  if (none || ascii::equals_ignoring_case(word, "nofollow")) directives.nofollow = true;
}

// Directives that carry a value after a colon, and so are no agent's name.
bool takes_value(std::string_view name) {
  return ascii::equals_ignoring_case(name, kUnavailableAfter) ||
         ascii::equals_ignoring_case(name, "max-snippet") ||
         ascii::equals_ignoring_case(name, "max-image-preview") ||
         ascii::equals_ignoring_case(name, "max-video-preview");
}

// What stands before the first colon, and after it; without a colon all is name.
struct NameAndValue {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

NameAndValue split(std::string_view piece) {
  const std::size_t colon = piece.find(':');
  if (colon == std::string_view::npos) return {ascii::trim(piece), {}, false};
  return {ascii::trim(piece.substr(0, colon)), ascii::trim(piece.substr(colon + 1)), true};
}

// A day of the week, after which a date goes on behind a comma.
bool is_day_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_letter);
}

// Adds one directive; `rest` is what follows it, in the same text, and may be the rest of a date.
void add_directive(std::string_view directive, std::string_view& rest,
                   RobotsDirectives& directives) {
  const NameAndValue parts = split(directive);
  if (!parts.has_value || !takes_value(parts.name)) {
    while (!directive.empty()) {
      add_word(ascii::next_piece(directive, ascii::kWhiteSpace), directives);
    }
    return;
  }
  if (!ascii::equals_ignoring_case(parts.name, kUnavailableAfter)) return;
  auto when = parse_timestamp(parts.value);
  if (!when && is_day_name(parts.value) && !rest.empty()) {
    std::string_view behind = rest;
    const std::string_view more = ascii::next_piece(behind, ",");
    const char* const begin = parts.value.data();
    when = parse_timestamp({begin, static_cast<std::size_t>(more.data() + more.size() - begin)});
    if (when) rest = behind;
  }
  if (when)
    directives.unavailable_after = std::min(*when, directives.unavailable_after.value_or(*when));
}

}  // namespace

void add_meta_robots(std::string_view content, RobotsDirectives& directives) {
  while (!content.empty()) {
    const std::string_view directive = ascii::next_piece(content, ",");
    add_directive(directive, content, directives);
  }
}

void add_robots_header(std::string_view value, std::string_view agent,
                       RobotsDirectives& directives) {
  bool ours = true;
  RobotsDirectives others;
  while (!value.empty()) {
    std::string_view piece = ascii::next_piece(value, ",");
    const NameAndValue parts = split(piece);
    if (parts.has_value && !takes_value(parts.name)) {
      ours = ascii::equals_ignoring_case(parts.name, agent);
      piece = parts.value;
    }
    add_directive(piece, value, ours ? directives : others);
  }
}

}  // namespace placer
