#include "scraper/extract/opengraph/title.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::string_view kSeparators[] = {"|", "-", "–", "—", "·", "•", ":",
                                            "~", "»", "«", "›", "‹", "/", "@"};

// Titles of pages that no place is called.
constexpr std::string_view kGeneric[] = {
    "home",           "homepage",   "home page",      "welcome",        "index",        "start",
    "contact",        "contact us", "contacts",       "about",          "about us",     "location",
    "locations",      "find us",    "directions",     "opening hours",  "our location", "menu",
    "kontakt",        "startseite", "willkommen",     "impressum",      "über uns",     "anfahrt",
    "öffnungszeiten", "accueil",    "contactez-nous", "nous contacter", "inicio",       "contacto",
    "contatti",       "chi siamo",  "dove siamo",     "hjem",           "contato",      "kontakty"};

bool is_generic(std::string_view title) {
  return std::ranges::find(kGeneric, ascii::lower_case(title)) != std::end(kGeneric);
}

// `text` without the separator at its end and the spaces around; empty when it ends otherwise.
std::string_view before_separator(std::string_view text) {
  text = ascii::trim(text);
  for (const std::string_view separator : kSeparators) {
    if (!text.ends_with(separator)) continue;
    while (text.ends_with(separator)) text.remove_suffix(separator.size());
    return ascii::trim(text);
  }
  return {};
}

bool begins_with_separator(std::string_view text) {
  text = ascii::trim(text);
  return std::ranges::any_of(
      kSeparators, [text](std::string_view separator) { return text.starts_with(separator); });
}

}  // namespace

std::string_view name_in_title(std::string_view title, std::string_view site, bool home_page) {
  if (site.empty() || title.empty()) return title.empty() ? site : title;
  if (title.size() > site.size()) {
    const std::size_t rest = title.size() - site.size();
    if (ascii::equals_ignoring_case(title.substr(rest), site)) {
      const std::string_view own = before_separator(title.substr(0, rest));
      if (!own.empty()) return is_generic(own) ? site : own;
    }
    if (home_page && ascii::equals_ignoring_case(title.substr(0, site.size()), site) &&
        begins_with_separator(title.substr(site.size()))) {
      return site;
    }
  }
  return is_generic(title) ? site : title;
}

}  // namespace placer
