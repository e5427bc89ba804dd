#include "scraper/extract/embedded/dictionary.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/page/json_text.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestPath = 512;       // bytes
constexpr std::size_t kShortestText = 30;       // of a text that may hold JSON
constexpr std::size_t kMaxTexts = 200;          // of one document that are read as JSON
constexpr std::size_t kFlatDepth = 5;           // levels put together from a flat list
constexpr std::size_t kFlatValues = 400;        // the same, values of one object
constexpr std::size_t kFlatBudget = 1'000'000;  // the same, of one document

void append_step(std::string_view step, std::string& path) {
  if (path.size() + step.size() > kLongestPath) return;
  path += '/';
  for (const char c : step) {  // RFC 6901 section 3
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
}

// The last step of a path that is no position in a list.
std::string_view list_name(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::string_view step = slash == path.npos ? path : path.substr(slash + 1);
    if (!step.empty() && !std::ranges::all_of(step, ascii::is_digit)) return step;
    path = slash == path.npos ? std::string_view() : path.substr(0, slash);
  }
  return {};
}

bool is_one_of(std::string_view key, std::string_view words) {
  if (key.empty() || key.size() > 24) return false;
  std::string normal = normalized_key(key);
  if (normal.ends_with('s') && normal != "address") normal.pop_back();
  return !normal.empty() && (" " + std::string(words) + " ").find(" " + normal + " ") != words.npos;
}

// People and parcels: nothing below them is a place for all to see.
bool is_private(std::string_view key) {
  return is_one_of(
      key,
      "user currentuser customer author person people employee order cart basket "
      "checkout shippingaddres billingaddres deliveryaddres shipping billing buyer job");
}

// What has an address for a while; what stands below may be a place.
bool is_passing(std::string_view key, const json& object) {
  if (is_one_of(key, "event concert")) return true;
  if (!is_one_of(key, "property listing apartment flat house")) return false;
  for (const char* mark : {"price", "rent", "beds", "rooms", "bedrooms", "area", "livingSpace"}) {
    if (object.contains(mark)) return true;
  }
  for (const char* name : {"title", "name"}) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string()) continue;
    const std::string text = ascii::lower_case(at->get_ref<const std::string&>());
    for (const char* word : {" bed", "flat", "apartment", "zimmer", "wohnung", "for rent"}) {
      if (text.find(word) != text.npos) return true;
    }
  }
  return false;
}

// Does a step of the path speak of places or of whoever owns the page?
bool leads_to_business(std::string_view path) {
  while (!path.empty()) {
    const std::string_view step = ascii::next_piece(path, "/");
    if (names_places(step) ||
        is_one_of(step,
                  "contact company business organization organisation venue restaurant "
                  "dealer hotel office contactinfo address location")) {
      return true;
    }
  }
  return false;
}

class Search {
 public:
  explicit Search(std::vector<RawPlace>& places) : places_(places) {}

  void visit(const json& document, const std::string& path) {
    open(document, path, 0);
    while (!open_.empty() && places_.size() < kMaxDictionaryPlaces) {
      Level& level = open_.back();
      if (level.at == level.value->end()) {
        open_.pop_back();
        continue;
      }
      const json& child = *level.at;
      std::string child_path = level.path;
      if (child.is_structured() || child.is_string()) {
        append_step(level.value->is_object() ? level.at.key() : std::to_string(level.index),
                    child_path);
      }
      ++level.at;
      ++level.index;
      const bool taken = level.parts.contains(&child) ||
                         (level.value->is_object() && is_private(list_name(child_path)));
      const std::size_t texts = level.texts;
      if (child.is_structured() && !taken) open(child, child_path, texts);
      if (child.is_string() && texts == 0) visit_text(child, child_path);
    }
  }

 private:
  struct Level {
    const json* value;
    json::const_iterator at;
    std::size_t index;
    std::string path;
    std::unordered_set<const json*> parts;
    std::size_t texts;  // JSON texts that it stands in
  };

  void open(const json& value, const std::string& path, std::size_t texts) {
    if (!value.is_structured() || value.empty()) return;
    std::unordered_set<const json*> parts;
    if (value.is_object()) {
      const Trust trust = names_places(list_name(path)) ? Trust::kNamed : Trust::kNone;
      auto fields = is_passing(list_name(path), value) ? std::nullopt : reader_.read(value, trust);
      // A bare name and address are a business's in a list, or where something says so.
      const bool alone = !open_.empty() && open_.back().value->is_object();
      if (fields && (!alone || reader_.says_business() || leads_to_business(path))) {
        parts = reader_.parts();
        places_.push_back({path, std::move(*fields)});
      }
    } else if (is_numbers(value)) {
      return;
    }
    open_.push_back({&value, value.begin(), 0, path, std::move(parts), texts});
  }

  // Coordinates of lines and areas make up most of some documents.
  static bool is_numbers(const json& list) {
    return list.front().is_number() && list.back().is_number();
  }

