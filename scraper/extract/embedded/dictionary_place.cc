#include "scraper/extract/embedded/dictionary_place.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/extract/embedded/dictionary_hours.h"
#include "scraper/extract/embedded/dictionary_values.h"
#include "scraper/extract/schema/types.h"

namespace placer {
namespace {

using nlohmann::json;
using enum KeyMeaning;

constexpr std::size_t kMaxMembers = 400;  // of one object; larger ones are tables, not places
constexpr std::size_t kMaxKeys = 4096;    // remembered
constexpr int kMaxDepth = 4;
constexpr int kDepthRank = 200;     // an outer key is meant rather than an inner one
constexpr std::size_t kLine = 300;  // bytes of a line of text
constexpr std::size_t kLongestDescription = 4000;
constexpr std::size_t kMaxPhones = 10;
constexpr std::size_t kMaxPairs = 40;  // of name and value

bool has_digit(std::string_view text) { return std::ranges::any_of(text, ascii::is_digit); }

bool has_letter(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return ascii::is_letter(c) || static_cast<unsigned char>(c) >= 0x80; });
}

// A caption, as in a file of translations: {"street": "Street", "city": "Ort"}.
bool is_caption(KeyMeaning meaning, std::string_view text) {
  if (text.size() > 40) return false;
  const KeyMeaning own = read_key(text).meaning;
  return own == meaning || (own == kAddress && meaning == kStreet);
}

// Where a house number stands before the street.
bool number_leads(std::string_view country) {
  const std::string word = normalized_key(country);
  for (const std::string_view one :
       {"us", "usa", "unitedstates", "ca", "canada", "gb", "uk", "unitedkingdom", "ie", "ireland",
        "au", "australia", "nz", "newzealand", "fr", "france"}) {
    if (word == one) return true;
  }
  return false;
}

bool is_link(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

// Can a value of this kind be what the key says?
bool fits(KeyMeaning meaning, const json& value) {
  if (value.is_null() || value.is_boolean()) return false;
  switch (meaning) {
    case kHours:
      return !value.is_number();
    case kLatitude:
    case kLongitude:
      return decimal_value(value).has_value();
    case kPoint:
      return value.is_string() || value.is_structured();
    case kName: {
      const std::string text = plain_value(value);
      return !text.empty() && text.size() <= kLine && has_letter(text) && !is_link(text);
    }
    case kPostcode: {
      const std::string text = plain_value(value);
      return has_digit(text) && text.size() <= 12;
    }
    case kPhone:
    case kFax:
      return std::ranges::count_if(plain_value(value), ascii::is_digit) >= 5;
    case kEmail:
      return plain_value(value).find('@') != std::string::npos;
    default:
      return !plain_value(value).empty();
  }
}

// What an object inside may say of the place around it.
bool belongs_to_part(KeyMeaning meaning) {
  switch (meaning) {
    case kName:
    case kBranch:
    case kBrand:
    case kRef:
    case kRow:
    case kDescription:
    case kImage:
    case kType:
    case kForbidden:
      return false;
    default:
      return true;
  }
}

}  // namespace

PlaceReader::PlaceReader(std::string_view renames) {
  while (!renames.empty()) {
    const std::string_view rename = ascii::next_piece(renames, " ");
    const std::size_t arrow = rename.find('>');
    if (arrow == rename.npos) continue;
    renames_.emplace_back(rename.substr(0, arrow), rename.substr(arrow + 1));
  }
}

PlaceReader::Key PlaceReader::key_of(const std::string& name) {
  if (const auto known = keys_.find(name); known != keys_.end()) return known->second;
  Key key{read_key(name), name.size() > 2 ? read_day_key(name) : std::nullopt};
  for (const auto& [own, word] : renames_) {
    if (own != name) continue;
    key = {read_key(word), std::nullopt};
    key.reading.rank = -1;
  }
  if (keys_.size() < kMaxKeys) keys_.emplace(name, key);
  return key;
}

void PlaceReader::keep(KeyMeaning meaning, const json& value, int rank) {
  Found& found = found_[static_cast<std::size_t>(meaning)];
  if (found.value != nullptr && found.rank <= rank) return;
  found = {&value, rank};
}

// Has the object a name and an address, so that it is a place itself: {"location": {"name": ..}}?
bool PlaceReader::is_named(const json& object) {
  bool named = false;
  bool addressed = false;
  for (auto at = object.begin(); at != object.end(); ++at) {
    const KeyReading key = key_of(at.key()).reading;
    named = named || (key.meaning == kName && fits(kName, *at));
    addressed = addressed || key.meaning == kAddress || key.meaning == kStreet;
  }
  return named && addressed;
}

