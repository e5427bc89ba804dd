#include "scraper/extract/rdfa/attributes.h"

#include <algorithm>
#include <utility>

#include "scraper/ascii.h"

namespace placer {

RdfaAttributes::RdfaAttributes(Node element) {
  const std::pair<std::string_view, std::optional<std::string_view>*> fields[] = {
      {"about", &about},       {"content", &content}, {"datatype", &datatype}, {"href", &href},
      {"property", &property}, {"rel", &rel},         {"resource", &resource}, {"rev", &rev},
      {"src", &src},           {"typeof", &type_of},  {"lang", &language}};
  std::optional<std::string_view> xml_language;
  for (std::size_t i = 0; i < element.attribute_count(); ++i) {
    const auto [name, value] = element.attribute_at(i);
    for (const auto& [wanted, field] : fields) {
      if (name == wanted) *field = value;
    }
    if (name == "xml:lang") xml_language = value;
    declares = declares || name == "vocab" || name == "prefix" || name == "version" ||
               name.starts_with("xmlns:");
  }
  if (!language) language = xml_language;
  if (content || !property) return;
  const std::string_view tag = element.tag();
  if (tag == "time") content = element.attribute("datetime");
  if (tag == "data" || tag == "meter") content = element.attribute("value");
  if (tag == "object" && !resource) resource = element.attribute("data");
}

bool RdfaAttributes::any() const {
  return about || resource || href || src || property || rel || rev || type_of || language ||
         declares;
}

std::vector<std::string_view> attribute_tokens(std::optional<std::string_view> attribute) {
  constexpr std::size_t kMaxTokens = 64;
  std::vector<std::string_view> tokens;
  std::string_view rest = attribute.value_or("");
  while (!rest.empty() && tokens.size() < kMaxTokens) {
    const std::string_view token = ascii::next_piece(rest, ascii::kWhiteSpace);
    if (!token.empty() && std::ranges::find(tokens, token) == tokens.end()) tokens.push_back(token);
  }
  return tokens;
}

}  // namespace placer
