#include "scraper/place/tags.h"

#include <algorithm>
#include <vector>

#include "scraper/place/contact.h"
#include "scraper/place/text.h"
#include "scraper/place/values.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestTag = 255;    // OSM's own limit, in characters
constexpr std::size_t kLongestList = 1000;  // bytes of a list in one text

struct Meaning {
  std::string_view text;  // folded
  const char* key;
  const char* value = "yes";
};

constexpr Meaning kPayments[] = {
    {"cash", "payment:cash"},
    {"bargeld", "payment:cash"},
    {"bar", "payment:cash"},
    {"especes", "payment:cash"},
    {"efectivo", "payment:cash"},
    {"contanti", "payment:cash"},
    {"credit card", "payment:credit_cards"},
    {"credit cards", "payment:credit_cards"},
    {"creditcard", "payment:credit_cards"},
    {"kreditkarte", "payment:credit_cards"},
    {"kreditkarten", "payment:credit_cards"},
    {"all major credit cards", "payment:credit_cards"},
    {"major credit cards", "payment:credit_cards"},
    {"debit card", "payment:debit_cards"},
    {"debit cards", "payment:debit_cards"},
    {"debit", "payment:debit_cards"},
    {"visa", "payment:visa"},
    {"mastercard", "payment:mastercard"},
    {"master card", "payment:mastercard"},
    {"american express", "payment:american_express"},
    {"americanexpress", "payment:american_express"},
    {"amex", "payment:american_express"},
    {"discover", "payment:discover_card"},
    {"diners club", "payment:diners_club"},
    {"jcb", "payment:jcb"},
    {"maestro", "payment:maestro"},
    {"girocard", "payment:girocard"},
    {"ec karte", "payment:girocard"},
    {"paypal", "payment:paypal"},
    {"apple pay", "payment:apple_pay"},
    {"applepay", "payment:apple_pay"},
    {"google pay", "payment:google_pay"},
    {"googlepay", "payment:google_pay"},
    {"contactless", "payment:contactless"},
    {"check", "payment:cheque"},
    {"checks", "payment:cheque"},
    {"cheque", "payment:cheque"},
    {"cheques", "payment:cheque"},
    {"byinvoice", "payment:invoice"},
    {"invoice", "payment:invoice"},
    {"bitcoin", "payment:bitcoin"},
    {"cryptocurrency", "payment:cryptocurrencies"},
    {"twint", "payment:twint"},
    {"unionpay", "payment:unionpay"},
};

constexpr Meaning kFeatures[] = {
    {"wheelchair accessible", "wheelchair"},
    {"wheelchair accessibility", "wheelchair"},
    {"wheelchair access", "wheelchair"},
    {"wheelchair", "wheelchair"},
    {"rollstuhlgerecht", "wheelchair"},
    {"barrierefrei", "wheelchair"},
    {"wheelchair accessible entrance", "wheelchair"},
    {"wifi", "internet_access", "wlan"},
    {"wi fi", "internet_access", "wlan"},
    {"wlan", "internet_access", "wlan"},
    {"free wifi", "internet_access", "wlan"},
    {"free wi fi", "internet_access", "wlan"},
    {"outdoor seating", "outdoor_seating"},
    {"takeaway", "takeaway"},
    {"take away", "takeaway"},
    {"takeout", "takeaway"},
    {"take out", "takeaway"},
    {"delivery", "delivery"},
    {"drive through", "drive_through"},
    {"drive thru", "drive_through"},
    {"air conditioning", "air_conditioning"},
    {"toilets", "toilets"},
    {"restrooms", "toilets"},
    {"restroom", "toilets"},
    {"public restroom", "toilets"},
    {"baby changing", "changing_table"},
    {"changing table", "changing_table"},
    {"swimming pool", "swimming_pool"},
    {"live music", "live_music"},
    {"pets allowed", "dog"},
    {"dogs allowed", "dog"},
};

struct PlainTag {
  const char* property;
  const char* key;
};

// Text as it stands.
constexpr PlainTag kTexts[] = {
    {"alternateName", "alt_name"}, {"legalName", "official_name"},
    {"vatID", "ref:vatin"},        {"leiCode", "ref:LEI"},
    {"numberOfRooms", "rooms"},    {"maximumAttendeeCapacity", "capacity"},
};

// yes or no.
constexpr PlainTag kBooleans[] = {
    {"smokingAllowed", "smoking"},
    {"acceptsReservations", "reservation"},
    {"petsAllowed", "dog"},
    {"hasDriveThroughService", "drive_through"},
};

constexpr PlainTag kLinks[] = {
    {"hasMenu", "website:menu"},
    {"menu", "website:menu"},
};

template <std::size_t N>
const Meaning* meaning_of(const Meaning (&table)[N], std::string_view text) {
  const std::string key = folded(text);
  const Meaning* found = std::find_if(std::begin(table), std::end(table),
                                      [&](const Meaning& entry) { return entry.text == key; });
  return found == std::end(table) ? nullptr : found;
}

