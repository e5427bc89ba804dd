#include "scraper/place/identity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>

#include "scraper/frontier/url.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr char kSeparator = '\x1F';  // in no field: they hold no control characters

std::string host_of(std::string_view url) {
  const auto parsed = Url::parse(url);
  if (!parsed) return {};
  std::string_view host = parsed->host();
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

// Host, path and query; of a front page only the host.
std::string location_of(std::string_view url) {
  std::string out = host_of(url);
  const auto parsed = Url::parse(url);
  if (!parsed) return out;
  std::string_view path = parsed->path();
  while (path.ends_with('/')) path.remove_suffix(1);
  out += path;
  if (!parsed->query().empty()) out += '?' + std::string(parsed->query());
  return out;
}

// Words in a fixed order: "12 Main St" and "Main St 12" are one address.
std::string sorted_words(std::string_view text) {
  const std::string flat = folded(text);
  auto words = split_any(flat, " ");
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

// The postcode, else the city; empty when neither is known.
std::string locality(const Place& place) {
  std::string where =
      folded(place.addr_postcode ? *place.addr_postcode : place.addr_city.value_or(""));
  std::erase(where, ' ');
  return where;
}

std::string address_evidence(const Place& place, std::string_view page_url) {
  if (place.addr_street) {
    const std::string street =
        sorted_words(*place.addr_street + ' ' + place.addr_housenumber.value_or("") + ' ' +
                     place.addr_unit.value_or(""));
    std::string where = locality(place);
    if (where.empty()) where = "//" + host_of(page_url);
    if (!street.empty()) return street + kSeparator + where;
  }
  // Parts without a street ("Berlin") fit many branches.
  const bool parts = place.addr_city || place.addr_postcode || place.addr_state;
  if (place.addr_full && !parts) return folded(*place.addr_full);
  return {};
}

std::string evidence(const Place& place, std::string_view page_url) {
  const auto tagged = [](char kind, const std::string& text) {
    return std::string(1, kind) + kSeparator + text;
  };
  if (const auto address = address_evidence(place, page_url); !address.empty()) {
    return tagged('a', address);
  }
  if (place.lat && place.lon) {
    return tagged(
        'c', fmt::format("{},{}", std::llround(*place.lat * 1e4), std::llround(*place.lon * 1e4)));
  }
  if (place.phone) return tagged('t', place.phone->substr(0, place.phone->find(';')));
  if (place.ref) return tagged('r', host_of(page_url) + kSeparator + *place.ref);
  const std::string where = locality(place);
  if (place.website) return tagged('w', location_of(*place.website) + kSeparator + where);
  if (place.name) return tagged('w', host_of(page_url) + kSeparator + where);
  return tagged('p', std::string(page_url));
}

}  // namespace

std::string identity_key(const Place& place, std::string_view page_url) {
  std::string name = folded(place.name.value_or(""));
  if (name.empty()) name = lower_ascii(place.name.value_or(""));  // "!!!" is a name too
  return name + kSeparator + evidence(place, page_url);
}

std::uint64_t place_id_of(std::string_view identity_key) {
  constexpr unsigned kBits = 53;
  const std::uint64_t hash = XXH3_64bits(identity_key.data(), identity_key.size());
  const std::uint64_t id = (hash ^ (hash >> kBits)) & ((std::uint64_t{1} << kBits) - 1);
  return id == 0 ? 1 : id;
}

double completeness(const Place& place) {
  const bool present[] = {place.name.has_value(),
                          place.category.has_value(),
                          place.addr_street || place.addr_full,
                          place.addr_city.has_value(),
                          place.addr_postcode.has_value(),
                          place.addr_country.has_value(),
                          place.lat && place.lon,
                          place.phone.has_value(),
                          place.website.has_value(),
                          place.opening_hours.has_value()};
  const auto count = std::count(std::begin(present), std::end(present), true);
  return static_cast<double>(count) / static_cast<double>(std::size(present));
}

}  // namespace placer