// An object under a key that speaks of position, address or contact, or that holds all fields.
// False when the value is none of these and has to be read as it is.
bool PlaceReader::takes_inside(const KeyReading& key, const json& value, const Open& open) {
  const bool part = key.meaning == kPart || key.meaning == kAddress || key.meaning == kPoint ||
                    key.meaning == kFullAddress || key.meaning == kStreet;
  const bool whole = key.meaning == kWhole && open.inside == Inside::kPlace;
  const json* object = &value;
  if (value.is_array() && value.size() == 1 && part) object = &value.front();
  if (!object->is_object() || (!part && !whole) || open.depth >= kMaxDepth) return false;
  if (object->size() > kMaxMembers || (key.meaning == kPoint && is_named(*object))) return true;
  if (const auto point = part ? point_value(*object, true) : std::nullopt) {
    if (!point_ && is_on_earth(point->first, point->second)) point_ = point;
  }
  parts_.insert(&value);
  parts_.insert(object);
  open_.push_back(
      {object, part ? Inside::kPart : Inside::kPlace, open.depth + 1, open.rank + key.rank});
  return true;
}

void PlaceReader::take(const KeyReading& reading, const json& value, const Open& open) {
  if (reading.meaning == kNone) return;
  if (open.inside == Inside::kPart && !belongs_to_part(reading.meaning)) return;
  if (reading.meaning == kForbidden || reading.meaning == kDoubtful) {
    const bool says = !value.is_null() && value != json("");
    if (says && open.depth == 0) (reading.meaning == kForbidden ? forbidden_ : doubtful_) = true;
    return;
  }
  if (reading.meaning == kWhole && value.is_array()) return take_pairs(value, open);
  if (takes_inside(reading, value, open)) return;
  if (!fits(reading.meaning, value)) return;
  if (reading.meaning == kSocial) {
    if (socials_.size() < 8) socials_.push_back(&value);
    return;
  }
  if (value.is_structured()) parts_.insert(&value);
  keep(reading.meaning, value, reading.rank + open.rank + open.depth * kDepthRank);
}

// [{"name": "Hours", "value": "Mo-Fr 9-17"}]: fields that the publisher made up.
void PlaceReader::take_pairs(const json& list, const Open& open) {
  std::size_t pairs = 0;
  for (const json& pair : list) {
    if (!pair.is_object() || ++pairs > kMaxPairs) break;
    const auto value = pair.find("value");
    if (value == pair.end()) continue;
    for (const char* name : {"name", "key", "label"}) {
      const auto key = pair.find(name);
      if (key == pair.end() || !key->is_string()) continue;
      const KeyReading reading = key_of(key->get_ref<const std::string&>()).reading;
      if (reading.meaning != kNone && reading.meaning < kDoubtful &&
          fits(reading.meaning, *value)) {
        keep(reading.meaning, *value, reading.rank + open.rank + (open.depth + 1) * kDepthRank);
      }
      break;
    }
  }
}

void PlaceReader::gather(const json& object) {
  std::ranges::fill(found_, Found{});
  parts_.clear();
  socials_.clear();
  hours_.clear();
  forbidden_ = doubtful_ = false;
  point_.reset();
  DayTimes days;
  open_.assign(1, {&object, Inside::kPlace, 0, 0});
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const Open open = open_[i];
    for (auto at = open.object->begin(); at != open.object->end(); ++at) {
      const Key key = key_of(at.key());
      if (!key.day) {
        take(key.reading, *at, open);
        continue;
      }
      days.add(*key.day, *at);
      if (at->is_structured()) parts_.insert(&*at);
    }
  }
  if (const json* hours = found(kHours)) hours_ = hours_lines(*hours);
  if (hours_.empty()) hours_ = days.lines();
}

bool PlaceReader::coordinates() {
  const json* latitude = found(kLatitude);
  const json* longitude = found(kLongitude);
  if (latitude != nullptr && longitude != nullptr) {
    point_ = std::pair(*decimal_value(*latitude), *decimal_value(*longitude));
  } else if (const json* point = found(kPoint); point != nullptr && !point_) {
    // Of arrays only GeoJSON's order is usual.
    point_ = point_value(*point, point->is_array());
  }
  if (point_ && !is_on_earth(point_->first, point_->second)) point_.reset();
  return point_.has_value();
}

std::string PlaceReader::text(KeyMeaning meaning, std::size_t longest) const {
  const json* value = found(meaning);
  std::string text = value == nullptr ? std::string() : plain_value(*value);
  if (text.size() > longest || is_caption(meaning, text)) text.clear();
  return text;
}

bool PlaceReader::is_place(Trust trust) const {
  const bool named = !text(kName, kLine).empty() || !text(kBranch, kLine).empty();
  const bool city = !text(kCity, kLine).empty();
  const bool postcode = !text(kPostcode, kLine).empty();
  const bool phone = !text(kPhone, kLine).empty();
  const std::string line = text(kAddress, kLine);
  const std::string whole = text(kFullAddress, kLine);
  const bool street = !text(kStreet, kLine).empty() || has_letter(line);
  const bool located = point_.has_value();
  if (trust == Trust::kListed) {
    return (named || street) && (located || street || city || !whole.empty());
  }
  if (!named || forbidden_) return false;
  if (doubtful_ && !street && whole.empty()) return false;
  if ((street || !whole.empty()) && (city || postcode || located || phone)) return true;
  // A whole address in one line: "Main St 1, 10115 Berlin".
  const std::string& full = whole.empty() ? line : whole;
  if (has_digit(full) && full.find(',') != std::string::npos && has_letter(full)) return true;
  if (located && (city || postcode || phone)) return true;
  if (phone && city && postcode) return true;
  return trust == Trust::kNamed && located && !doubtful_;
}

