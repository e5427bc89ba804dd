// The fields of a place (RawPlace::fields) out of the nodes that state it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/schema/graph.h"

namespace placer {

// Copies nodes of one page into fields:
//   - names are bare; "@type" is an array of bare names, "@id" is as written;
//   - {"@value": v} is v, {"@list"/"@set": [...]} is the array, an array of one is its element;
//     nulls and "@context" are gone, what lies deeper than 12 levels too;
//   - a place inside is only named: its @type, @id and name;
//   - a reference becomes what it refers to, cycles and the page's budget for that permitting.
class SchemaFields {
 public:
  static constexpr std::size_t kMaxBytes = 64UL << 10;    // of one place, written as JSON
  static constexpr std::size_t kMaxEmbedded = 8UL << 20;  // bytes by reference, of one page

  explicit SchemaFields(const SchemaGraph& graph) : graph_(graph) {}

  // The union of what `nodes` say of one place; where two say the same thing the first holds. When
  // it is larger than kMaxBytes its largest members are left out.
  nlohmann::json of(std::span<const std::uint32_t> nodes);

 private:
  void add(const nlohmann::json& object, std::uint32_t document, nlohmann::json& fields);
  nlohmann::json copy(const nlohmann::json& value, std::uint32_t document,
                      std::string_view property);
  nlohmann::json copy_array(const nlohmann::json& array, std::uint32_t document,
                            std::string_view property);
  nlohmann::json copy_object(const nlohmann::json& object, std::uint32_t document,
                             std::string_view property);
  nlohmann::json follow(const nlohmann::json& reference, std::uint32_t document,
                        std::string_view property);
  nlohmann::json name_only(const nlohmann::json& place);
  bool charge(std::size_t bytes);

  const SchemaGraph& graph_;
  std::vector<const nlohmann::json*> open_;  // objects being copied, from the outside in
  std::size_t depth_ = 0;
  std::size_t references_ = 0;  // being followed now
  std::size_t bytes_ = 0;       // of the place being copied, about
  std::size_t embedded_ = 0;    // of the page so far
};

}  // namespace placer
