#include "config/rule_template.h"

#include <algorithm>

namespace placer {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_name(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

std::vector<TemplatePiece> split_template(std::string_view text) {
  std::vector<TemplatePiece> pieces;
  std::size_t literal = 0;
  std::size_t open = text.find('{');
  while (open != std::string_view::npos) {
    const std::size_t end = text.find_first_of("{}", open + 1);
    if (end == std::string_view::npos) break;
    const std::string_view inner = text.substr(open + 1, end - open - 1);
    if (text[end] == '{' || !is_name(inner)) {
      open = text[end] == '{' ? end : text.find('{', end);
      continue;
    }
    if (open > literal) pieces.push_back({false, text.substr(literal, open - literal)});
    pieces.push_back({true, inner});
    literal = end + 1;
    open = text.find('{', literal);
  }
  if (literal < text.size()) pieces.push_back({false, text.substr(literal)});
  return pieces;
}

}  // namespace placer
