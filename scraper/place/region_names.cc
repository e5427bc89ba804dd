#include "scraper/place/region_names.h"

#include <algorithm>
#include <string>

#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr RegionName kRegions[] = {
    {"US", "AL", "Alabama"},
    {"US", "AK", "Alaska"},
    {"US", "AZ", "Arizona"},
    {"US", "AR", "Arkansas"},
    {"US", "CA", "California"},
    {"US", "CO", "Colorado"},
    {"US", "CT", "Connecticut"},
    {"US", "DE", "Delaware"},
    {"US", "DC", "District of Columbia"},
    {"US", "FL", "Florida"},
    {"US", "GA", "Georgia"},
    {"US", "HI", "Hawaii"},
    {"US", "ID", "Idaho"},
    {"US", "IL", "Illinois"},
    {"US", "IN", "Indiana"},
    {"US", "IA", "Iowa"},
    {"US", "KS", "Kansas"},
    {"US", "KY", "Kentucky"},
    {"US", "LA", "Louisiana"},
    {"US", "ME", "Maine"},
    {"US", "MD", "Maryland"},
    {"US", "MA", "Massachusetts"},
    {"US", "MI", "Michigan"},
    {"US", "MN", "Minnesota"},
    {"US", "MS", "Mississippi"},
    {"US", "MO", "Missouri"},
    {"US", "MT", "Montana"},
    {"US", "NE", "Nebraska"},
    {"US", "NV", "Nevada"},
    {"US", "NH", "New Hampshire"},
    {"US", "NJ", "New Jersey"},
    {"US", "NM", "New Mexico"},
    {"US", "NY", "New York"},
    {"US", "NC", "North Carolina"},
    {"US", "ND", "North Dakota"},
    {"US", "OH", "Ohio"},
    {"US", "OK", "Oklahoma"},
    {"US", "OR", "Oregon"},
    {"US", "PA", "Pennsylvania"},
    {"US", "PR", "Puerto Rico"},
    {"US", "RI", "Rhode Island"},
    {"US", "SC", "South Carolina"},
    {"US", "SD", "South Dakota"},
    {"US", "TN", "Tennessee"},
    {"US", "TX", "Texas"},
    {"US", "UT", "Utah"},
    {"US", "VT", "Vermont"},
    {"US", "VA", "Virginia"},
    {"US", "WA", "Washington"},
    {"US", "WV", "West Virginia"},
    {"US", "WI", "Wisconsin"},
    {"US", "WY", "Wyoming"},
    {"CA", "AB", "Alberta"},
    {"CA", "BC", "British Columbia"},
    {"CA", "MB", "Manitoba"},
    {"CA", "NB", "New Brunswick"},
    {"CA", "NL", "Newfoundland"},
    {"CA", "NS", "Nova Scotia"},
    {"CA", "NT", "Northwest Territories"},
    {"CA", "NU", "Nunavut"},
    {"CA", "ON", "Ontario"},
    {"CA", "PE", "Prince Edward Island"},
    {"CA", "QC", "Quebec"},
    {"CA", "QC", "Québec"},
    {"CA", "PQ", "Quebec"},
    {"CA", "SK", "Saskatchewan"},
    {"CA", "YT", "Yukon"},
    {"AU", "ACT", "Australian Capital Territory"},
    {"AU", "NSW", "New South Wales"},
    {"AU", "NT", "Northern Territory"},
    {"AU", "QLD", "Queensland"},
    {"AU", "SA", "South Australia"},
    {"AU", "TAS", "Tasmania"},
    {"AU", "VIC", "Victoria"},
    {"AU", "WA", "Western Australia"},
};

