// XML as store locators answer with it, in the shape of JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace placer {

// An element is an object of its attributes ("@name") and its child elements by name, several of
// one name as an array; one with nothing but text is that text; mixed text stands under "#text".
// The root element is the one member of the result. Entities are not expanded beyond the five of
// XML and character references; elements nested deeper than 64 levels are left out. Nothing when
// `text` is no XML or holds more than 500,000 nodes.
std::optional<nlohmann::json> read_xml(std::string_view text);

}  // namespace placer
