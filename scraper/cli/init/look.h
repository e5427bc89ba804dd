// A first look at a site, for `placer init`: robots.txt, sitemaps, and a few pages chosen so that
// some of them have places.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scraper/cli/one_page.h"
#include "scraper/message.h"

namespace placer::cli {

struct LookOptions {
  std::string user_agent;
  bool private_addresses = false;
  std::uint32_t pages = 10;               // at most
  std::chrono::milliseconds delay{1000};  // between two requests; robots.txt may ask for more
};

struct LookedAt {
  std::string url;
  std::string group;  // group_of() it
  std::size_t places = 0;
  std::set<std::string> leads_to;  // groups of the links that the start page has not
};

struct SitemapSeen {
  std::string url;
  bool from_robots = false;  // else guessed: /sitemap.xml
  std::size_t pages = 0;
  std::size_t sitemaps = 0;  // that it lists, of which a few were read
};

struct SiteLook {
  Url start;            // after redirects
  std::string problem;  // why nothing can be said of the site; empty: none
  RobotsAnswer robots;
  std::vector<SitemapSeen> sitemaps;
  std::map<std::string, std::size_t> listed;  // pages of each group in them
  std::vector<LookedAt> pages;                // read, the start page first
  std::map<std::string, std::size_t> places;  // by format, endpoints of locators included
  std::set<std::string> platforms;            // store locators
  std::optional<LookedAt> locator;            // the page that shows one, with all its stores
};

// Where a page stands in its site: "/shops/" of /shops/berlin/mitte, "/de/shops/" of
// /de/shops/mitte, "/" of a page at the top.
std::string group_of(std::string_view path_and_query);

// Fetches from `start`'s site alone (and the endpoint of a store locator); calls `on_request`
// before each request. Takes about as many delays as pages.
SiteLook look_at(const Url& start, const LookOptions& options,
                 const std::function<void(const std::string& url)>& on_request);

}  // namespace placer::cli