std::string_view list_of(std::string_view text) { return text.substr(0, kLongestList); }

std::string_view last_segment(std::string_view text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) return text;
  return text.substr(text.find_last_of("/#") + 1);
}

void add_cuisine(const json& fields, json& tags) {
  constexpr std::size_t kMostCuisines = 10;
  std::vector<std::string> cuisines;
  for (const json* value : values_of(fields, "servesCuisine")) {
    const auto text = name_of(*value);
    if (!text) continue;
    for (const std::string_view part : split_any(list_of(*text), ",;/|")) {
      std::string word = folded(last_segment(part));
      std::replace(word.begin(), word.end(), ' ', '_');
      const bool known = std::find(cuisines.begin(), cuisines.end(), word) != cuisines.end();
      if (!word.empty() && word.size() < 40 && !known && cuisines.size() < kMostCuisines) {
        cuisines.push_back(std::move(word));
      }
    }
  }
  if (cuisines.empty()) return;
  std::string joined;
  for (const std::string& cuisine : cuisines) joined += (joined.empty() ? "" : ";") + cuisine;
  tags["cuisine"] = shortened(std::move(joined), kLongestTag);
}

void add_payments(const json& fields, json& tags) {
  for (const json* value : values_of(fields, "paymentAccepted")) {
    const auto text = name_of(*value);
    if (!text) continue;
    const bool url = text->starts_with("http");
    for (const std::string_view part : split_any(list_of(*text), url ? " " : ",;/|&+")) {
      if (const auto* payment = meaning_of(kPayments, last_segment(part))) {
        tags[payment->key] = payment->value;
      }
    }
  }
}

// LocationFeatureSpecification, or the bare name of a feature.
void add_features(const json& fields, json& tags) {
  for (const json* feature : values_of(fields, "amenityFeature")) {
    const auto name = name_of(*feature);
    const Meaning* meaning = name ? meaning_of(kFeatures, *name) : nullptr;
    if (meaning == nullptr) continue;
    bool present = true;
    if (feature->is_object() && !feature->contains("@value")) {
      const auto values = values_of(*feature, "value");
      const auto stated = values.empty() ? std::nullopt : boolean_of(*values[0]);
      if (!stated) continue;
      present = *stated;
    }
    tags[meaning->key] = present ? meaning->value : "no";
  }
}

void add_plain(const json& fields, const Url* base, json& tags) {
  for (const auto& [property, key] : kTexts) {
    if (auto text = first_text(fields, property)) tags[key] = shortened(*text, kLongestTag);
  }
  for (const auto& [property, key] : kBooleans) {
    for (const json* value : values_of(fields, property)) {
      if (const auto stated = boolean_of(*value)) tags[key] = *stated ? "yes" : "no";
    }
  }
  for (const json* value : values_of(fields, "isAccessibleForFree")) {
    if (const auto free = boolean_of(*value)) tags["fee"] = *free ? "no" : "yes";
  }
  for (const auto& [property, key] : kLinks) {
    if (tags.contains(key)) continue;
    if (auto url = first_web_url(fields, property, base)) tags[key] = *url;
  }
  for (const json* rating : values_of(fields, "starRating")) {
    const auto values = values_of(*rating, "ratingValue");
    const auto stars = number_of(values.empty() ? *rating : *values[0]);
    if (stars && *stars >= 0 && *stars <= 7) tags["stars"] = json(*stars).dump();
  }
}

// "https://www.wikidata.org/wiki/Q42" -> wikidata=Q42.
void add_wikidata(const json& fields, json& tags) {
  for (const json* value : values_of(fields, "sameAs")) {
    const auto link = link_of(*value);
    const auto url = link ? Url::parse(*link) : std::nullopt;
    if (!url || !url->host().ends_with("wikidata.org")) continue;
    const std::string_view id = url->path().substr(url->path().rfind('/') + 1);
    if (id.size() > 1 && id.size() < 15 && id[0] == 'Q' &&
        id.substr(1).find_first_not_of("0123456789") == std::string_view::npos) {
      tags["wikidata"] = std::string(id);
    }
  }
}

void add_currencies(const json& fields, json& tags) {
  for (const json* value : values_of(fields, "currenciesAccepted")) {
    const auto text = text_of(*value);
    if (!text) continue;
    for (const std::string_view code : split_any(list_of(*text), ",; ")) {
      const bool iso4217 = code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) {
                             return c >= 'A' && c <= 'Z';
                           });
      if (iso4217) tags["currency:" + std::string(code)] = "yes";
    }
  }
}

}  // namespace

json tags_of(const json& fields, const Url* base) {
  json tags;
  add_cuisine(fields, tags);
  add_payments(fields, tags);
  add_features(fields, tags);
  add_plain(fields, base, tags);
  add_wikidata(fields, tags);
  add_currencies(fields, tags);
  return tags;
}

}  // namespace placer
