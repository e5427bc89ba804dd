#include "tests/web/markup.h"

#include <nlohmann/json.hpp>

namespace placer::web {
namespace {

using Json = nlohmann::ordered_json;

Json address_of(const TruthPlace& place, Rng& rng) {
  Json address = {{"@type", "PostalAddress"},
                  {"streetAddress", place.street_address},
                  {"postalCode", place.postcode},
                  {"addressLocality", place.city}};
  if (rng.chance(0.3)) {
    address["addressCountry"] = {{"@type", "Country"}, {"name", place.country}};
  } else {
    address["addressCountry"] = place.country;
  }
  return address;
}

void add_hours(Json& node, const GeneratedPlace& place, Rng& rng) {
  if (place.truth.opening_hours.empty()) return;
  switch (rng.below(4)) {
    case 0:
      node["openingHours"] = schema_hours(place.week);
      break;
    case 1: {
      std::string joined;
      for (const std::string& line : schema_hours(place.week)) {
        joined += joined.empty() ? line : ", " + line;
      }
      node["openingHours"] = joined;
      break;
    }
    case 2:
      node["openingHoursSpecification"] = hours_specification(place.week, true, rng.chance(0.5));
      break;
    default:
      node["openingHoursSpecification"] = hours_specification(place.week, false, rng.chance(0.5));
      break;
  }
}

// Numbers come as numbers or as text, as on the web.
Json number(double value, Rng& rng) {
  if (rng.chance(0.5)) return value;
  return Json(value).dump();
}

Json node_of(const GeneratedPlace& generated, Rng& rng) {
  const TruthPlace& place = generated.truth;
  Json node = {{"@type", place.schema_type}, {"name", place.name}};
  node["address"] = address_of(place, rng);
  if (place.lat && place.lon) {
    node["geo"] = {{"@type", "GeoCoordinates"},
                   {"latitude", number(*place.lat, rng)},
                   {"longitude", number(*place.lon, rng)}};
  }
  node["telephone"] = place.phone;
  add_hours(node, generated, rng);
  if (place.rating) {
    node["aggregateRating"] = {{"@type", "AggregateRating"},
                               {"ratingValue", number(*place.rating, rng)},
                               {"bestRating", "5"},
                               {"reviewCount", *place.rating_count}};
  }
  if (!place.price_range.empty()) node["priceRange"] = place.price_range;
  if (!place.email.empty()) node["email"] = place.email;
  if (!place.website.empty()) node["url"] = place.website;
  if (!place.image.empty()) {
    if (rng.chance(0.5)) {
      node["image"] = {{"@type", "ImageObject"}, {"url", place.image}};
    } else {
      node["image"] = place.image;
    }
  }
  if (!place.same_as.empty()) node["sameAs"] = place.same_as;
  node["description"] = place.description;
  return node;
}

Json with_context(Json node) {
  Json object = {{"@context", "https://schema.org"}};
  object.update(node);
  return object;
}

std::string script(const Json& json, bool pretty) {
  return "<script type=\"application/ld+json\">\n" + json.dump(pretty ? 2 : -1) + "\n</script>\n";
}

std::string property(std::string_view name, std::string_view text) {
  return "<span itemprop=\"" + std::string(name) + "\">" + escape_html(text) + "</span>";
}

std::string meta_property(std::string_view name, std::string_view value) {
  return "<meta itemprop=\"" + std::string(name) + "\" content=\"" + escape_html(value) + "\">";
}

std::string item(std::string_view property_name, std::string_view type) {
  return "<div itemprop=\"" + std::string(property_name) +
         "\" itemscope itemtype=\"https://schema.org/" + std::string(type) + "\">";
}

std::string microdata_details(const GeneratedPlace& generated, Rng& rng) {
  const TruthPlace& place = generated.truth;
  std::string out;
  if (place.lat && place.lon) {
    out += item("geo", "GeoCoordinates") + meta_property("latitude", Json(*place.lat).dump()) +
           meta_property("longitude", Json(*place.lon).dump()) + "</div>\n";
  }
  if (!place.opening_hours.empty()) {
    for (const std::string& line : schema_hours(generated.week)) {
      out += "<time itemprop=\"openingHours\" datetime=\"" + line + "\">" + line + "</time>\n";
    }
  }
  if (place.rating) {
    out += item("aggregateRating", "AggregateRating") +
           property("ratingValue", Json(*place.rating).dump()) + " / " +
           property("bestRating", "5") + " (" +
           property("reviewCount", std::to_string(*place.rating_count)) + ")</div>\n";
  }
  if (!place.price_range.empty()) out += property("priceRange", place.price_range) + "\n";
  if (!place.email.empty()) out += meta_property("email", place.email) + "\n";
  if (!place.website.empty()) {
    out += "<a itemprop=\"url\" href=\"" + place.website + "\">" +
           (rng.chance(0.5) ? "Web" : escape_html(place.website)) + "</a>\n";
  }
  if (!place.image.empty()) {
    out += "<img itemprop=\"image\" src=\"" + place.image + "\" alt=\"\">\n";
  }
  for (const std::string& link : place.same_as) {
    out += "<link itemprop=\"sameAs\" href=\"" + link + "\">\n";
  }
  return out;
}

std::string microdata_item(const GeneratedPlace& generated, Rng& rng) {
  const TruthPlace& place = generated.truth;
  std::string out = "<section class=\"place\" itemscope itemtype=\"https://schema.org/" +
                    place.schema_type + "\">\n<h2 itemprop=\"name\">" + escape_html(place.name) +
                    "</h2>\n<p itemprop=\"description\">" + escape_html(place.description) +
                    "</p>\n";
  out += item("address", "PostalAddress") + "\n" + property("streetAddress", place.street_address) +
         "<br>\n" + property("postalCode", place.postcode) + " " +
         property("addressLocality", place.city) + " " + property("addressCountry", place.country) +
         "\n</div>\n";
  out += "<p>Tel. " + property("telephone", place.phone) + "</p>\n";
  return out + microdata_details(generated, rng) + "</section>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string json_ld(const std::vector<GeneratedPlace>& places, const std::string& page_url,
                    Rng& rng) {
  std::vector<Json> nodes;
  for (const GeneratedPlace& place : places) nodes.push_back(node_of(place, rng));
  const bool pretty = rng.chance(0.5);
  if (nodes.size() == 2) {
    nodes[0]["department"] = nodes[1];
    return script(with_context(nodes[0]), pretty);
  }
  std::string out;
  for (const Json& node : nodes) {
    switch (rng.below(3)) {
      case 0:
        out += script(with_context(node), pretty);
        break;
      case 1: {
        const Json web_page = {{"@type", "WebPage"}, {"@id", page_url}, {"name", node["name"]}};
        const Json home = {{"@type", "ListItem"}, {"position", 1}, {"name", "Start"}};
        const Json crumbs = {{"@type", "BreadcrumbList"}, {"itemListElement", Json::array({home})}};
        out += script(
            {{"@context", "https://schema.org"}, {"@graph", Json::array({web_page, crumbs, node})}},
            pretty);
        break;
      }
      default:
        out += script(Json::array({with_context({{"@type", "WebSite"}, {"url", page_url}}),
                                   with_context(node)}),
                      pretty);
        break;
    }
  }
  return out;
}

std::string microdata(const std::vector<GeneratedPlace>& places, Rng& rng) {
  std::string out;
  for (const GeneratedPlace& place : places) out += microdata_item(place, rng);
  return out;
}

std::string h_cards(const std::vector<GeneratedPlace>& places) {
  std::string out;
  const auto add = [&out](const char* element, const char* name, std::string_view text) {
    out += std::string("<") + element + " class=\"" + name + "\">" + escape_html(text) + "</" +
           element + ">\n";
  };
  for (const GeneratedPlace& generated : places) {
    const TruthPlace& place = generated.truth;
    out += "<section class=\"place h-card\">\n";
    add("h2", "p-name", place.name);
    add("p", "p-note", place.description);
    out += "<p class=\"p-adr h-adr\">\n";
    add("span", "p-street-address", place.street_address);
    add("span", "p-postal-code", place.postcode);
    add("span", "p-locality", place.city);
    add("span", "p-country-name", place.country);
    out += "</p>\n<p>Tel. ";
    add("span", "p-tel", place.phone);
    out += "</p>\n<p class=\"p-geo h-geo\">\n";
    add("span", "p-latitude", Json(*place.lat).dump());
    add("span", "p-longitude", Json(*place.lon).dump());
    out += "</p>\n";
    if (!place.website.empty()) {
      out += "<a class=\"u-url\" href=\"" + place.website + "\">Web</a>\n";
    }
    out += "</section>\n";
  }
  return out;
}

std::string plain_card(const GeneratedPlace& generated) {
  const TruthPlace& place = generated.truth;
  return "<section class=\"place\">\n<h2>" + escape_html(place.name) + "</h2>\n<p>" +
         escape_html(place.description) + "</p>\n<p>" + escape_html(place.street_address) + ", " +
         escape_html(place.postcode) + " " + escape_html(place.city) + "</p>\n<p>Tel. " +
         escape_html(place.phone) + "</p>\n</section>\n";
}

}  // namespace placer::web
