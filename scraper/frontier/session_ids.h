// Where a host's URLs carry a session id that key.h does not know by name.
//
// A parameter (or a segment of the path) whose values look like identifiers is a session id when
// URLs that differ in nothing else have shown the same page, for several pages, and hardly ever
// different ones. Such a host has a million URLs for each page; without the id it has one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/frontier/url_shape.h"

namespace placer {

// What has been learned of one host. A value of at most about 700 octets.
class SessionIds {
 public:
  // A page that was read: `body` as in PageYield, not 0. `states_new` places.
  void fetched(std::string_view path_and_query, const UrlShape& url, std::uint64_t body,
               bool states_new);

  // The URL without the session ids learned so far; nothing when it has none of them.
  std::optional<std::string> without(std::string_view path_and_query) const;

  bool knows_any() const;

  void encode(std::string& out) const;
  // Takes its own octets from the front of `text`; false, and nothing learned, when they are none.
  bool decode(std::string_view& text);

  bool operator==(const SessionIds&) const = default;

 private:
  static constexpr std::size_t kMostPages = 40;
  static constexpr std::size_t kMostPlaces = 12;

  // A page as its URL without the identifier at one place.
  struct SeenPage {
    std::uint32_t url = 0;
    std::uint64_t body = 0;
    bool counted = false;  // has confirmed a session id
    bool operator==(const SeenPage&) const = default;
  };
  // A place in URLs where an identifier stands.
  struct Evidence {
    std::uint32_t place = 0;
    std::uint8_t same = 0;       // pages that stayed the same with another identifier
    std::uint8_t different = 0;  // URLs that showed another page
    std::uint64_t body = 0;      // the page counted last: one error page is not several pages
    bool learned() const { return same >= 3 && same > 4 * different; }
    bool operator==(const Evidence&) const = default;
  };

  void compare(std::uint32_t place, std::uint32_t url, std::uint64_t body, bool states_new);
  void remember(std::uint32_t url, std::uint64_t body);
  Evidence& evidence_for(std::uint32_t place);

  std::vector<SeenPage> pages_;  // the newest last
  std::vector<Evidence> evidence_;
};

}  // namespace placer
