#include "scraper/page/xml_repair.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace placer {
namespace {

constexpr std::size_t kLongestReference = 12;  // "&#x0010FFFF;"

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

// XML 1.0 section 2.2.
bool is_character(std::uint32_t code) {
  return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) ||
         (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

// That `text`, which begins with '&', begins with a reference (section 4.1).
bool begins_reference(std::string_view text) {
  text = text.substr(1, kLongestReference - 1);
  const std::size_t end = text.find(';');
  if (end == text.npos) return false;
  text = text.substr(0, end);
  if (!text.starts_with('#')) {
    return text == "amp" || text == "lt" || text == "gt" || text == "quot" || text == "apos";
  }
  const bool hex = text.starts_with("#x");
  text.remove_prefix(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + text.size(), code, hex ? 16 : 10);
  return error == std::errc() && stop == text.data() + text.size() && is_character(code);
}

}  // namespace

std::string XmlRepair::take(std::string piece) {
  std::replace_if(piece.begin(), piece.end(), is_control, ' ');
  constexpr std::string_view kOpen = "<![CDATA[";
  constexpr std::string_view kClose = "]]>";
  std::string out;
  std::string_view rest = piece;
  while (!rest.empty()) {
    if (in_cdata_) {
      const std::size_t close = rest.find(kClose);
      const std::size_t length = close == rest.npos ? rest.size() : close + kClose.size();
      out += rest.substr(0, length);
      rest.remove_prefix(length);
      in_cdata_ = close == rest.npos;
      continue;
    }
    const std::size_t next = std::min(rest.find_first_of("&<"), rest.size());
    out += rest.substr(0, next);
    rest.remove_prefix(next);
    if (rest.empty()) break;
    if (rest.starts_with(kOpen)) {
      in_cdata_ = true;
      continue;
    }
    out += rest.front();
    if (rest.front() == '&' && !begins_reference(rest)) out += "amp;";
    rest.remove_prefix(1);
  }
  return out;
}

}  // namespace placer
