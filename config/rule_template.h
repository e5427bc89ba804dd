// Texts with {names} in them: the URL and body of a rule's request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace placer {

struct TemplatePiece {
  bool is_name = false;   // what stands between the braces; else literal text
  std::string_view text;  // a view into the template
};

// A name is a letter followed by letters, digits and '_', in braces without spaces. Every other
// brace is literal, so JSON may stand as it is.
std::vector<TemplatePiece> split_template(std::string_view text);

}  // namespace placer
