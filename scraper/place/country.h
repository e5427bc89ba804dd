// Countries: ISO 3166-1 alpha-2 from what publishers write.
//
// Pure, safe for concurrent use. Names come from ICU's locale data, loaded language by language,
// English first, when a text needs them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace placer {

// An alpha-2 or alpha-3 code, a URL ending in one, or the name in a language of ICU's that many
// pages are written in: "de", "DEU", "Germany", "Allemagne", "UK". Nothing when it is none.
std::optional<std::string> country_code(std::string_view text);

// The country of a host's top-level domain, where the domain is used for the country. Nothing for
// generic ones, and for those sold worldwide (.io, .co, .tv, ...). Weak evidence: use it only when
// no country is stated.
std::optional<std::string> country_of_host(std::string_view host);

}  // namespace placer
