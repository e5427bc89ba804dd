#include "scraper/extract/microformats/place.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/ascii.h"
#include "scraper/extract/microformats/contact.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::uint32_t kNoItem = MicroformatProperty::kNoItem;
constexpr std::size_t kMostValues = 16;   // of one property
constexpr std::size_t kLongest = 4000;    // bytes of one value
constexpr std::size_t kMostNested = 100;  // items within an item that are looked at

using ascii::is_one_of;

std::string_view cut(std::string_view text) {
  std::size_t size = std::min(text.size(), kLongest);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;
  return text.substr(0, size);
}

// An image without a text in place of a name leaves its URL.
bool is_web_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::vector<std::string> values_of(const MicroformatItem& item, std::string_view name) {
  std::vector<std::string> values;
  for (const MicroformatProperty& property : item.properties) {
    if (property.name != name || values.size() == kMostValues) continue;
    const std::string_view value = ascii::trim(property.value);
    if (!value.empty()) values.emplace_back(cut(value));
  }
  return values;
}

// One value bare, several in an array.
void put(json& fields, const char* name, std::vector<std::string> values) {
  if (values.empty()) return;
  fields[name] = values.size() == 1 ? json(std::move(values[0])) : json(std::move(values));
}

bool has_digit(std::string_view text) { return std::ranges::any_of(text, ascii::is_digit); }

bool is_number(std::string_view text) {
  return !text.empty() && has_digit(text) &&
         text.find_first_not_of("0123456789.,+-") == std::string_view::npos;
}

bool has_any(const MicroformatItem& item, std::span<const std::string_view> names) {
  return std::ranges::any_of(item.properties, [&](const MicroformatProperty& property) {
    return std::ranges::find(names, property.name) != names.end() &&
           !ascii::trim(property.value).empty();
  });
}

constexpr std::string_view kPersonal[] = {"given-name",       "family-name", "additional-name",
                                          "honorific-prefix", "bday",        "job-title"};
constexpr std::string_view kTelephone[] = {"tel"};
constexpr std::string_view kAddressParts[] = {
    "street-address", "extended-address", "post-office-box", "locality",
    "region",         "postal-code",      "country-name"};

// "51.5;-0.1", "geo:51.5,-0.1;u=40", "51,5;-0,1", "51.5 -0.1": latitude and longitude as written.
std::optional<std::pair<std::string, std::string>> coordinates_in(std::string_view text) {
  if (text.starts_with("geo:")) text.remove_prefix(4);
  for (const std::string_view separators : {";", ",;", " \t\n"}) {
    std::string_view rest = ascii::trim(text);
    const std::string_view latitude = ascii::next_piece(rest, separators);
    const std::string_view longitude = ascii::next_piece(rest, separators);
    if (is_number(latitude) && is_number(longitude)) {
      return std::pair(std::string(latitude), std::string(longitude));
    }
  }
  return std::nullopt;
}

bool is_located(const MicroformatItem& item) {
  return item.is("h-card") || item.is("h-adr") || item.is("h-geo");
}

// Reads one item as a place.
class PlaceReader {
 public:
  PlaceReader(const MicroformatItems& items, const MicroformatItem& item)
      : items_(items), item_(item) {}

  std::optional<json> read() {
    const bool inner = !item_.is("h-card") && item_.parent != kNoItem;
    if (inner && is_located(items_.all()[item_.parent])) return std::nullopt;
    read_names();
    if (name_.empty()) return std::nullopt;
    for (const MicroformatItem* part : parts()) read_location(*part);
    if (!is_place()) return std::nullopt;
    json fields = {{"@type", json::array({organization_ ? "LocalBusiness" : "Place"})},
                   {"name", name_}};
    if (addresses_.size() == 1) fields["address"] = std::move(addresses_[0]);
    if (addresses_.size() > 1) fields["address"] = std::move(addresses_);
    if (!geo_.is_null()) fields["geo"] = std::move(geo_);
    add_contact(item_, fields);
    add_texts(fields);
    add_rating(fields);
    return fields;
  }

 private:
  void read_names() {
    std::vector<std::string> names;
    bool person = false;
    for (const MicroformatProperty& property : item_.properties) {
      // What an h-adr or h-geo implies is its text, which is no name.
      const bool stated = property.element && !is_web_url(property.value);
      if (property.name != "name" || !stated || ascii::trim(property.value).empty()) continue;
      names.emplace_back(cut(ascii::trim(property.value)));
      person = person || has_class(property.element, "n");
    }
    if (!names.empty()) name_ = names[0];
    if (!item_.is("h-card")) return;
    std::vector<std::string> organizations = values_of(item_, "organization-name");
    std::ranges::move(values_of(item_, "org"), std::back_inserter(organizations));
    organization_ = std::ranges::any_of(organizations, [this](const std::string& text) {
      return ascii::equals_ignoring_case(text, name_);
    });
    person = person || has_any(item_, kPersonal);
    if (organization_ || organizations.empty() || (!name_.empty() && !person)) return;
    name_ = organizations[0];
  }

