#include "scraper/place/clean.h"

#include <algorithm>
#include <cmath>

#include "scraper/extract/schema/types.h"
#include "scraper/frontier/url.h"
#include "scraper/place/address.h"
#include "scraper/place/category.h"
#include "scraper/place/contact.h"
#include "scraper/place/country.h"
#include "scraper/place/country_area.h"
#include "scraper/place/hours.h"
#include "scraper/place/stated_columns.h"
#include "scraper/place/tags.h"
#include "scraper/place/text.h"
#include "scraper/place/values.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestDescription = 2000;  // bytes
constexpr std::size_t kLongestLine = 500;          // of every other text
constexpr double kUsualBestRating = 5;             // schema.org: "If bestRating is omitted, 5"

// Cleans one place. Holds what every field needs, for the time of one call.
class Cleaner {
 public:
  Cleaner(const json& fields, const CleanContext& context)
      : fields_(fields), language_(context.language), page_(Url::parse(context.page_url)) {}

  Place place() {
    types();
    names();
    ref();
    fill_address(fields_, place_);
    coordinates();
    contacts();
    if (const auto hours = hours_from_schema(fields_); hours && !hours->osm.empty()) {
      place_.opening_hours = hours->osm;
    }
    rating();
    place_.price_range = line("priceRange");
    if (auto text = first_text(fields_, "description", language_)) {
      place_.description = shortened(std::move(*text), kLongestDescription);
    }
    status();
    apply_stated_columns(fields_, place_, tags_);
    if (!tags_.empty()) place_.tags = compact_json(tags_);
    return std::move(place_);
  }

 private:
  const Url* base() const { return page_ ? &*page_ : nullptr; }
  std::string_view page_host() const { return page_ ? page_->host() : std::string_view{}; }

  std::optional<std::string> line(std::string_view property) const {
    auto text = first_name(fields_, property, language_);
    if (text) *text = shortened(std::move(*text), kLongestLine);
    return text;
  }

  void types() {
    std::vector<std::string> names;
    for (const json* value : values_of(fields_, "@type")) {
      if (const auto text = text_of(*value)) names.push_back(bare_type_name(*text));
    }
    const std::string_view type = most_specific_type(names);
    if (!type.empty()) {
      place_.schema_type = std::string(type);
    } else if (!names.empty()) {
      place_.schema_type = shortened(names[0], kLongestLine);
    }
    place_.category = category_of(names);
  }

  void names() {
    place_.name = line("name");
    place_.brand = line("brand");
    if (!place_.name) place_.name = line("legalName");
    if (!place_.name || !place_.brand || !place_.name->starts_with(*place_.brand)) return;
    const std::string_view rest = std::string_view(*place_.name).substr(place_.brand->size());
    for (const std::string_view dash : {" - ", " – ", " — ", " | "}) {
      if (rest.starts_with(dash) && rest.size() > dash.size()) {
        place_.branch = std::string(rest.substr(dash.size()));
      }
    }
  }

  void ref() {
    place_.ref = line("branchCode");
    if (place_.ref) return;
    for (const json* value : values_of(fields_, "identifier")) {
      auto text = text_of(*value);
      if (!text) text = first_text(*value, "value");  // PropertyValue
      if (!text) continue;
      place_.ref = shortened(std::move(*text), kLongestLine);
      return;
    }
    const auto id = first_text(fields_, "@id");
    if (!id || id->starts_with("_:")) return;
    const bool is_uri_of_its_own = id->starts_with("urn:") || id->starts_with("tag:");
    const auto url = is_uri_of_its_own ? std::nullopt : Url::parse(*id, base());
    if (url && page_ && url->href() == page_->href()) return;
    place_.ref = shortened(url ? url->href() : *id, kLongestLine);
  }

  void coordinates() {
    std::vector<const json*> nodes = values_of(fields_, "geo");
    nodes.push_back(&fields_);
    for (const json* location : values_of(fields_, "location")) {
      const auto inner = values_of(*location, "geo");
      nodes.insert(nodes.end(), inner.begin(), inner.end());
      nodes.push_back(location);
    }
    for (const json* node : nodes) {
      const auto latitude = values_of(*node, "latitude");
      const auto longitude = values_of(*node, "longitude");
      if (latitude.empty() || longitude.empty()) continue;
      const auto lat = number_of(*latitude[0]);
      const auto lon = number_of(*longitude[0]);
      if (lat && lon && set_coordinates(*lat, *lon)) return;
    }
  }

