#include "scraper/page/media_type.h"

#include <algorithm>

#include "scraper/ascii.h"

namespace placer {
namespace {

bool begins_name(char c) { return ascii::is_letter(c) || c == '_' || c == '$'; }

// Of what stands before the parenthesis: "jQuery123", "app.stores['all']".
bool is_callee(char c) {
  return begins_name(c) || ascii::is_digit(c) ||
         std::string_view(".[]\"'").find(c) != std::string_view::npos;
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return ascii::trim(text);
}

// The argument of "callback({...});" or "/**/cb([...])"; nothing when `text` is no such call.
std::string_view call_argument(std::string_view text) {
  while (text.starts_with("/*")) {
    const std::size_t end = text.find("*/", 2);
    if (end == std::string_view::npos) return {};
    text = ascii::trim(text.substr(end + 2));
  }
  if (text.empty() || !begins_name(text.front())) return {};
  const auto* const end = std::ranges::find_if_not(text, is_callee);
  std::string_view rest = ascii::trim(text.substr(static_cast<std::size_t>(end - text.begin())));
  if (!rest.starts_with('(')) return {};
  rest = ascii::trim(rest.substr(1));
  const std::size_t close = rest.rfind(')');
  if (close == std::string_view::npos ||
      rest.find_first_not_of("; \t\r\n", close + 1) != rest.npos) {
    return {};
  }
  return ascii::trim(rest.substr(0, close));
}

bool begins_json(std::string_view text) {
  return !text.empty() && (text.front() == '{' || text.front() == '[');
}

}  // namespace

std::string media_type_essence(std::string_view content_type) {
  return ascii::lower_case(ascii::trim(content_type.substr(0, content_type.find(';'))));
}

DocumentKind document_kind(std::string_view content_type, std::string_view body) {
  const std::string essence = media_type_essence(content_type);
  if (essence.ends_with("/json") || essence.ends_with("+json")) return DocumentKind::kJson;
  const bool html = essence.empty() || essence == "text/html" || essence == "application/xhtml+xml";
  const bool script = essence.ends_with("/javascript") || essence.ends_with("/x-javascript");
  if (html || script || essence == "text/plain") {
    const std::string_view json = json_part(body);
    const bool wrapped = json.data() != without_mark(body).data();
    if (begins_json(json) && (script || !wrapped || !html)) return DocumentKind::kJson;
    return html ? DocumentKind::kHtml : DocumentKind::kOther;
  }
  if (essence.ends_with("/xml") || essence.ends_with("+xml")) return DocumentKind::kXml;
  return DocumentKind::kOther;
}

std::string_view json_part(std::string_view text) {
  text = without_mark(text);
  for (const std::string_view guard : {")]}'", ")]}',", "while(1);", "for(;;);"}) {
    if (text.starts_with(guard)) text = ascii::trim(text.substr(guard.size()));
  }
  const std::string_view argument = call_argument(text);
  return argument.empty() ? text : argument;
}

}  // namespace placer
