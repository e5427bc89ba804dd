// How to reach a place: telephone, e-mail, website, social networks, pictures.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/frontier/url.h"
#include "scraper/place/phone.h"

namespace placer {

// An absolute http(s) URL. "www.example.org" gets a scheme; anything else resolves against `base`
// (may be null).
std::optional<std::string> web_url(std::string_view written, const Url* base);

// The first value of a property that is one; objects give their contentUrl, url or @id.
std::optional<std::string> first_web_url(const nlohmann::json& node, std::string_view property,
                                         const Url* base);

// "mailto:Ann@Example.ORG?subject=x" -> "Ann@example.org". Nothing unless it looks like an address
// that can be reached; obfuscated ones ("ann at example") are not.
std::optional<std::string> email_address(std::string_view written);
std::optional<std::string> email_of(const nlohmann::json& fields);  // own, else a contact point's

// telephone, else the contact points', else the location's; then faxNumber.
std::vector<Phone> phones_of(const nlohmann::json& fields, std::string_view region);

// The network on which `url` is someone's profile: "facebook"; nothing for other sites, a network's
// front page, its sharing forms and its posts.
std::optional<std::string_view> profile_network(std::string_view url);

// "sameAs" by network: {"facebook": "https://..."}; the first of each. Links to a network's front
// page or sharing form are left out. Null when there are none.
nlohmann::json socials_of(const nlohmann::json& fields, const Url* base);

}  // namespace placer
