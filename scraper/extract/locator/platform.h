// The store-locator platforms that placer knows: a table (platforms.inc), not code.
//
// A platform is recognised in the source text of a page by its marks and patterns; what they
// capture fills the templates of its endpoint. The answer is recognised by its URL alone, since
// nothing but URL and body survives in the queue.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/embedded/dictionary_place.h"

namespace placer {

// How an answer says that there is more. All empty: it is complete. The next URL is the answer's
// own with another value for one parameter.
struct LocatorPaging {
  std::string_view offset;  // parameter: results to pass over
  std::string_view limit;   // parameter: results asked for; fewer of them are the last
  std::string_view page;    // parameter: number of the page
  std::string_view pages;   // path of the number of pages in the answer
  int first_page = 1;
};

struct LocatorPlatform {
  std::string_view name;   // "stockist"
  std::string_view marks;  // texts separated by spaces; one of them stands in every such page
  // RE2, each searched for once; named groups are captures. "scheme" is that of the platform's own
  // URL in the page.
  std::array<std::string_view, 3> patterns;
  // Templates separated by spaces, of which the first with all its captures holds: {key}, or
  // {key|default}. "//host/path" has the captured scheme, else the page's; "/path" is on the page's
  // own site.
  std::string_view endpoint;
  std::string_view body;     // of a POST, a template too; empty: GET
  std::string_view answers;  // RE2 on the URL of an answer
  std::string_view list;     // path of the places in the answer, "results/locations"; '*': any key
  std::string_view renames;  // as PlaceReader takes them
  LocatorPaging paging;
  Trust trust = Trust::kListed;
};

std::span<const LocatorPlatform> locator_platforms();

// The platform whose endpoint `url` is, or null.
const LocatorPlatform* platform_answering(std::string_view url);

struct LocatorRequest {
  const LocatorPlatform* platform;
  std::string url;  // absolute or relative to the page
  std::string body;
};

// What the platforms shown in `text`, the source of a page, have to be asked. Linear in `text`;
// looks at its first 4 MiB.
std::vector<LocatorRequest> locator_requests(std::string_view text);

// The values at a path: steps separated by '/', '*' for every member or element; empty: the root.
std::vector<const nlohmann::json*> values_at(const nlohmann::json& root, std::string_view path);

// The URL of the next part of an answer, if it says that there is one. `count`: places in this one.
std::optional<std::string> next_answer(const LocatorPlatform& platform, std::string_view url,
                                       const nlohmann::json& answer, std::size_t count);

}  // namespace placer
