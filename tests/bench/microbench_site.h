// A made-up site for the microbenchmarks: pages of 63 links, of which a crawl from the first page
// on knows 60 when it comes to them; every other page states a place.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"
#include "scraper/message.h"

namespace placer::bench {

inline constexpr std::uint64_t kLinks = 63;
inline constexpr std::uint64_t kNewLinks = 3;  // children: page p leads to 3p+1, 3p+2 and 3p+3
inline constexpr const char* kOrigin = "https://www.shop.example";

inline std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

inline std::string path_of(std::uint64_t page) {
  if (page == 0) return "/";
  return fmt::format("/de/{}/{}.html", page % 2 == 0 ? "filialen" : "seiten", page);
}

// The page's targets: its children, a menu, and pages that were found before it.
inline std::vector<std::uint64_t> targets_of(std::uint64_t page) {
  constexpr std::uint64_t kMenu = 40;
  std::vector<std::uint64_t> targets;
  for (std::uint64_t i = 0; i < kMenu; ++i) targets.push_back(i);
  for (std::uint64_t i = 1; i <= kNewLinks; ++i) targets.push_back(kNewLinks * page + i);
  while (targets.size() < kLinks) {
    targets.push_back(mixed(page * kLinks + targets.size()) % (kNewLinks * page + 1));
  }
  return targets;
}

// As the page writes them: most as absolute paths, some relative, with a fragment or a campaign's
// mark, or as whole URLs.
inline std::vector<std::string> hrefs_of(std::uint64_t page) {
  std::vector<std::string> hrefs;
  for (const std::uint64_t target : targets_of(page)) {
    const std::string path = path_of(target);
    switch (hrefs.size() % 10) {
      case 3:
        hrefs.push_back("../.." + path);
        break;
      case 5:
        hrefs.push_back(path + "#top");
        break;
      case 7:
        hrefs.push_back(kOrigin + path);
        break;
      case 9:
        hrefs.push_back(path + "?utm_source=menu&page=2");
        break;
      default:
        hrefs.push_back(path);
    }
  }
  return hrefs;
}

inline std::vector<Link> links_of(std::uint64_t page) {
  std::vector<Link> links;
  for (const std::uint64_t target : targets_of(page)) {
    links.push_back(link_to(*Url::parse(kOrigin + path_of(target)), LinkKind::kAnchor));
  }
  return links;
}

// Places that nobody could take for one another: the comparing of places is not what is measured.
inline Observation place_on(std::uint64_t page) {
  constexpr std::string_view kWords[] = {"Linde",   "Anker", "Krone", "Adler", "Hirsch", "Rose",
                                         "Falke",   "Mond",  "Stern", "Sonne", "Quelle", "Eiche",
                                         "Brunnen", "Tor",   "Turm",  "Garten"};
  const std::uint64_t hash = mixed(page + 77);
  Observation found;
  found.format = "json-ld";
  found.path = "script[1]";
  Place& place = found.place;
  place.name = fmt::format("{} {} {}", kWords[hash % 16], kWords[hash / 16 % 16], page);
  place.category = "shop=books";
  place.schema_type = "BookStore";
  place.addr_street = fmt::format("{}strasse", kWords[hash / 256 % 16]);
  place.addr_housenumber = fmt::format("{}", hash / 4096 % 400 + 1);
  place.addr_postcode = fmt::format("{:05}", 10'000 + hash % 80'000);
  place.addr_city = fmt::format("{}stadt", kWords[hash / 65536 % 16]);
  place.addr_country = "DE";
  place.lat = 47.5 + static_cast<double>(hash % 700'000) * 1e-5;
  place.lon = 6.5 + static_cast<double>(hash / 700'000 % 800'000) * 1e-5;
  place.phone = fmt::format("+4930{:07}", page);
  place.website = fmt::format("https://www.laden-{}.example/", page);
  place.opening_hours = "Mo-Fr 09:00-18:30; Sa 10:00-14:00";
  found.raw = fmt::format(
      R"({{"@type":"BookStore","name":"{}","telephone":"030 {:07}","geo":{{"latitude":{},)"
      R"("longitude":{}}},"openingHours":["Mo-Fr 09:00-18:30","Sa 10:00-14:00"],"address":)"
      R"({{"streetAddress":"{} {}","postalCode":"{}","addressLocality":"{}"}}}})",
      *place.name, page, *place.lat, *place.lon, *place.addr_street, *place.addr_housenumber,
      *place.addr_postcode, *place.addr_city);
  return found;
}

// What a worker makes of the page, or of robots.txt.
inline Outcome outcome_of(Request request, std::uint64_t page) {
  Outcome outcome;
  outcome.request = std::move(request);
  outcome.address = "203.0.113.7";
  outcome.timings = {1000, 1500, 300};
  if (outcome.request.kind == RequestKind::kRobots) {
    outcome.status = 404;
    return outcome;
  }
  outcome.status = 200;
  outcome.content_type = "application/octet-stream";  // no worker reads it again
  outcome.body_bytes = 32'000;
  outcome.content_hash = outcome.simhash = mixed(page + 1);
  outcome.validators.etag = fmt::format("\"{:x}\"", outcome.content_hash >> 16);
  outcome.facts.title = fmt::format("Seite {}", page);
  outcome.facts.canonical = kOrigin + path_of(page);
  outcome.facts.language = "de";
  outcome.facts.charset = "UTF-8";
  outcome.links = links_of(page);
  if (page % 2 == 0) outcome.places.push_back(place_on(page));
  return outcome;
}

}  // namespace placer::bench