json PlaceReader::address() const {
  const std::string city = text(kCity, kLine);
  const std::string postcode = text(kPostcode, kLine);
  const std::string whole = text(kFullAddress, kLine);
  const json* line = found(kAddress);
  std::string street;
  if (const json* stated = found(kStreet)) {
    street = text(kStreet, kLine);
    if (stated->is_array()) {
      street.clear();
      for (std::size_t i = 0; i < stated->size() && i < 4; ++i) {
        const std::string part = plain_value((*stated)[i]);
        if (!part.empty() && street.size() < kLine) street += (street.empty() ? "" : ", ") + part;
      }
    }
  }
  const bool parted = !city.empty() || !postcode.empty();
  if (street.empty() && line != nullptr && parted) {
    street = street_of_line(text(kAddress, kLine), postcode, city);
  }
  if (street.empty() && !parted) {
    std::string full = whole.empty() ? text(kAddress, kLine) : whole;
    std::ranges::replace(full, '\n', ',');
    return full.empty() ? json() : json(std::move(full));
  }
  if (const std::string number = text(kHouseNumber, 20);
      !number.empty() && !street.empty() && street.find(number) == street.npos) {
    street = number_leads(text(kCountry, 60)) ? number + " " + street : street + " " + number;
  }
  json address = {{"@type", "PostalAddress"}};
  const auto add = [&address](const char* property, std::string value) {
    if (!value.empty()) address[property] = std::move(value);
  };
  const std::string more = text(kStreetMore, kLine);
  if (street.empty() && !whole.empty()) street = street_of_line(whole, postcode, city);
  if (!street.empty() && !more.empty() && more != street) street += ", " + more;
  add("streetAddress", std::move(street));
  add("addressLocality", city);
  add("addressRegion", text(kState, 60));
  add("postalCode", postcode);
  add("addressCountry", text(kCountry, 60));
  return address;
}

json PlaceReader::fields(Trust trust) const {
  json fields = {{"@type", json::array({"Place"})}};
  if (const std::string type = bare_type_name(text(kType, 60)); find_schema_type(type) != nullptr) {
    fields["@type"] = json::array({type});
  }
  const auto add = [&fields](const char* property, std::string value) {
    if (!value.empty()) fields[property] = std::move(value);
  };
  const std::string branch = text(kBranch, kLine);
  const std::string name = text(kName, kLine);
  add("name", name.empty() ? branch : name);
  if (!name.empty() && branch != name) add("alternateName", branch);
  add("brand", text(kBrand, kLine));
  const std::string ref = text(kRef, 100);
  add("branchCode", ref.empty() && trust == Trust::kListed ? text(kRow, 100) : ref);
  if (json stated = address(); !stated.is_null()) fields["address"] = std::move(stated);
  if (point_) fields["geo"] = {{"latitude", point_->first}, {"longitude", point_->second}};
  if (const json* phone = found(kPhone); phone != nullptr && phone->is_array()) {
    for (std::size_t i = 0; i < phone->size() && i < kMaxPhones; ++i) {
      if (std::string number = plain_value((*phone)[i]); !number.empty()) {
        fields["telephone"].push_back(std::move(number));
      }
    }
  } else {
    add("telephone", text(kPhone, kLine));
  }
  add("faxNumber", text(kFax, kLine));
  add("email", text(kEmail, kLine));
  add("url", text(kUrl, 2000));
  add("description", text(kDescription, kLongestDescription));
  add("image", text(kImage, 2000));
  add("priceRange", text(kPriceRange, 40));
  if (!hours_.empty()) fields["openingHours"] = hours_;
  for (const json* social : socials_) {
    if (std::string link = plain_value(*social); is_link(link)) {
      fields["sameAs"].push_back(std::move(link));
    }
  }
  return fields;
}

bool PlaceReader::says_business() const {
  return point_.has_value() || !hours_.empty() || !socials_.empty() ||
         std::ranges::any_of(std::initializer_list<KeyMeaning>{kUrl, kRef, kType, kBrand, kFax,
                                                               kBranch, kPriceRange},
                             [this](KeyMeaning meaning) { return found(meaning) != nullptr; });
}

std::optional<json> PlaceReader::read(const json& object, Trust trust) {
  parts_.clear();
  if (!object.is_object() || object.size() > kMaxMembers || object.empty()) return std::nullopt;
  gather(object);
  coordinates();
  if (!is_place(trust)) return std::nullopt;
  return fields(trust);
}

}  // namespace placer
