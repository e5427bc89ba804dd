// One object of a publisher's own JSON as a place, by what its keys mean (dictionary_keys.h).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "scraper/extract/embedded/dictionary_keys.h"

namespace placer {

// How much an object must say of itself to be a place. Whatever the trust: a name, and none of the
// marks of products, people, posts and events.
enum class Trust : std::uint8_t {
  kNone,    // and a street or whole address, with city, postcode, coordinates or telephone; or
            // coordinates with a city, postcode or telephone; or a telephone with city and postcode
  kNamed,   // as kNone; coordinates alone do, in a list that is named for places
  kListed,  // the object is known to be one: any name, and any address part or coordinates. The
            // number of its row tells it from others, which it does not among other statements
};

// Reads objects of one document. Remembers what keys mean; confined to one thread.
class PlaceReader {
 public:
  // `renames`: keys that mean something else here, "location>name postal>postcode".
  explicit PlaceReader(std::string_view renames = {});

  // The place in schema.org's vocabulary, as RawPlace::fields. Nothing when it is none.
  std::optional<nlohmann::json> read(const nlohmann::json& object, Trust trust);

  // After read(): does it say of itself what people and parcels do not: hours, a website, a number,
  // a kind, a position?
  bool says_business() const;

  // After read(): the values of the object that it took, which are no places of their own.
  const std::unordered_set<const nlohmann::json*>& parts() const { return parts_; }

 private:
  struct Key {
    KeyReading reading;
    std::optional<DayKey> day;
  };
  struct Found {
    const nlohmann::json* value = nullptr;
    int rank = 0;
  };
  enum class Inside : std::uint8_t { kPlace, kPart };
  struct Open {
    const nlohmann::json* object;
    Inside inside;
    int depth;
    int rank;  // of the keys on the way to it
  };

  void gather(const nlohmann::json& object);
  Key key_of(const std::string& name);
  bool is_named(const nlohmann::json& object);
  void take(const KeyReading& reading, const nlohmann::json& value, const Open& open);
  void take_pairs(const nlohmann::json& list, const Open& open);
  bool takes_inside(const KeyReading& key, const nlohmann::json& value, const Open& open);
  void keep(KeyMeaning meaning, const nlohmann::json& value, int rank);
  const nlohmann::json* found(KeyMeaning meaning) const {
    return found_[static_cast<std::size_t>(meaning)].value;
  }
  std::string text(KeyMeaning meaning, std::size_t longest) const;

  bool coordinates();
  bool is_place(Trust trust) const;
  nlohmann::json fields(Trust trust) const;
  nlohmann::json address() const;

  std::vector<std::pair<std::string, std::string>> renames_;
  std::unordered_map<std::string, Key> keys_;  // seen before

  // Of the object being read.
  Found found_[kKeyMeanings];
  std::vector<Open> open_;
  std::unordered_set<const nlohmann::json*> parts_;
  std::vector<const nlohmann::json*> socials_;
  std::vector<std::string> hours_;
  bool forbidden_ = false;
  bool doubtful_ = false;
  std::optional<std::pair<double, double>> point_;  // latitude, longitude
};

}  // namespace placer
