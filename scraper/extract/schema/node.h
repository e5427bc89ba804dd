// Reading one node of schema.org-shaped JSON: a JSON-LD node object, or a microdata item in its
// form.
//
// Tolerant where pages are: prefixes on names ("schema:name", "http://schema.org/name") are seen
// through, and "type" stands in for a missing "@type", as schema.org's JSON-LD context has it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// Bare names, each once, in the node's order; at most 16. Empty for anything but an object.
std::vector<std::string> node_types(const nlohmann::json& node);

// The "@id" as written, trimmed; empty when there is none. Valid while `node` lives.
std::string_view node_id(const nlohmann::json& node);

// The property `name` (bare), or null. Valid while `node` lives.
const nlohmann::json* node_property(const nlohmann::json& node, std::string_view name);

// Does the object say anything but who and what it is (@id, @type)? If not, and it has an @id, it
// is a reference.
bool has_properties(const nlohmann::json& node);

}  // namespace placer