  bool set_coordinates(double lat, double lon) {
    const auto valid = [](double y, double x) { return std::abs(y) <= 90 && std::abs(x) <= 180; };
    if (lat == 0 && lon == 0) return false;
    if (!valid(lat, lon)) {
      if (!valid(lon, lat)) return false;
      std::swap(lat, lon);
    }
    place_.lat = lat;
    place_.lon = lon;
    return true;
  }

  void contacts() {
    tags_ = tags_of(fields_, base());
    check_position(place_, tags_);
    place_.website = first_web_url(fields_, "url", base());
    place_.email = email_of(fields_);
    place_.image = first_web_url(fields_, "image", base());
    if (!place_.image) place_.image = first_web_url(fields_, "photo", base());
    if (const json socials = socials_of(fields_, base()); !socials.empty()) {
      place_.socials = compact_json(socials);
    }
    const auto website = place_.website ? Url::parse(*place_.website) : std::nullopt;
    const std::string country =
        likely_country(place_, page_host(), website ? website->host() : std::string_view{});
    const bool has_address = place_.addr_full || place_.addr_city || place_.addr_street;
    if (has_address && !country.empty()) place_.addr_country = country;
    phones(country);
  }

  void phones(const std::string& country) {
    const auto append = [](std::string& list, const std::string& text) {
      list += (list.empty() ? "" : ";") + text;
    };
    std::string voice;
    std::string fax;
    std::string extensions;
    for (const Phone& phone : phones_of(fields_, country)) {
      append(phone.fax ? fax : voice, phone.e164);
      if (!phone.fax && !phone.extension.empty()) append(extensions, phone.extension);
    }
    if (!voice.empty()) place_.phone = voice;
    if (!fax.empty()) tags_["fax"] = fax;
    if (!extensions.empty()) tags_["phone:extension"] = extensions;
  }

  void rating() {
    for (const json* node : values_of(fields_, "aggregateRating")) {
      const auto value = first_number(*node, "ratingValue");
      if (!value) continue;
      const double best = first_number(*node, "bestRating").value_or(kUsualBestRating);
      const double worst = first_number(*node, "worstRating").value_or(std::min(1.0, best));
      const auto count = rating_count(*node);
      if (best <= 0 || *value > best || *value < worst || count == 0) continue;
      place_.rating = value;
      place_.rating_scale = best;
      place_.rating_count = count;
      return;
    }
  }

  static std::optional<double> first_number(const json& node, std::string_view property) {
    for (const json* value : values_of(node, property)) {
      if (const auto number = number_of(*value)) return number;
    }
    return std::nullopt;
  }

  static std::optional<std::int64_t> rating_count(const json& node) {
    for (const char* property : {"ratingCount", "reviewCount"}) {
      for (const json* value : values_of(node, property)) {
        const auto text = text_of(*value);
        if (const auto count = text ? parse_count(*text) : std::nullopt) return count;
      }
    }
    return std::nullopt;
  }

  // "businessStatus" is Google's word for it; schema.org knows only the end of an organization.
  void status() {
    const auto text = first_text(fields_, "businessStatus");
    const std::string word = text ? lower_ascii(*text) : std::string();
    if (word == "operational") place_.operating_status = "open";
    if (word == "closed_temporarily") place_.operating_status = "temporarily_closed";
    if (word == "closed_permanently") place_.operating_status = "permanently_closed";
    if (first_text(fields_, "dissolutionDate")) place_.operating_status = "permanently_closed";
  }

  const json& fields_;
  std::string_view language_;
  std::optional<Url> page_;
  Place place_;
  json tags_;
};

}  // namespace

Observation clean(const RawPlace& raw, std::string_view format, const CleanContext& context) {
  Observation observation;
  observation.format = format;
  observation.path = one_line(raw.path);
  observation.raw = compact_json(raw.fields);
  observation.place = Cleaner(raw.fields, context).place();
  return observation;
}

}  // namespace placer
