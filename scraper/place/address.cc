#include "scraper/place/address.h"

#include <algorithm>
#include <vector>

#include "scraper/place/address_text.h"
#include "scraper/place/country.h"
#include "scraper/place/country_area.h"
#include "scraper/place/text.h"
#include "scraper/place/values.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestLine = 500;  // bytes

// What an address states, before it becomes fields.
struct AddressParts {
  std::optional<std::string> name, street, box, city, state, postcode, country_text;

  bool any() const { return street || box || city || state || postcode || country_text; }
};

// "Main St 1" of {"streetAddress": ["Main St 1", "Floor 2"]}, joined by commas.
std::optional<std::string> joined_text(const json& node, std::string_view property) {
  std::string out;
  for (const json* value : values_of(node, property)) {
    const auto text = text_of(*value);
    if (!text || out.size() > 500) continue;
    if (!out.empty()) out += ", ";
    out += *text;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

AddressParts parts_of(const json& address) {
  AddressParts parts;
  parts.name = first_text(address, "name");
  parts.street = joined_text(address, "streetAddress");
  parts.box = first_text(address, "postOfficeBoxNumber");
  parts.city = first_name(address, "addressLocality");
  parts.state = first_name(address, "addressRegion");
  parts.postcode = first_text(address, "postalCode");
  parts.country_text = first_name(address, "addressCountry");
  if (!parts.country_text) {
    for (const json* value : values_of(address, "addressCountry")) {
      if (!parts.country_text) parts.country_text = first_text(*value, "identifier");
      if (!parts.country_text) parts.country_text = first_text(*value, "@id");
    }
  }
  for (auto* part : {&parts.name, &parts.street, &parts.box, &parts.city, &parts.state,
                     &parts.postcode, &parts.country_text}) {
    if (*part) **part = shortened(std::move(**part), kLongestLine);
  }
  return parts;
}

// Where the postcode stands before the city.
bool postcode_first(std::string_view country) {
  constexpr std::string_view kAfter[] = {"US", "CA", "GB", "IE", "AU", "NZ", "IN", "ZA",
                                         "SG", "HK", "TW", "PH", "JP", "KR", "BR"};
  return !country.empty() &&
         std::find(std::begin(kAfter), std::end(kAfter), country) == std::end(kAfter);
}

std::string composed(const AddressParts& parts, const std::optional<std::string>& country) {
  std::vector<std::string> lines;
  const auto add = [&lines](const std::optional<std::string>& text) {
    if (text && (lines.empty() || lines.back() != *text)) lines.push_back(*text);
  };
  add(parts.street);
  if (!parts.street && parts.box) lines.push_back("PO Box " + *parts.box);
  if (postcode_first(country.value_or("")) && parts.postcode && parts.city) {
    lines.push_back(*parts.postcode + ' ' + *parts.city);
    add(parts.state);
  } else {
    add(parts.city);
    if (parts.state && parts.postcode) {
      lines.push_back(*parts.state + ' ' + *parts.postcode);
    } else {
      add(parts.state);
      add(parts.postcode);
    }
  }
  add(country ? country : parts.country_text);
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : ", ") + line;
  return out;
}

void fill_street(const std::string& written, Place& place) {
  StreetLine line = split_street(written, place.addr_country.value_or(""));
  place.addr_street = std::move(line.street);
  if (!line.housenumber.empty()) place.addr_housenumber = std::move(line.housenumber);
  if (!line.unit.empty()) place.addr_unit = std::move(line.unit);
}

// Splits an address in one line where that is sure.
void fill_line(const std::string& line, Place& place) {
  const auto written = split_address(line, place.addr_country.value_or(""));
  if (!written) return;
  if (!place.addr_country && !written->country.empty()) place.addr_country = written->country;
  place.addr_city = written->city;
  place.addr_postcode = written->postcode;
  if (!written->state.empty() && !place.addr_state) place.addr_state = written->state;
  fill_street(written->street, place);
}

void fill_parts(const AddressParts& parts, Place& place) {
  if (parts.country_text) place.addr_country = country_code(*parts.country_text);
  place.addr_city = parts.city;
  place.addr_state = parts.state;
  place.addr_postcode = parts.postcode;
  const auto stated_country = place.addr_country;
  if (parts.street) {
    fill_street(*parts.street, place);
    if (!parts.city && !parts.postcode) fill_line(*parts.street, place);
  }
  std::string full = composed(parts, stated_country);
  if (!full.empty()) place.addr_full = std::move(full);
}

// True when `value`, whose parts are known, is an address that says something.
bool fill_from_value(const json& value, const AddressParts& parts, Place& place) {
  if (value.is_object() && !value.contains("@value")) {
    if (parts.any()) {
      fill_parts(parts, place);
      return true;
    }
    place.addr_full = parts.name;
  } else if (value.is_string() || value.is_object()) {
    place.addr_full = text_of(value);
    if (place.addr_full) *place.addr_full = shortened(std::move(*place.addr_full), kLongestLine);
    if (place.addr_full) fill_line(*place.addr_full, place);
  }
  return place.addr_full.has_value();
}

}  // namespace

void fill_address(const json& fields, Place& place) {
  const json* text_only = nullptr;
  std::vector<const json*> candidates = values_of(fields, "address");
  for (const json* location : values_of(fields, "location")) {
    const auto inner = values_of(*location, "address");
    candidates.insert(candidates.end(), inner.begin(), inner.end());
    candidates.push_back(location);
  }
  for (const json* value : candidates) {
    const AddressParts parts = parts_of(*value);
    if (parts.any() && fill_from_value(*value, parts, place)) return;
    const bool is_address = !value->is_object() || value->contains("@value") ||
                            first_text(*value, "@type") == "PostalAddress";
    if (text_only == nullptr && is_address) text_only = value;
  }
  if (text_only != nullptr) fill_from_value(*text_only, parts_of(*text_only), place);
}

std::string likely_country(const Place& place, std::string_view page_host,
                           std::string_view website_host) {
  if (place.addr_country) return *place.addr_country;
  for (const std::string_view host : {website_host, page_host}) {
    const auto country = country_of_host(host);
    if (country && (!place.lat || !place.lon || may_be_in(*country, *place.lat, *place.lon))) {
      return *country;
    }
  }
  if (!place.lat || !place.lon) return {};
  return country_of_point(*place.lat, *place.lon).value_or("");
}

}  // namespace placer
