// HTML character references in text that no HTML parser has seen: the strings inside JSON-LD.
//
// HTML Standard, section 13.5 (the names in daily use, with their ';') and 13.2.5.80 (numbers;
// 128 to 159 mean windows-1252).
#pragma once

#include <string>
#include <string_view>

namespace placer {

// References that name no character stay as they are.
std::string decode_references(std::string_view text);

}  // namespace placer
