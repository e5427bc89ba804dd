#include "scraper/extract/locator/locator.h"

#include <optional>
#include <string>
#include <utility>

#include "scraper/extract/embedded/dictionary.h"
#include "scraper/extract/locator/platform.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

using nlohmann::json;

// The platform whose answer the page is, or null.
const LocatorPlatform* answering(const Page& page) {
  return page.json() == nullptr ? nullptr : platform_answering(page.url());
}

// The objects of a list; XML has a list of one as the one.
std::vector<const json*> objects_of(const json& answer, std::string_view path) {
  std::vector<const json*> objects;
  for (const json* value : values_at(answer, path)) {
    if (value->is_object()) objects.push_back(value);
    if (!value->is_array()) continue;
    for (const json& item : *value) {
      if (item.is_object()) objects.push_back(&item);
    }
  }
  return objects;
}

std::string pointer_to(std::string_view list, std::size_t index) {
  std::string path;
  if (!list.empty()) path.append("/").append(list);
  return path.append("/").append(std::to_string(index));
}

// What is relative to the platform's own host leads to no website of the place.
void drop_relative_url(json& fields) {
  const auto url = fields.find("url");
  if (url == fields.end()) return;
  const auto& text = url->get_ref<const std::string&>();
  const bool absolute =
      text.starts_with("http") || text.starts_with("//") || text.starts_with("www.");
  if (!absolute) fields.erase(url);
}

std::optional<Link> endpoint(const Page& page, const std::string& url, std::string body) {
  const auto absolute = Url::parse(page.resolve(url));
  if (!absolute) return std::nullopt;
  return link_to(*absolute, LinkKind::kEndpoint, std::move(body));
}

}  // namespace

json Locator::items(const Page& page) const {
  json items = json::array();
  if (!page.root()) return items;
  for (const LocatorRequest& request : locator_requests(page.text())) {
    items.push_back({{"platform", request.platform->name},
                     {"endpoint", page.resolve(request.url)},
                     {"body", request.body}});
  }
  return items;
}

std::vector<RawPlace> Locator::places(const Page& page) const {
  std::vector<RawPlace> places;
  const LocatorPlatform* platform = answering(page);
  if (platform == nullptr) return places;
  PlaceReader reader(platform->renames);
  std::size_t index = 0;
  for (const json* object : objects_of(*page.json(), platform->list)) {
    if (places.size() >= kMaxDictionaryPlaces) break;
    auto fields = reader.read(*object, platform->trust);
    if (fields) {
      drop_relative_url(*fields);
      places.push_back({pointer_to(platform->list, index), std::move(*fields)});
    }
    ++index;
  }
  return places;
}

std::vector<Link> Locator::links(const Page& page) const {
  std::vector<Link> links;
  if (const LocatorPlatform* platform = answering(page)) {
    const std::size_t count = objects_of(*page.json(), platform->list).size();
    const auto next = next_answer(*platform, page.url(), *page.json(), count);
    if (next) {
      if (auto link = endpoint(page, *next, {})) links.push_back(std::move(*link));
    }
    return links;
  }
  if (!page.root()) return links;
  for (LocatorRequest& request : locator_requests(page.text())) {
    auto link = endpoint(page, request.url, std::move(request.body));
    if (link) links.push_back(std::move(*link));
  }
  return links;
}

}  // namespace placer