  void visit_text(const json& value, const std::string& path) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() < kShortestText || texts_read_ >= kMaxTexts) return;
    const char first = text.front();
    if ((first != '{' && first != '[') || !mentions_places(text)) return;
    ++texts_read_;
    auto inner = read_json(text, budget_);
    if (!inner || !inner->is_structured()) return;
    documents_.push_back(std::make_unique<json>(std::move(*inner)));
    open(*documents_.back(), path, 1);
  }

  std::vector<RawPlace>& places_;
  PlaceReader reader_;
  std::vector<Level> open_;
  std::vector<std::unique_ptr<json>> documents_;  // of texts
  std::size_t texts_read_ = 0;
  JsonBudget budget_;
};

// One object of a flat list with what it refers to, to a few levels.
class Unflattened {
 public:
  explicit Unflattened(const json& list) : list_(list) {}

  json object(const json& flat) {
    values_ = 0;
    return built(flat, 0);
  }
  bool exhausted() const { return total_ > kFlatBudget; }

 private:
  const json* target(const json& reference) const {
    if (!reference.is_number_integer()) return nullptr;
    const auto index = reference.get<std::int64_t>();
    if (index < 0 || static_cast<std::size_t>(index) >= list_.size()) return nullptr;
    return &list_[static_cast<std::size_t>(index)];
  }

  // Recursion to kFlatDepth levels.
  json built(const json& flat, std::size_t depth) {
    ++values_;
    ++total_;
    if (!flat.is_structured()) return flat;
    if (depth >= kFlatDepth) return {};
    if (flat.is_array() && !flat.empty() && flat.front().is_string()) {  // ["Reactive", 7]
      const json* inner = flat.size() == 2 ? target(flat[1]) : nullptr;
      return inner == nullptr ? json() : built(*inner, depth + 1);
    }
    json out = flat.is_object() ? json::object() : json::array();
    for (auto at = flat.begin(); at != flat.end(); ++at) {
      const json* value = target(*at);
      if (value == nullptr || values_ > kFlatValues) continue;
      if (flat.is_object()) {
        out[at.key()] = built(*value, depth + 1);
      } else {
        out.push_back(built(*value, depth + 1));
      }
    }
    return out;
  }

  const json& list_;
  std::size_t values_ = 0;
  std::size_t total_ = 0;
};

}  // namespace

bool mentions_places(std::string_view text) {
  // A key, perhaps within a string ( \" ), that speaks of coordinates or of an address.
  static const RE2 kWords(
      "(?:(?:\\b|_)(?i:lat|lng|lon|long|zip|plz|cap|cp|cep|psc|rue|rua|calle)|"
      "[a-z](?:Lat|Lng|Lon|Long|Zip|Plz)|"
      "(?i:latitud[a-z]*|longitud[a-z]*|latlng|latlong?|breitengrad|(?:geo|coord|koord)[a-z_]*|"
      "zip_?code|postal[a-z_-]*|post_?code|postnummer|postnr|postleitzahl|code_?postal|"
      "codigo_?postal|kod_?pocztowy|street[a-z_-]*|stra(?:ss|ß)e|straat|ulica|gata|gatuadress|"
      "addr[a-z0-9_-]*|adress[a-z0-9_-]*|adres[a-z0-9_-]*|direcci(?:o|ó)n|indirizzo|"
      "endere(?:c|ç)o|line1))[0-9]?\\\\*[\"']?\\s*[:=]");
  return RE2::PartialMatch({text.data(), text.size()}, kWords);
}

void find_in_dictionary(const json& document, const std::string& path,
                        std::vector<RawPlace>& places) {
  Search(places).visit(document, path);
}

bool is_flat_dictionary(const json& document) {
  if (!document.is_array() || document.size() < 3 || !document[0].is_structured()) return false;
  // Its first value refers to the others.
  const json& first = document[0];
  return std::ranges::any_of(first,
                             [&](const json& value) {
                               return value.is_number_integer() && value.get<std::int64_t>() > 0 &&
                                      value.get<std::int64_t>() <
                                          static_cast<std::int64_t>(document.size());
                             }) &&
         std::ranges::all_of(first, [](const json& value) {
           return value.is_number_integer() || value.is_string();
         });
}

void find_in_flat_dictionary(const json& list, const std::string& path,
                             std::vector<RawPlace>& places) {
  Unflattened unflattened(list);
  PlaceReader reader;
  std::size_t index = 0;
  for (const json& flat : list) {
    const std::size_t at = index++;
    if (!flat.is_object() || flat.size() < 2) continue;
    if (unflattened.exhausted() || places.size() >= kMaxDictionaryPlaces) return;
    const json object = unflattened.object(flat);
    if (auto fields = reader.read(object, Trust::kNone)) {
      std::string place_path = path;
      append_step(std::to_string(at), place_path);
      places.push_back({std::move(place_path), std::move(*fields)});
    }
  }
}

}  // namespace placer
