#include "scraper/extract/embedded/embedded.h"

#include <utility>

#include "scraper/extract/embedded/dictionary.h"
#include "scraper/extract/embedded/documents.h"
#include "scraper/extract/locator/platform.h"

namespace placer {

using nlohmann::json;

json Embedded::items(const Page& page) const {
  json items = json::array();
  for (EmbeddedDocument& document : embedded_documents(page)) {
    items.push_back({{"path", document.path}, {"value", std::move(document.value)}});
  }
  if (page.json() != nullptr) items.push_back({{"path", ""}, {"value", *page.json()}});
  return items;
}

std::vector<RawPlace> Embedded::places(const Page& page) const {
  std::vector<RawPlace> places;
  if (const json* response = page.json()) {
    if (platform_answering(page.url()) == nullptr) find_in_dictionary(*response, "", places);
    return places;
  }
  PlaceReader markers;
  for (const EmbeddedDocument& document : embedded_documents(page)) {
    if (places.size() >= kMaxDictionaryPlaces) break;
    if (document.marker) {
      if (auto fields = markers.read(document.value, Trust::kNamed)) {
        places.push_back({document.path, std::move(*fields)});
      }
    } else if (is_flat_dictionary(document.value)) {
      find_in_flat_dictionary(document.value, document.path, places);
    } else {
      find_in_dictionary(document.value, document.path, places);
    }
  }
  return places;
}

}  // namespace placer
