#include "scraper/extract/opengraph/place.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/opengraph/title.h"
#include "scraper/extract/schema/types.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxImages = 10;
constexpr std::size_t kMaxProfiles = 20;
constexpr std::size_t kMaxHours = 50;

enum class Subject : std::uint8_t { kPlace, kOrganization, kSite, kOther };

struct PageType {
  Subject subject = Subject::kOther;
  std::string schema_type;
};

constexpr std::pair<std::string_view, std::string_view> kPlaceTypes[] = {
    {"attraction", "TouristAttraction"},
    {"bar", "BarOrPub"},
    {"business", "LocalBusiness"},
    {"cafe", "CafeOrCoffeeShop"},
    {"hostel", "Hostel"},
    {"landmark", "LandmarksOrHistoricalBuildings"},
    {"location", "Place"},
    {"place", "Place"},
    {"pub", "BarOrPub"},
    {"shop", "Store"},
    {"spa", "DaySpa"},
    {"university", "CollegeOrUniversity"},
    {"venue", "Place"},
};

template <std::size_t size>
bool is_one_of(std::string_view name, const std::string_view (&names)[size]) {
  return std::ranges::find(names, name) != std::end(names);
}

// Is `name` a type of schema.org's that one goes to? Cities and flats are not.
bool is_destination(std::string_view name) {
  return is_place_type(name) && !is_schema_subtype(name, "AdministrativeArea") &&
         !is_schema_subtype(name, "Accommodation");
}

// og:type as written: "restaurant", "restaurant.restaurant", "yelpyelp:business".
PageType page_type(std::string_view written) {
  constexpr std::size_t kLongest = 64;
  if (written.size() > kLongest) return {};
  const std::string type = ascii::lower_case(written);
  const std::size_t split = type.find_last_of(".:");
  const std::string_view whole = type;
  const std::string_view prefix = whole.substr(0, split == std::string::npos ? 0 : split);
  std::string name(whole.substr(split == std::string::npos ? 0 : split + 1));
  constexpr std::string_view kSites[] = {"", "website", "blog", "object"};
  constexpr std::string_view kOthers[] = {"article", "book",    "event", "music",
                                          "product", "profile", "video"};
  constexpr std::string_view kOrganizations[] = {"company", "government", "non_profit",
                                                 "organisation", "organization"};
  if (is_one_of(name, kSites) || prefix == "website") return {Subject::kSite, "Place"};
  if (is_one_of(prefix, kOthers)) return {};
  if (is_one_of(name, kOrganizations)) return {Subject::kOrganization, "LocalBusiness"};
  const auto* const known =
      std::ranges::find(kPlaceTypes, name, [](const auto& row) { return row.first; });
  if (known != std::end(kPlaceTypes)) return {Subject::kPlace, std::string(known->second)};
  std::erase(name, '_');
  if (!is_destination(name)) return {};
  return {Subject::kPlace, bare_type_name(name)};
}

struct Coordinates {
  std::string_view latitude;
  std::string_view longitude;
};

// A number with at most one sign and one decimal mark; 0 stands for none.
bool is_coordinate(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text.find_first_of("123456789") != std::string_view::npos &&
         text.find_first_not_of("0123456789.,") == std::string_view::npos &&
         std::ranges::count_if(text, [](char c) { return c == '.' || c == ','; }) <= 1;
}

// "52.5;13.4", "52.5, 13.4", "52,5; 13,4", "52.5 13.4".
std::optional<Coordinates> read_position(std::string_view text) {
  for (const std::string_view separator : {";", ",", " "}) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) continue;
    const Coordinates found{ascii::trim(text.substr(0, at)), ascii::trim(text.substr(at + 1))};
    if (is_coordinate(found.latitude) && is_coordinate(found.longitude)) return found;
  }
  return std::nullopt;
}

class MetaPlace {
 public:
  MetaPlace(const NamedMetas& metas, const Page& page)
      : metas_(metas), page_(page), type_(page_type(metas.first("og:type"))) {}

  json read();

 private:
  // Where metas of a contact stand, from the most to the least explicit.
  static constexpr std::string_view kContacts[] = {"business:contact_data:",
                                                   "restaurant:contact_info:",
                                                   "place:contact_data:",
                                                   "place:contact_info:",
                                                   "hotel:contact_info:",
                                                   "business:",
                                                   "restaurant:",
                                                   "place:"};

  void read_contact();
  void read_geo();
  bool is_place() const;
  void add_identity();
  void add_address();
  void add_contact();
  void add_geo_region(json& address) const;
  void add_hours();
  void add_rest();
  void put(const char* property, std::string_view text);
  void put_all(const char* property, const std::vector<std::string_view>& texts, std::size_t most);
  std::string_view contact(std::initializer_list<std::string_view> keys);
  std::string_view value(std::initializer_list<std::string_view> keys);

