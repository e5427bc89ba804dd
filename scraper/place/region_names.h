// The states, provinces and counties that addresses name.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace placer {

struct RegionName {
  std::string_view country;  // alpha-2
  std::string_view code;     // as post offices write it, "CA"; empty where there is none
  std::string_view name;     // "California"
};

// The region at the end of `text`, which stands in upper case or as a name ("Austin, TX",
// "Perth Western Australia"): US, CA and AU. `begin` is set to where it begins. `country`: alpha-2.
std::optional<RegionName> region_at_end(std::string_view text, std::string_view country,
                                        std::size_t& begin);

// Is `text` the name of a county of the United Kingdom or Ireland, or one of their usual
// abbreviations ("Herts")?
bool is_county(std::string_view text);

}  // namespace placer
