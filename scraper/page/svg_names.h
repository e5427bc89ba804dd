// Names of SVG (HTML standard, section 13.2.6.1, "adjust SVG attributes").
#pragma once

#include <string_view>

namespace placer {

// "viewBox" for "viewbox"; most names stay as they are.
std::string_view svg_attribute_name(std::string_view lower_case);

}  // namespace placer