  const NamedMetas& metas_;
  const Page& page_;
  PageType type_;
  json place_ = json::object();
  std::string_view street_, locality_, region_, postcode_, country_, phone_;
  bool has_contact_ = false;  // of a business, a restaurant, a place by name
  bool is_plain_ = false;     // the address stands in metas of plain names
  std::optional<Coordinates> coordinates_;
  std::optional<Coordinates> geo_;
};

std::string_view MetaPlace::contact(std::initializer_list<std::string_view> keys) {
  for (const std::string_view prefix : kContacts) {
    for (const std::string_view key : keys) {
      const std::string_view found = metas_.first(std::string(prefix).append(key));
      if (!found.empty()) return found;
    }
  }
  return {};
}

std::string_view MetaPlace::value(std::initializer_list<std::string_view> keys) {
  const std::string_view found = contact(keys);
  if (!found.empty()) return found;
  for (const std::string_view prefix : {"og:", is_plain_ ? "" : "og:"}) {
    for (const std::string_view key : keys) {
      const std::string_view old = metas_.first(std::string(prefix).append(key));
      if (!old.empty()) return old;
    }
  }
  return {};
}

void MetaPlace::read_contact() {
  is_plain_ = geo_ && !metas_.first("street_address").empty() &&
              (!metas_.first("locality").empty() || !metas_.first("postal_code").empty());
  street_ = value({"street_address"});
  locality_ = value({"locality"});
  region_ = value({"region"});
  postcode_ = value({"postal_code"});
  country_ = value({"country_name", "country"});
  phone_ = value({"phone_number", "phone", "telephone"});
  has_contact_ = !contact({"street_address", "locality", "postal_code", "phone_number"}).empty();
}

void MetaPlace::read_geo() {
  for (const std::string_view prefix :
       {"place:location:", "business:location:", "restaurant:location:", "hotel:location:",
        "place:", "og:location:", "og:"}) {
    const Coordinates found{metas_.first(std::string(prefix) + "latitude"),
                            metas_.first(std::string(prefix) + "longitude")};
    if (coordinates_ || !is_coordinate(found.latitude) || !is_coordinate(found.longitude)) continue;
    coordinates_ = found;
  }
  for (const std::string_view name : {"geo.position", "icbm"}) {
    if (!geo_) geo_ = read_position(metas_.first(name));
  }
}

bool MetaPlace::is_place() const {
  switch (type_.subject) {
    case Subject::kPlace:
      return true;
    case Subject::kOrganization:
      return !street_.empty() || coordinates_;
    case Subject::kSite:
      return !street_.empty() || coordinates_ ||
             (has_contact_ && (!locality_.empty() || !postcode_.empty()));
    case Subject::kOther:
      return has_contact_ && !street_.empty() && !metas_.first("og:site_name").empty();
  }
  return false;
}

json MetaPlace::read() {
  read_geo();
  read_contact();
  if (!is_place()) return {};
  const bool is_business = has_contact_ || !phone_.empty();
  if (type_.subject == Subject::kOther || (type_.schema_type == "Place" && is_business)) {
    const bool eats = !metas_.first("restaurant:contact_info:street_address").empty();
    type_.schema_type = eats ? "Restaurant" : "LocalBusiness";
  }
  place_["@type"] = type_.schema_type;
  add_identity();
  add_address();
  add_contact();
  add_hours();
  add_rest();
  const bool located = place_.contains("address") || place_.contains("geo");
  if (!located && !place_.contains("name")) return {};
  return std::move(place_);
}

void MetaPlace::add_identity() {
  const std::string_view site = metas_.first("og:site_name");
  if (type_.subject == Subject::kOther) return put("name", site);
  std::string_view title = metas_.first("og:title");
  if (title.empty()) title = metas_.first("dc.title");
  if (title.empty()) title = page_.facts().title;
  const auto url = Url::parse(page_.url());
  put("name", name_in_title(title, site, url && url->path() == "/"));
  put("description", metas_.first("og:description"));
  std::vector<std::string_view> images = metas_.each("og:image");
  for (const std::string_view image : metas_.each("og:image:url")) images.push_back(image);
  put_all("image", images, kMaxImages);
  put("url", metas_.first("og:url"));
}

void MetaPlace::add_address() {
  json address = json::object();
  const std::pair<const char*, std::string_view> parts[] = {{"streetAddress", street_},
                                                            {"addressLocality", locality_},
                                                            {"addressRegion", region_},
                                                            {"postalCode", postcode_},
                                                            {"addressCountry", country_}};
  for (const auto& [property, part] : parts) {
    if (!part.empty()) address[property] = std::string(part);
  }
  const bool is_subject = type_.subject != Subject::kOther;  // of the page, and so of geo
  if (is_subject) add_geo_region(address);
  if (!address.empty()) {
    address["@type"] = "PostalAddress";
    place_["address"] = std::move(address);
  }
  const std::optional<Coordinates>& position = coordinates_ ? coordinates_ : geo_;
  if (is_subject && position) {
    place_["geo"] = {{"@type", "GeoCoordinates"},
                     {"latitude", std::string(position->latitude)},
                     {"longitude", std::string(position->longitude)}};
  }
}

