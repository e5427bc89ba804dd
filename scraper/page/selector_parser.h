// From a selector's text to its program (Selectors Level 4, section 18 "Grammar").
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "scraper/page/selector.h"
#include "scraper/page/selector_program.h"

namespace placer {

tl::expected<SelectorProgram, SelectorError> parse_selector(std::string_view text);

}  // namespace placer
