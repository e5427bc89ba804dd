#include "scraper/extract/rules/fields.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "config/values.h"

namespace placer {
namespace {

using nlohmann::json;

struct Column {
  std::string_view name;
  std::string_view path;
  bool single = true;
};

// Columns that schema.org has no word for go to "osm", which place/stated_columns.h reads.
constexpr Column kColumns[] = {
    {"ref", "branchCode"},
    {"name", "name"},
    {"branch", "osm.branch"},
    {"category", "osm.category"},
    {"schema_type", "@type", false},
    {"brand", "brand"},
    {"addr_full", "address.name"},
    {"addr_housenumber", "osm.addr_housenumber"},
    {"addr_street", "address.streetAddress", false},
    {"addr_unit", "osm.addr_unit"},
    {"addr_city", "address.addressLocality"},
    {"addr_state", "address.addressRegion"},
    {"addr_postcode", "address.postalCode"},
    {"addr_country", "address.addressCountry"},
    {"lat", "geo.latitude"},
    {"lon", "geo.longitude"},
    {"phone", "telephone", false},
    {"fax", "faxNumber", false},
    {"email", "email"},
    {"website", "url"},
    {"opening_hours", "openingHours", false},
    {"hours", "openingHours", false},
    {"rating", "aggregateRating.ratingValue"},
    {"rating_scale", "aggregateRating.bestRating"},
    {"rating_count", "aggregateRating.ratingCount"},
    {"price_range", "priceRange"},
    {"description", "description"},
    {"image", "image"},
    {"socials", "sameAs", false},
    {"operating_status", "osm.operating_status"},
};

// Sorted: properties of schema.org's Thing, Organization, Place, LocalBusiness and the types below
// (version 30) that describe a place.
constexpr std::string_view kProperties[] = {
    "@id",
    "@type",
    "acceptsReservations",
    "additionalProperty",
    "additionalType",
    "address",
    "aggregateRating",
    "alternateName",
    "amenityFeature",
    "areaServed",
    "availableLanguage",
    "award",
    "branchCode",
    "branchOf",
    "brand",
    "checkinTime",
    "checkoutTime",
    "contactPoint",
    "containedInPlace",
    "containsPlace",
    "currenciesAccepted",
    "department",
    "description",
    "disambiguatingDescription",
    "dissolutionDate",
    "duns",
    "email",
    "faxNumber",
    "foundingDate",
    "geo",
    "globalLocationNumber",
    "hasDriveThroughService",
    "hasMap",
    "hasMenu",
    "hasOfferCatalog",
    "identifier",
    "image",
    "isAcceptingNewPatients",
    "isAccessibleForFree",
    "isicV4",
    "iso6523Code",
    "keywords",
    "knowsLanguage",
    "latitude",
    "legalName",
    "leiCode",
    "location",
    "logo",
    "longitude",
    "mainEntityOfPage",
    "maximumAttendeeCapacity",
    "medicalSpecialty",
    "menu",
    "naics",
    "name",
    "numberOfRooms",
    "openingHours",
    "openingHoursSpecification",
    "parentOrganization",
    "paymentAccepted",
    "petsAllowed",
    "photo",
    "priceRange",
    "publicAccess",
    "sameAs",
    "servesCuisine",
    "slogan",
    "smokingAllowed",
    "specialOpeningHoursSpecification",
    "starRating",
    "subOrganization",
    "taxID",
    "telephone",
    "tourBookingPage",
    "url",
    "vatID",
};

// Sorted: properties of what stands within a place, beside those above.
constexpr std::string_view kInnerProperties[] = {
    "addressCountry", "addressLocality", "addressRegion", "bestRating",  "closes",
    "contactType",    "contentUrl",      "dayOfWeek",     "opens",       "postOfficeBoxNumber",
    "postalCode",     "propertyID",      "ratingCount",   "ratingValue", "reviewCount",
    "streetAddress",  "validFrom",       "validThrough",  "value",       "worstRating",
};

constexpr std::string_view kUrls[] = {"@id",  "hasMap", "hasMenu", "image", "logo",
                                      "menu", "photo",  "sameAs",  "url"};

template <class Names>
bool contains(const Names& sorted, std::string_view name) {
  return std::ranges::binary_search(sorted, name);
}
static_assert(std::ranges::is_sorted(kProperties) && std::ranges::is_sorted(kInnerProperties) &&
              std::ranges::is_sorted(kUrls));

std::vector<std::string> split_dots(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = text.find('.');
    parts.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

std::string unknown(std::string_view name) {
  std::vector<std::string_view> words;
  for (const Column& column : kColumns) words.push_back(column.name);
  words.insert(words.end(), std::begin(kProperties), std::end(kProperties));
  std::string message = "unknown field " + in_quotes(name);
  std::string_view near = nearest(name, words);
  if (contains(kInnerProperties, name)) {
    for (const Column& column : kColumns) {
      if (column.path.ends_with("." + std::string(name))) near = column.path;
    }
  }
  if (!near.empty()) return message + " (did you mean " + in_quotes(near) + "?)";
  return message +
         "; it is neither a column of place nor a property of schema.org (a tag of OSM is "
         "written " +
         in_quotes("tags." + std::string(name)) + ")";
}

tl::expected<RuleFieldTarget, std::string> find_tag(std::string_view key) {
  const bool good =
      !key.empty() && key.size() <= 255 && key.find_first_of(" =\t\n\"") == std::string_view::npos;
  if (!good) return tl::unexpected("tags." + std::string(key) + " is no key of an OSM tag");
  return RuleFieldTarget{{"osm", "tags", std::string(key)}, true, false};
}

}  // namespace

tl::expected<RuleFieldTarget, std::string> find_rule_field(std::string_view name) {
  if (name.starts_with("tags.")) return find_tag(name.substr(5));
  if (name == "tags") return tl::unexpected(std::string("write each tag as 'tags.KEY'"));
  const auto* const column = std::ranges::find(kColumns, name, &Column::name);
  RuleFieldTarget target;
  if (column != std::end(kColumns)) {
    target.path = split_dots(column->path);
    target.single = column->single;
  } else {
    target.path = split_dots(name);
    if (!contains(kProperties, target.path[0])) return tl::unexpected(unknown(name));
    for (std::size_t i = 1; i < target.path.size(); ++i) {
      const std::string& inner = target.path[i];
      if (contains(kInnerProperties, inner) || contains(kProperties, inner)) continue;
      const std::string_view near =
          nearest(inner, {std::begin(kInnerProperties), std::end(kInnerProperties)});
      return tl::unexpected("unknown property " + in_quotes(inner) +
                            (near.empty() ? "" : " (did you mean " + in_quotes(near) + "?)"));
    }
  }
  target.is_url = contains(kUrls, target.path.back());
  return target;
}

void put_field(const RuleFieldTarget& target, std::vector<json> values, json& fields) {
  if (values.empty()) return;
  json* place = &fields;
  for (std::size_t i = 0; i + 1 < target.path.size(); ++i) {
    json& inner = (*place)[target.path[i]];
    if (!inner.is_object()) {
      // A line of text that another field states already keeps its meaning as a name.
      inner = inner.is_string() ? json{{"name", inner}} : json::object();
    }
    place = &inner;
  }
  json& value = (*place)[target.path.back()];
  if (value.is_object() && values[0].is_string()) {  // "address" after "address.postalCode"
    value["name"] = std::move(values[0]);
  } else if (target.single || values.size() == 1) {
    value = std::move(values[0]);
  } else {
    value = std::move(values);
  }
}

void settle_fields(json& fields) {
  if (const auto type = fields.find("@type"); type != fields.end() && !type->is_array()) {
    *type = json::array({*type});
  }
  const auto address = fields.find("address");
  if (address == fields.end() || !address->is_object()) return;
  const auto line = address->find("name");
  if (address->size() == 1 && line != address->end()) {
    *address = json(*line);
    return;
  }
  (*address)["@type"] = "PostalAddress";
  const auto osm = fields.find("osm");
  const auto street = address->find("streetAddress");
  if (osm == fields.end() || street == address->end() || !street->is_string()) return;
  const auto number = osm->find("addr_housenumber");
  if (number == osm->end() || !number->is_string()) return;
  (*osm)["addr_street"] = *street;
  *street = street->get<std::string>() + " " + number->get<std::string>();
}

}  // namespace placer
