// Reading values out of a RawPlace's fields: schema.org as JSON, in all its shapes.
//
// A property may hold one value or an array of them; a text may be a string, a number, a value
// object ({"@value": ..., "@language": ...}) or a node with a name. Nothing here throws or
// recurses, whatever the JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// The values of a property, arrays opened (also an array in an array), nulls left out; at most 200.
std::vector<const nlohmann::json*> values_of(const nlohmann::json& node, std::string_view property);

// A value as a clean line of text. Placeholders ("undefined", "N/A", "{{name}}") are nothing; so
// are nodes.
std::optional<std::string> text_of(const nlohmann::json& value);

// text_of, or the name of a node.
std::optional<std::string> name_of(const nlohmann::json& value);

// The first text of a property. Of several in tagged languages, the one in `language` (BCP 47; its
// primary subtag counts).
std::optional<std::string> first_text(const nlohmann::json& node, std::string_view property,
                                      std::string_view language = {});
std::optional<std::string> first_name(const nlohmann::json& node, std::string_view property,
                                      std::string_view language = {});

// A string as it stands, a node's "@id", "url" or "contentUrl": what a link-like value points to.
std::optional<std::string> link_of(const nlohmann::json& value);

std::optional<double> number_of(const nlohmann::json& value);  // a number, or text holding one
std::optional<bool> boolean_of(const nlohmann::json& value);   // also "true", "Yes", ".../False"

// Compact JSON text with U+FFFD for malformed UTF-8 and every control character escaped. Properties
// nested deeper than any honest page needs (100 levels) are left out.
std::string compact_json(const nlohmann::json& fields);

}  // namespace placer