  // The item, the addresses and coordinates it contains, and what those contain.
  std::vector<const MicroformatItem*> parts() const {
    std::vector<const MicroformatItem*> found = {&item_};
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const std::uint32_t index : nested_in(*found[i])) {
        const MicroformatItem& inner = items_.all()[index];
        const bool part = is_located(inner) && !inner.is("h-card");
        if (part && found.size() < kMostNested) found.push_back(&inner);
      }
    }
    return found;
  }

  static std::vector<std::uint32_t> nested_in(const MicroformatItem& item) {
    std::vector<std::uint32_t> nested;
    for (const MicroformatProperty& property : item.properties) {
      const bool known = !nested.empty() && nested.back() == property.item;
      if (property.item != kNoItem && !known) nested.push_back(property.item);
    }
    nested.insert(nested.end(), item.children.begin(), item.children.end());
    return nested;
  }

  void read_location(const MicroformatItem& part) {
    if (!part.is("h-geo") || &part == &item_) read_address(part);
    if (!geo_.is_null()) return;
    const auto latitudes = values_of(part, "latitude");
    const auto longitudes = values_of(part, "longitude");
    if (!latitudes.empty() && !longitudes.empty()) {
      set_geo(latitudes[0], longitudes[0]);
      return;
    }
    std::vector<std::string> texts = values_of(part, "geo");
    if (part.is("h-geo")) std::ranges::move(values_of(part, "name"), std::back_inserter(texts));
    for (const std::string& text : texts) {
      const auto found = coordinates_in(text);
      if (found && geo_.is_null()) set_geo(found->first, found->second);
    }
  }

  void set_geo(const std::string& latitude, const std::string& longitude) {
    geo_ = {{"@type", "GeoCoordinates"}, {"latitude", latitude}, {"longitude", longitude}};
  }

  void read_address(const MicroformatItem& part) {
    json address = json::object();
    std::vector<std::string> street = values_of(part, "street-address");
    street_ = street_ || !street.empty();
    std::ranges::move(values_of(part, "extended-address"), std::back_inserter(street));
    put(address, "streetAddress", std::move(street));
    put(address, "postOfficeBoxNumber", values_of(part, "post-office-box"));
    put(address, "addressLocality", values_of(part, "locality"));
    put(address, "addressRegion", values_of(part, "region"));
    put(address, "postalCode", values_of(part, "postal-code"));
    put(address, "addressCountry", values_of(part, "country-name"));
    if (!address.empty()) {
      address["@type"] = "PostalAddress";
      addresses_.push_back(std::move(address));
      return;
    }
    for (const char* property : {"adr", "label"}) read_plain_address(part, property);
    if (&part != &item_) add_plain_address(first_of(part, "name"));
  }

  // Addresses in one piece; those of items that state parts are read by their parts.
  void read_plain_address(const MicroformatItem& part, std::string_view name) {
    for (const MicroformatProperty& property : part.properties) {
      if (property.name != name) continue;
      const bool in_parts =
          property.item != kNoItem && has_any(items_.all()[property.item], kAddressParts);
      if (!in_parts) add_plain_address(property.value);
    }
  }

  // A street has a number, a town alone has none.
  void add_plain_address(std::string_view written) {
    const std::string_view text = cut(ascii::trim(written));
    if (text.empty() || !has_digit(text) || addresses_.size() >= kMostValues) return;
    if (std::ranges::find(addresses_, json(text)) == addresses_.end()) {
      addresses_.emplace_back(text);
    }
    street_ = true;
  }

  static std::string first_of(const MicroformatItem& item, std::string_view name) {
    std::vector<std::string> values = values_of(item, name);
    return values.empty() ? std::string() : std::move(values[0]);
  }

  bool is_place() const {
    if (organization_) return !addresses_.empty() || !geo_.is_null() || has_any(item_, kTelephone);
    if (is_one_of(item_.role,
                  {"attendee", "author", "contact", "invitee", "organizer", "reviewer"}))
      return false;
    return street_ || !geo_.is_null();
  }

  void add_texts(json& fields) const {
    put(fields, "description", values_of(item_, "note"));
    put(fields, "keywords", values_of(item_, "category"));
    put(fields, "image", values_of(item_, "photo"));
    put(fields, "logo", values_of(item_, "logo"));
    for (const char* name : {"hours", "opening-hours", "business-hours"}) {
      if (!fields.contains("openingHours")) put(fields, "openingHours", values_of(item_, name));
    }
  }

  // Of the review aggregate that this is the item of, or that stands in it and has no other.
  void add_rating(json& fields) const {
    const MicroformatItem* aggregate = nullptr;
    if (item_.parent != kNoItem && item_.role == "item") {
      const MicroformatItem& around = items_.all()[item_.parent];
      if (around.is("h-review-aggregate")) aggregate = &around;
    }
    for (const std::uint32_t child : item_.children) {
      const MicroformatItem& within = items_.all()[child];
      const bool own = within.is("h-review-aggregate") && first_of(within, "item").empty();
      if (aggregate == nullptr && own) aggregate = &within;
    }
    if (aggregate == nullptr) return;
    json rating = {{"@type", "AggregateRating"}};
    const std::string average = first_of(*aggregate, "average");
    const std::string value = average.empty() ? first_of(*aggregate, "rating") : average;
    if (value.empty()) return;
    rating["ratingValue"] = value;
    put(rating, "bestRating", values_of(*aggregate, "best"));
    put(rating, "worstRating", values_of(*aggregate, "worst"));
    put(rating, "ratingCount", values_of(*aggregate, "votes"));
    put(rating, "reviewCount", values_of(*aggregate, "count"));
    fields["aggregateRating"] = std::move(rating);
  }

  const MicroformatItems& items_;
  const MicroformatItem& item_;
  std::string name_;
  bool organization_ = false;  // the name is the organization's
  bool street_ = false;        // an address that finds a building
  std::vector<json> addresses_;
  json geo_;
};

}  // namespace

std::optional<json> microformat_place(const MicroformatItems& items, std::uint32_t index) {
  return PlaceReader(items, items.all()[index]).read();
}

}  // namespace placer
