// The record: one place, as the table `place` has it and as one page stated it.
//
// Field names follow OpenStreetMap and All the Places with `_` for `:`. An absent field is unknown;
// it is never an empty string, and unknown opening hours are not "closed".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace placer {

struct Place {
  std::optional<std::string> ref;  // the publisher's own id: branchCode, @id, identifier
  std::optional<std::string> name;
  std::optional<std::string> branch;
  std::optional<std::string> category;     // an OSM tag: "amenity=cafe"
  std::optional<std::string> schema_type;  // the most specific schema.org type: "CafeOrCoffeeShop"
  std::optional<std::string> brand;
  std::optional<std::string> addr_full;
  std::optional<std::string> addr_housenumber;
  std::optional<std::string> addr_street;
  std::optional<std::string> addr_unit;
  std::optional<std::string> addr_city;
  std::optional<std::string> addr_state;
  std::optional<std::string> addr_postcode;
  std::optional<std::string> addr_country;  // ISO 3166-1 alpha-2
  std::optional<double> lat;                // WGS 84 degrees
  std::optional<double> lon;
  std::optional<std::string> phone;  // E.164; several joined by ';'
  std::optional<std::string> email;
  std::optional<std::string> website;
  std::optional<std::string> opening_hours;  // OSM syntax
  std::optional<double> rating;
  std::optional<double> rating_scale;  // the best possible rating
  std::optional<std::int64_t> rating_count;
  std::optional<std::string> price_range;
  std::optional<std::string> description;
  std::optional<std::string> image;
  std::optional<std::string> socials;  // JSON object: {"facebook": "https://..."}
  std::optional<std::string> tags;     // JSON object of OSM tags without a column of their own
  std::optional<std::string> operating_status;  // open, temporarily_closed, permanently_closed

  bool operator==(const Place&) const = default;
};

// The one list of a place's fields: wire, storage and exports all walk it, so they cannot drift.
// Calls visit(name, value) for each field; every value is a std::optional.
template <class Visitor, class P>
void for_each_field(Visitor&& visit, P& place) {
  visit("ref", place.ref);
  visit("name", place.name);
  visit("branch", place.branch);
  visit("category", place.category);
  visit("schema_type", place.schema_type);
  visit("brand", place.brand);
  visit("addr_full", place.addr_full);
  visit("addr_housenumber", place.addr_housenumber);
  visit("addr_street", place.addr_street);
  visit("addr_unit", place.addr_unit);
  visit("addr_city", place.addr_city);
  visit("addr_state", place.addr_state);
  visit("addr_postcode", place.addr_postcode);
  visit("addr_country", place.addr_country);
  visit("lat", place.lat);
  visit("lon", place.lon);
  visit("phone", place.phone);
  visit("email", place.email);
  visit("website", place.website);
  visit("opening_hours", place.opening_hours);
  visit("rating", place.rating);
  visit("rating_scale", place.rating_scale);
  visit("rating_count", place.rating_count);
  visit("price_range", place.price_range);
  visit("description", place.description);
  visit("image", place.image);
  visit("socials", place.socials);
  visit("tags", place.tags);
  visit("operating_status", place.operating_status);
}

}  // namespace placer
