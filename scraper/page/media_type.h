// What a body is, by its Content-Type and its first bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace placer {

// A MIME type in lower case without parameters (WHATWG MIME Sniffing, section 4.4): "text/html".
std::string media_type_essence(std::string_view content_type);

enum class DocumentKind : std::uint8_t { kHtml, kJson, kXml, kOther };

// How a body is read. Without a type it is HTML, as most such answers are. JSON is often sent as
// text/html or as a script that hands it to a function (JSONP), so what is sent as HTML, plain text
// or JavaScript is JSON when it looks like it from the first byte.
DocumentKind document_kind(std::string_view content_type, std::string_view body);

// The JSON of a document: what a JSONP call wraps, without the guards that servers put before it
// (")]}'", "while(1);"). A view into `text`.
std::string_view json_part(std::string_view text);

}  // namespace placer
