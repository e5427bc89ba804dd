// What selectors ask of a single element beside its place in the tree.
#pragma once

#include <string_view>

#include "scraper/page/selector_program.h"
#include "scraper/page/tree.h"

namespace placer {

bool is_link(Node element);          // a or area with href (HTML, section 4.16.3)
bool can_be_disabled(Node element);  // a form control, option, optgroup or fieldset
bool can_be_required(Node element);  // input, select or textarea
bool is_checked(Node element);       // as the source says

// Attributes whose values match without regard to case in HTML documents (HTML, section 4.16.2).
// `name` is lower case.
bool ignores_case_of_values(std::string_view name);

// Does an attribute's value pass the test for `wanted`? An empty `wanted` only equals.
bool passes(AttributeTest test, std::string_view value, std::string_view wanted, bool ignore_case);

// Extended filtering of language tags (RFC 4647, section 3.3.2). `range` is lower case; an empty
// one is in no other language than "".
bool is_in_range(std::string_view language, std::string_view range);

}  // namespace placer