// geo.region is an ISO 3166-2 code ("DE-BE"), or the country's alone; geo.placename a city, at
// best.
void MetaPlace::add_geo_region(json& address) const {
  std::string region(metas_.first("geo.region").substr(0, 64));
  std::ranges::transform(region, region.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const std::string_view code = region;
  const bool is_code = code.size() >= 2 && ascii::is_letter(code[0]) && ascii::is_letter(code[1]) &&
                       (code.size() == 2 || code[2] == '-');
  const bool same = country_.empty() || ascii::equals_ignoring_case(country_, code.substr(0, 2));
  if (is_code && country_.empty()) address["addressCountry"] = std::string(code.substr(0, 2));
  constexpr std::size_t kLongestCode = 6;  // "GB-ENG"; "DE-Bavaria" is no code of a region
  if (is_code && same && region_.empty() && code.size() > 3 && code.size() <= kLongestCode) {
    address["addressRegion"] = std::string(code.substr(3));
  }
  constexpr std::size_t kLongestCity = 60;
  const std::string_view place = metas_.first("geo.placename");
  if (!place.empty() && locality_.empty() && place.size() <= kLongestCity &&
      place.find_first_of(",;0123456789") == std::string_view::npos) {
    address["addressLocality"] = std::string(place);
  }
}

void MetaPlace::add_contact() {
  put("telephone", phone_);
  put("faxNumber", value({"fax_number"}));
  put("email", value({"email"}));
  const std::string_view website = contact({"website"});
  if (!website.empty()) put("url", website);
}

// business:hours:day, :start and :end come in threes, in lists of the same length, or as several
// days with one start and one end. Anything else says nothing certain.
void MetaPlace::add_hours() {
  const auto days = metas_.each("business:hours:day");
  const auto starts = metas_.each("business:hours:start");
  const auto ends = metas_.each("business:hours:end");
  const bool one_for_all = starts.size() == 1 && ends.size() == 1;
  const bool in_threes = starts.size() == days.size() && ends.size() == days.size();
  if (days.empty() || (!one_for_all && !in_threes)) return;
  json hours = json::array();
  for (std::size_t i = 0; i < std::min(days.size(), kMaxHours); ++i) {
    json names = json::array();
    std::string_view rest = days[i];
    while (!rest.empty() && names.size() < 7) {
      const std::string_view day = ascii::next_piece(rest, ",; ");
      if (!day.empty()) names.push_back(day);
    }
    hours.push_back({{"@type", "OpeningHoursSpecification"},
                     {"dayOfWeek", std::move(names)},
                     {"opens", starts[one_for_all ? 0 : i]},
                     {"closes", ends[one_for_all ? 0 : i]}});
  }
  place_["openingHoursSpecification"] = std::move(hours);
}

void MetaPlace::add_rest() {
  if (type_.subject == Subject::kOther) return;
  put_all("sameAs", metas_.each("og:see_also"), kMaxProfiles);
  put_all("servesCuisine", metas_.each("restaurant:category"), kMaxProfiles);
  put("hasMenu", metas_.first("restaurant:menu"));
  const std::string_view price = metas_.first("restaurant:price_rating");  // 1 to 4
  if (price.size() == 1 && price[0] >= '1' && price[0] <= '4') {
    place_["priceRange"] = std::string(static_cast<std::size_t>(price[0] - '0'), '$');
  }
  const std::string_view rating = metas_.first("og:rating");
  if (rating.empty()) return;
  json& stated = place_["aggregateRating"] = {{"ratingValue", rating}};
  const std::string_view scale = metas_.first("og:rating_scale");
  const std::string_view count = metas_.first("og:rating_count");
  if (!scale.empty()) stated["bestRating"] = scale;
  if (!count.empty()) stated["ratingCount"] = count;
}

void MetaPlace::put(const char* property, std::string_view text) {
  if (!text.empty()) place_[property] = std::string(text);
}

void MetaPlace::put_all(const char* property, const std::vector<std::string_view>& texts,
                        std::size_t most) {
  json list = json::array();
  for (const std::string_view text : texts) {
    if (list.size() < most && std::ranges::find(list, json(text)) == list.end()) {
      list.push_back(text);
    }
  }
  if (!list.empty()) place_[property] = std::move(list);
}

}  // namespace

json place_of_metas(const NamedMetas& metas, const Page& page) {
  return MetaPlace(metas, page).read();
}

}  // namespace placer
