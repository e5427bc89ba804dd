// The names of a rule's fields, and where their values go in RawPlace::fields.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace placer {

// Where one field goes.
struct RuleFieldTarget {
  std::vector<std::string> path;  // property within property: {"address", "postalCode"}
  bool single = false;            // the first value only
  bool is_url = false;            // relative to the page
};

// A column of `place` ("addr_city"), "hours", "fax", "tags.KEY" with a tag of OSM, or a property of
// schema.org, dotted where it lies within another ("address.postalCode"). The error says what is
// wrong with the name, and what may have been meant.
tl::expected<RuleFieldTarget, std::string> find_rule_field(std::string_view name);

// Puts values under `target`, one as it is, several as an array.
void put_field(const RuleFieldTarget& target, std::vector<nlohmann::json> values,
               nlohmann::json& fields);

// Brings what was put into the shape that pages give a place in: "@type" an array, an address that
// is nothing but a line a text, the street with its number.
void settle_fields(nlohmann::json& fields);

}  // namespace placer