// Folded.
constexpr std::string_view kCounties[] = {"aberdeenshire",
                                          "angus",
                                          "antrim",
                                          "argyll",
                                          "armagh",
                                          "avon",
                                          "ayrshire",
                                          "banffshire",
                                          "beds",
                                          "bedfordshire",
                                          "berks",
                                          "berkshire",
                                          "berwickshire",
                                          "bucks",
                                          "buckinghamshire",
                                          "caithness",
                                          "cambridgeshire",
                                          "cambs",
                                          "carlow",
                                          "carmarthenshire",
                                          "cavan",
                                          "ceredigion",
                                          "cheshire",
                                          "clackmannanshire",
                                          "clare",
                                          "cleveland",
                                          "clwyd",
                                          "co durham",
                                          "conwy",
                                          "cornwall",
                                          "county durham",
                                          "cumbria",
                                          "denbighshire",
                                          "derbyshire",
                                          "devon",
                                          "donegal",
                                          "dorset",
                                          "dumfriesshire",
                                          "dyfed",
                                          "east lothian",
                                          "east sussex",
                                          "east yorkshire",
                                          "essex",
                                          "fife",
                                          "flintshire",
                                          "glos",
                                          "gloucestershire",
                                          "greater london",
                                          "greater manchester",
                                          "gwent",
                                          "gwynedd",
                                          "hampshire",
                                          "hants",
                                          "herefordshire",
                                          "herts",
                                          "hertfordshire",
                                          "humberside",
                                          "inverness shire",
                                          "isle of wight",
                                          "kent",
                                          "kerry",
                                          "kildare",
                                          "kilkenny",
                                          "kincardineshire",
                                          "lanarkshire",
                                          "lancashire",
                                          "lancs",
                                          "laois",
                                          "leicestershire",
                                          "leics",
                                          "leitrim",
                                          "lincolnshire",
                                          "lincs",
                                          "longford",
                                          "louth",
                                          "mayo",
                                          "meath",
                                          "merseyside",
                                          "middlesex",
                                          "middx",
                                          "mid glamorgan",
                                          "midlothian",
                                          "monaghan",
                                          "monmouthshire",
                                          "moray",
                                          "norfolk",
                                          "north yorkshire",
                                          "northamptonshire",
                                          "northants",
                                          "northumberland",
                                          "nottinghamshire",
                                          "notts",
                                          "offaly",
                                          "oxfordshire",
                                          "oxon",
                                          "pembrokeshire",
                                          "perthshire",
                                          "powys",
                                          "renfrewshire",
                                          "roscommon",
                                          "ross shire",
                                          "rutland",
                                          "salop",
                                          "shropshire",
                                          "somerset",
                                          "south glamorgan",
                                          "south yorkshire",
                                          "staffordshire",
                                          "staffs",
                                          "stirlingshire",
                                          "suffolk",
                                          "surrey",
                                          "sussex",
                                          "sutherland",
                                          "tipperary",
                                          "tyne and wear",
                                          "tyrone",
                                          "warks",
                                          "warwickshire",
                                          "west glamorgan",
                                          "west lothian",
                                          "west midlands",
                                          "west sussex",
                                          "west yorkshire",
                                          "westmeath",
                                          "wicklow",
                                          "wilts",
                                          "wiltshire",
                                          "worcestershire",
                                          "worcs",
                                          "yorkshire"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a[0] | 0x20) == (b[0] | 0x20) && lower_ascii(a) == lower_ascii(b);
}

// "D.C." as "DC"; empty when there is anything but letters and dots.
std::string letters_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_letter(c)) {
      out += c;
    } else if (c != '.') {
      return {};
    }
  }
  return out;
}

// Both are of two letters.
bool is_of(const RegionName& region, std::string_view country) {
  return region.country[0] == country[0] && region.country[1] == country[1];
}

bool is_code(std::string_view written, std::string_view code) {
  if (written.front() != code.front() || written.size() > code.size() * 2) return false;
  const std::string letters = letters_of(written);
  if (letters == code) return true;
  // "Az." and "Tex." are how people write them; "in" and "or" are words.
  return written.ends_with('.') && letters.size() == code.size() &&
         letters.front() == code.front() && equals_ignoring_case(letters, code);
}

}  // namespace

std::optional<RegionName> region_at_end(std::string_view text, std::string_view country,
                                        std::size_t& begin) {
  constexpr std::size_t kMostWords = 3;
  if (country.size() != 2) return std::nullopt;
  std::size_t start = text.size();
  for (std::size_t words = 1; words <= kMostWords && start > 0; ++words) {
    const std::size_t space = text.find_last_of(" ,\n|(", start - 1);
    start = space == std::string_view::npos ? 0 : space + 1;
    const std::string_view tail = text.substr(start);
    if (!tail.empty()) {
      for (const RegionName& region : kRegions) {
        if (!is_of(region, country)) continue;
        if ((words == 1 && is_code(tail, region.code)) || equals_ignoring_case(tail, region.name)) {
          begin = start;
          // "West Virginia" ends with "Virginia", "Western Australia" with "Australia".
          if (words == 1 && start > 1 && text[start - 1] == ' ') {
            const std::size_t before = text.find_last_of(" ,\n|(", start - 2);
            const std::size_t from = before == std::string_view::npos ? 0 : before + 1;
            for (const RegionName& other : kRegions) {
              if (is_of(other, country) && equals_ignoring_case(text.substr(from), other.name)) {
                begin = from;
                return other;
              }
            }
          }
          return region;
        }
      }
    }
    if (start == 0 || text[start - 1] != ' ') break;
    --start;
  }
  return std::nullopt;
}

bool is_county(std::string_view text) {
  std::string name = folded(text.substr(0, 40));
  for (const std::string_view prefix : {"county ", "co "}) {
    if (name.starts_with(prefix) && name != "co durham" && name != "county durham") {
      name.erase(0, prefix.size());
    }
  }
  return std::find(std::begin(kCounties), std::end(kCounties), name) != std::end(kCounties);
}

}  // namespace placer
