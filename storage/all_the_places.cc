#include "storage/all_the_places.h"

#include <algorithm>
#include <array>

#include "storage/place_columns.h"

namespace placer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 10> kOurOwn = {
    "schema_type",      "rating",     "rating_scale", "rating_count", "price_range",
    "operating_status", "first_seen", "last_seen",    "gone_since",   "completeness"};

// Those that become a property of the same value.
bool is_property(std::string_view column) {
  return column != "id" && column != "lat" && column != "lon" && column != "category" &&
         column != "socials" && column != "tags";
}

void add_category(const std::string& tag, Json& properties) {
  const std::size_t equals = tag.find('=');
  if (equals == std::string::npos) {
    properties["category"] = tag;
  } else {
    properties[tag.substr(0, equals)] = tag.substr(equals + 1);
  }
}

void spread(const std::optional<std::string>& column, const char* prefix, Json& properties) {
  const Json object = column ? Json::parse(*column, nullptr, false) : Json();
  if (!is_flat_object(object)) return;
  for (const auto& [key, value] : object.items()) {
    const std::string name = prefix + key;
    if (!properties.contains(name)) properties[name] = value;
  }
}

// "end_date": a day, or "yes" where only that it is closed is known.
void add_end_date(const ExportedPlace& row, Json& properties) {
  if (properties.contains("end_date")) return;
  if (row.gone_since) {
    properties["end_date"] = row.gone_since->substr(0, 10);
  } else if (row.place.operating_status == "permanently_closed") {
    properties["end_date"] = "yes";
  }
}

// Street and number as the country writes them are in addr_full; here they are one line.
void add_street_address(const Place& place, Json& properties) {
  if (!place.addr_street || !place.addr_housenumber) return;
  constexpr std::array<std::string_view, 6> kNumberFirst = {"AU", "CA", "FR", "GB", "IE", "US"};
  const bool first = place.addr_country &&
                     std::ranges::find(kNumberFirst, *place.addr_country) != kNumberFirst.end();
  properties["addr:street_address"] = first ? *place.addr_housenumber + ' ' + *place.addr_street
                                            : *place.addr_street + ' ' + *place.addr_housenumber;
}

}  // namespace

bool is_flat_object(const Json& json) {
  return json.is_object() && std::none_of(json.begin(), json.end(),
                                          [](const Json& value) { return value.is_structured(); });
}

std::string property_of_column(std::string_view column) {
  constexpr std::string_view kAddress = "addr_";
  if (column == "source_url") return "@source_uri";
  if (column.starts_with(kAddress)) return "addr:" + std::string(column.substr(kAddress.size()));
  const bool ours = std::ranges::find(kOurOwn, column) != kOurOwn.end();
  return (ours ? "@" : "") + std::string(column);
}

Json feature_of(const ExportedPlace& row, const std::string& spider, const ColumnChoice& wanted) {
  Json properties = Json::object();
  properties["@spider"] = spider;
  for_each_column(
      [&](std::string_view name, const auto& value) {
        if (value && is_property(name) && wanted.has(name)) {
          properties[property_of_column(name)] = *value;
        }
      },
      row);
  if (row.place.category && wanted.has("category")) add_category(*row.place.category, properties);
  if (wanted.has("socials")) spread(row.place.socials, "contact:", properties);
  if (wanted.has("tags")) spread(row.place.tags, "", properties);
  if (wanted.all()) {
    add_street_address(row.place, properties);
    add_end_date(row, properties);
  }
  Json feature = {{"type", "Feature"}, {"id", row.id}, {"geometry", nullptr}};
  if (row.place.lat && row.place.lon) {
    feature["geometry"] = {{"type", "Point"},
                           {"coordinates", Json::array({*row.place.lon, *row.place.lat})}};
  }
  feature["properties"] = std::move(properties);
  return feature;
}

}  // namespace placer
