#include "scraper/place/stated_columns.h"

#include <string>
#include <utility>

#include "scraper/extract/schema/types.h"
#include "scraper/place/category.h"
#include "scraper/place/text.h"
#include "scraper/place/values.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 255;  // bytes
constexpr std::size_t kMostTags = 100;

std::optional<std::string> line(const json& osm, std::string_view name) {
  auto text = first_text(osm, name);
  if (text) *text = shortened(std::move(*text), kLongestText);
  return text;
}

std::optional<std::string> category(const json& osm) {
  auto text = line(osm, "category");
  if (!text) return std::nullopt;
  const std::size_t equals = text->find('=');
  if (equals == std::string::npos) return category_of_type(bare_type_name(*text));
  const bool is_tag = equals > 0 && equals + 1 < text->size() && text->find(' ') == text->npos;
  return is_tag ? text : std::nullopt;
}

}  // namespace

void apply_stated_columns(const json& fields, Place& place, json& tags) {
  const auto found = fields.find("osm");
  if (found == fields.end() || !found->is_object()) return;
  const json& osm = *found;
  const auto apply = [&osm](const char* name, std::optional<std::string>& column) {
    if (auto text = line(osm, name)) column = std::move(text);
  };
  apply("branch", place.branch);
  apply("addr_housenumber", place.addr_housenumber);
  apply("addr_street", place.addr_street);
  apply("addr_unit", place.addr_unit);
  if (auto stated = category(osm)) place.category = std::move(stated);
  if (const auto status = line(osm, "operating_status");
      status == "open" || status == "temporarily_closed" || status == "permanently_closed") {
    place.operating_status = status;
  }
  const auto stated_tags = osm.find("tags");
  if (stated_tags == osm.end() || !stated_tags->is_object()) return;
  std::size_t count = 0;
  for (const auto& [key, value] : stated_tags->items()) {
    auto text = text_of(value);
    if (text && ++count <= kMostTags) tags[key] = shortened(std::move(*text), kLongestText);
  }
}

}  // namespace placer
