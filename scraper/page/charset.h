// Which encoding a document's bytes are in, and the document as text.
//
// The HTML standard's encoding sniffing (section 13.2.3.2): byte order mark, then the transport's
// charset, then the first 1024 bytes' meta. What states nothing there is UTF-8 if it is valid as
// such; otherwise a later meta decides, and windows-1252 is left. Stateless, safe for concurrent
// use; cannot fail.
#pragma once

#include <string>
#include <string_view>

#include "scraper/page/encoding.h"

namespace placer {

struct Decoded {
  std::string label;  // the encoding's name in the Encoding Standard: "Shift_JIS"
  std::string text;   // UTF-8, always valid, without byte order mark
};

// `content_type` is the Content-Type header's value, or empty.
Decoded decode(std::string bytes, std::string_view content_type);

// The encoding that the first 1024 bytes state in a meta element ("prescan a byte stream to
// determine its encoding"); null when they state none.
const Encoding* prescan_encoding(std::string_view bytes);

}  // namespace placer
