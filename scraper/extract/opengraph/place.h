// The place that a page's meta elements state.
//
// What the page is about, its og:type, decides:
//   - a place (business.business, place, restaurant.restaurant, hotel, cafe, bar, landmark, any of
//     schema.org's businesses and sites by name, with or without a prefix): that place, also when
//     nothing says where it is;
//   - an organization (company, non_profit, ...): a place when a street or coordinates are stated;
//   - a site or nothing said (website, blog, object, none): a place when OpenGraph states a street
//     (business:contact_data, restaurant:contact_info, og:street-address), coordinates
//     (place:location, og:latitude) or a contact with a city;
//   - anything else (article, product, profile, city, ...): the page's subject is no place. Only
//     a contact with a street makes one: of the business whose site it is, by the name of the site
//     and without the page's picture, description and URL.
//
// geo.position, ICBM, geo.region and geo.placename say where a page's subject is, whatever it is: a
// city's weblog has them, too. They add to a place, and only beside a street and a city in metas of
// those plain names (street-address, locality, postal-code) do they make one.
#pragma once

#include <nlohmann/json.hpp>

#include "scraper/extract/opengraph/metas.h"
#include "scraper/page/page.h"

namespace placer {

// A node in schema.org's terms, for find_places (schema/places.h); null when there is no place.
nlohmann::json place_of_metas(const NamedMetas& metas, const Page& page);

}  // namespace placer
