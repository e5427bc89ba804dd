// Bytes as a page carries them: compressed (zlib, RFC 1950), in base64 (RFC 4648 section 4).
#pragma once

#include <string>
#include <string_view>

namespace placer {

std::string deflated_base64(std::string_view bytes);

}  // namespace placer
