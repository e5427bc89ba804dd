#include "scraper/place/address_text.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/place/country.h"
#include "scraper/place/postcode.h"
#include "scraper/place/region_names.h"
#include "scraper/place/street_line.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kMostAddresses = 500;
constexpr std::size_t kMostParts = 6;  // before the city
constexpr std::size_t kReach = 320;    // bytes before a code in which its street stands
constexpr std::string_view kSeparators = ",\n|;:\t()";

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

using ascii::is_digit;
using ascii::is_lower;
using ascii::is_upper;

// Bytes of the separator that ends at `end`; 0: none does. Bullets and spaced dashes count.
std::size_t separator_before(std::string_view text, std::size_t end) {
  constexpr std::string_view kBullets[] = {"•", "·", "»", "●", "■", "▪"};
  constexpr std::string_view kSpacedDashes[] = {"- ", "– ", "— ", "* "};
  if (end == 0) return 0;
  const char last = text[end - 1];
  if (kSeparators.find(last) != std::string_view::npos) return 1;
  const std::string_view before = text.substr(0, end);
  if (static_cast<unsigned char>(last) >= 0x80) {
    for (const std::string_view bullet : kBullets) {
      if (before.ends_with(bullet)) return bullet.size();
    }
  }
  if (last != ' ') return 0;
  for (const std::string_view dash : kSpacedDashes) {
    if (!before.ends_with(dash) || end < dash.size() + 2) continue;
    const char far = text[end - dash.size() - 1];
    const bool range = far == ' ' && is_digit(text[end - dash.size() - 2]) && end < text.size() &&
                       is_digit(text[end]);
    if ((far == ' ' && !range) || far == '\n') return dash.size();
  }
  // The end of a sentence: a full stop behind a word that is no abbreviation.
  if (end >= 6 && text[end - 2] == '.' && end < text.size() && is_upper(text[end])) {
    std::size_t letters = 0;
    while (letters < 6 && end >= letters + 3 && is_lower(text[end - 3 - letters])) ++letters;
    if (letters >= 5) return 2;
  }
  return 0;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// `end` without the separators and spaces before it, staying behind `begin`.
std::size_t skip_back(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin) {
    if (is_space(text[end - 1]) || text[end - 1] == '-' || text[end - 1] == '.') {
      // The full stop of "St." stays.
      if (text[end - 1] == '.') return end;
      --end;
      continue;
    }
    const std::size_t separator = separator_before(text, end);
    if (separator == 0 || separator > end - begin) return end;
    end -= separator;
  }
  return end;
}

// The part of the text that ends at `end`.
Range part_before(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t at = end;
  while (at > begin && separator_before(text, at) == 0) --at;
  while (at < end && is_space(text[at])) ++at;
  return {at, end};
}

std::string_view slice(std::string_view text, Range range) {
  return text.substr(range.begin, range.end - range.begin);
}

// Lines of an address as one.
std::string one_line(std::string_view text) {
  std::string out;
  for (const std::string_view line : split_any(text, "\n|")) {
    std::string_view part = line;
    while (part.ends_with(',') || part.ends_with(' ')) part.remove_suffix(1);
    if (part.empty()) continue;
    if (!out.empty()) out += ", ";
    out += part;
  }
  return plain_text(out);
}

class Reader {
 public:
  Reader(std::string_view text, std::string_view country) : text_(text), country_(country) {}

  // The address around a code, not reaching before `floor`.
  std::optional<WrittenAddress> around(const Postcode& code, std::size_t floor) {
    floor_ = std::max(floor, code.begin > kReach ? code.begin - kReach : 0);
    address_ = {};
    address_certain_ = code.certain || code.order == PostcodeOrder::kAfterState;
    strong_ = false;
    address_.postcode = code.code;
    address_.begin = code.begin;
    address_.end = code.end;
    if (code.certain || code.order == PostcodeOrder::kAfterState) address_.country = code.country;
    bool found = false;
    switch (code.order) {
      case PostcodeOrder::kAfterState:
        found = after_state(code);
        break;
      case PostcodeOrder::kAfterCity:
        found = after_city(code);
        break;
      case PostcodeOrder::kBeforeCity:
        found = before_city(code);
        break;
    }
    if (!found) return std::nullopt;
    return std::move(address_);
  }

  // "Fenton, MO" at the end of a line, with a street right before it.
  std::optional<WrittenAddress> without_code(std::size_t end, std::size_t floor,
                                             std::string_view country) {
    floor_ = std::max(floor, end > kReach ? end - kReach : 0);
    address_ = {};
    address_certain_ = false;
    address_.begin = address_.end = end;
    address_.country = country;
    std::size_t begin = 0;
    const auto state = region_at_end(text_.substr(floor_, end - floor_), country, begin);
    if (!state || begin == 0) return std::nullopt;
    address_.state = text_.substr(floor_ + begin, end - floor_ - begin);
    if (!city_and_street(floor_ + begin) || address_.street.empty()) return std::nullopt;
    return std::move(address_);
  }

 private:
  bool after_state(const Postcode& code) {
    std::size_t end = skip_back(text_, floor_, code.begin);
    if (end <= floor_ || code.begin - end > 4) return false;
    while (end > floor_ && text_[end - 1] == ' ') --end;
    std::size_t begin = 0;
    const auto state = region_at_end(text_.substr(floor_, end - floor_), code.country, begin);
    if (!state) {
      if (!code.certain) return false;
      return city_and_street(code.begin);
    }
    address_.state = text_.substr(floor_ + begin, end - floor_ - begin);
    if (address_.state.size() > 3 && address_.state.ends_with('.')) address_.state.pop_back();
    if (!city_and_street(floor_ + begin)) return false;
    stated_country();
    return true;
  }

  bool after_city(const Postcode& code) {
    std::size_t end = code.begin;
    const Range last = part_before(text_, floor_, skip_back(text_, floor_, end));
    if (slice(text_, last).size() > 1 && is_county(slice(text_, last))) {
      address_.state = std::string(slice(text_, last));
      end = last.begin;
    }
    if (!city_and_street(end)) return false;
    const bool stated = stated_country();
    if (stated || !address_.street.empty()) {
      if (!address_.country.empty()) return true;
    } else if (code.certain) {
      return ends_statement(code.end);
    }
    if (address_.street.empty() || code.country.empty()) return false;
    if (code.country != country_ && !strong_ && code.code.find(' ') == std::string::npos)
      return false;
    address_.country = code.country;
    return true;
  }

  // Nothing more is said in the sentence or line.
  bool ends_statement(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ') ++at;
    return at >= text_.size() ||
           std::string_view("\n,.;|()").find(text_[at]) != std::string_view::npos;
  }

  bool before_city(const Postcode& code) {
    const std::size_t end = city_after(code.end);
    if (end == 0) return false;
    address_.end = end;
    const bool line_begins = code.begin == 0 || text_[code.begin - 1] == '\n';
    const bool line_ends = end == text_.size() || text_[end] == '\n' || text_[end] == ',';
    street_before(code.begin);
    const bool stated = stated_country();
    if (address_.country.empty() && !code.country.empty() &&
        (code.country == country_ || !address_.street.empty())) {
      address_.country = code.country;
    }
    const bool long_code = code.code.size() >= 5;
    const bool expected = !country_.empty() && code.country == country_;
    if (!address_.street.empty() && (expected || strong_ || code.certain)) return true;
    if (stated) return true;
    return code.certain ||
           (long_code && code.country == country_ && !country_.empty() && line_begins && line_ends);
  }

  // Where the city that begins at `at` ends; 0: no city begins there.
  std::size_t city_after(std::size_t at) {
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == ',')) ++at;
    if (at < text_.size() && text_[at] == '\n') ++at;
    std::size_t end = at;
    std::size_t words = 0;
    for (std::size_t from = at; from < text_.size() && words < 5;) {
      std::size_t to = from;
      while (to < text_.size() && text_[to] != ' ' && separator_before(text_, to + 1) == 0 &&
             text_[to] != '/') {
        ++to;
      }
      const std::string_view word = text_.substr(from, to - from);
      const bool cedex = words > 0 && word.size() <= 2 && is_digit(word.empty() ? ' ' : word[0]) &&
                         text_.substr(at, end - at).find("edex") != std::string_view::npos;
      if (word.empty() ||
          (!cedex && !is_place_name(words == 0 ? word : "X" + std::string(word), 1) &&
           !is_joiner(word))) {
        break;
      }
      if (ends_city(word)) break;
      ++words;
      if (!is_joiner(word)) end = to;
      if (to >= text_.size() || text_[to] != ' ' || word.ends_with('.')) break;
      from = to + 1;
    }
    if (end == at) return 0;
    std::string_view city = text_.substr(at, end - at);
    while (city.ends_with('.')) city.remove_suffix(1), --end;
    if (city.size() > 50 || city.size() < 2) return 0;
    address_.city = plain_text(city);
    return end;
  }

  static bool is_joiner(std::string_view word) {
    constexpr std::string_view kJoiners[] = {"am", "an", "der", "im",  "bei", "ob",  "sur", "la",
                                             "le", "de", "del", "den", "di",  "da",  "do",  "in",
                                             "i",  "en", "et",  "les", "aan", "van", "v."};
    return std::find(std::begin(kJoiners), std::end(kJoiners), word) != std::end(kJoiners);
  }

  static bool ends_city(std::string_view word) {
    constexpr std::string_view kLabels[] = {"tel", "tél", "telefon", "phone",     "fax",  "telefax",
                                            "t",   "f",   "email",   "e-mail",    "mail", "mobil",
                                            "tlf", "puh", "www",     "copyright", "map"};
    while (word.ends_with('.') || word.ends_with(':')) word.remove_suffix(1);
    const std::string low = lower_ascii(word);
    return std::find(std::begin(kLabels), std::end(kLabels), low) != std::end(kLabels);
  }

  // The city ends at `end`; the street stands before it.
  bool city_and_street(std::size_t end) {
    end = skip_back(text_, floor_, end);
    const Range part = part_before(text_, floor_, end);
    const std::string_view written = slice(text_, part);
    if (written.empty()) return false;
    if (written.size() <= 40 && is_place_name(written, 4) && !is_box(written)) {
      address_.city = plain_text(written);
      address_.begin = part.begin;
      street_before(part.begin);
      return true;
    }
    // Street and city in one: the city is what follows the street's last word.
    if (const auto street = end_of_street(written)) {
      std::string_view city = trimmed(written.substr(*street));
      if (!city.empty() && is_place_name(city, address_.country == "GB" ? 7 : 4)) {
        if (address_.country == "GB") city = city_of_tail(city);
        address_.city = plain_text(city);
        const auto begin = static_cast<std::size_t>(city.data() - text_.data());
        address_.begin = begin;
        street_before(begin);
        return true;
      }
    }
    // The end of a sentence: its last capitalised words.
    std::size_t begin = end;
    std::size_t words = 0;
    while (begin > part.begin && words < 3) {
      const std::size_t space = text_.find_last_of(" \n", begin - 1);
      const std::size_t from =
          space == std::string_view::npos || space < part.begin ? part.begin : space + 1;
      if (!is_place_name(text_.substr(from, begin - from), 1)) break;
      address_.begin = from;
      ++words;
      if (from == part.begin) break;
      begin = from - 1;
    }
    if (words == 0) return false;
    address_.city = plain_text(text_.substr(address_.begin, end - address_.begin));
    return true;
  }

  // Of "Kingsditch Trading Estate Cheltenham Gloucestershire" the city; the county goes with it.
  std::string_view city_of_tail(std::string_view tail) {
    const std::size_t last = tail.rfind(' ');
    if (last == std::string_view::npos) return tail;
    if (is_county(tail.substr(last + 1)) && tail.substr(last + 1) != "London") {
      address_.state = std::string(tail.substr(last + 1));
      tail = tail.substr(0, last);
    }
    const std::size_t space = tail.rfind(' ');
    return space == std::string_view::npos ? tail : tail.substr(space + 1);
  }

  // In Britain many a street address has no number.
  bool is_unnumbered_street(AddressLine line, Range range) const {
    if (!address_certain_) return false;
    const std::size_t end = skip_back(text_, floor_, range.begin);
    const AddressLine above = read_address_part(slice(text_, part_before(text_, floor_, end))).line;
    if (above == AddressLine::kStreet || above == AddressLine::kRoad) return false;
    const bool british = address_.country == "GB" || address_.country == "IE";
    return line == AddressLine::kRoad || (british && line == AddressLine::kBuilding);
  }

  static bool is_box(std::string_view part) {
    return read_address_part(part).line == AddressLine::kBox;
  }

  // Collects the parts that end at `end` up to the street.
  void street_before(std::size_t end) {
    const std::size_t street_end = skip_back(text_, floor_, end);
    std::size_t at = street_end;
    std::size_t begin = street_end;
    bool street = false;
    for (std::size_t parts = 0; parts < kMostParts && at > floor_; ++parts) {
      const Range range = part_before(text_, floor_, at);
      const AddressPart part = read_address_part(slice(text_, range));
      if (part.line == AddressLine::kOther) break;
      if (street && !joins_street(range, part)) break;
      if (!street && part.line == AddressLine::kName && parts >= 2) break;
      const bool is_street = part.line == AddressLine::kStreet || part.line == AddressLine::kBox ||
                             (!street && is_unnumbered_street(part.line, range));
      strong_ = strong_ || (is_street && part.strong);
      if (is_street || street || part.line == AddressLine::kUnit) begin = range.begin + part.begin;
      street = street || is_street;
      if (is_street && part.begin > 0) break;
      at = skip_back(text_, floor_, range.begin);
    }
    if (!street || begin >= street_end) return;
    address_.street = one_line(text_.substr(begin, street_end - begin));
    address_.begin = begin;
  }

  // May the part before the street belong to it? Units, and buildings named beside it.
  bool joins_street(Range range, const AddressPart& part) const {
    if (part.line == AddressLine::kUnit) return slice(text_, range).size() > 2;
    if (part.line == AddressLine::kStreet || part.line == AddressLine::kRoad) return false;
    return part.line == AddressLine::kBox || part.line == AddressLine::kBuilding;
  }

  // "..., Germany" behind the address.
  bool stated_country() {
    constexpr std::size_t kLongest = 30;
    std::size_t at = address_.end;
    while (at < text_.size() && (is_space(text_[at]) || text_[at] == ',' || text_[at] == '|' ||
                                 text_[at] == '.' || text_[at] == '-')) {
      ++at;
    }
    if (at == address_.end || at >= text_.size() || !is_upper(text_[at])) return false;
    std::size_t end = at;
    while (end < text_.size() && end - at <= kLongest && text_[end] != '\n' && text_[end] != ',' &&
           text_[end] != '|' && !is_digit(text_[end]) && text_[end] != '(' && text_[end] != ';') {
      ++end;
    }
    if (end - at > kLongest || end - at < 2) return false;
    std::string_view name = trimmed(text_.substr(at, end - at));
    while (name.ends_with('.') && name.size() > 6) name.remove_suffix(1);
    if (name.size() == 2 && name != "UK" && name != "US") return false;  // a state more likely
    const auto code = country_code(name);
    if (!code || !is_postcode_of(address_.postcode, *code)) return false;
    address_.country = *code;
    address_.end = at + name.size();
    return true;
  }

  std::string_view text_;
  std::string_view country_;
  std::size_t floor_ = 0;
  bool address_certain_ = false;  // the code alone says that an address is here
  bool strong_ = false;           // the street is one by itself
  WrittenAddress address_;
};

template <std::size_t N>
bool is_one_of(const std::string_view (&table)[N], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

// May the line end with a state: a capitalised word, with others before it?
bool ends_capitalised(std::string_view line) {
  if (line.size() < 6 || line.size() > 120) return false;
  std::size_t at = line.size();
  while (at > 0 && line[at - 1] != ' ' && line[at - 1] != ',') --at;
  return at > 3 && at < line.size() && is_upper(line[at]);
}

bool ends_with_state(std::string_view line, std::string_view country) {
  std::size_t begin = 0;
  return region_at_end(line, country, begin) && begin > 3;
}

// Lines of "City, ST" near a number.
void add_addresses_without_code(std::string_view text, std::string_view country, Reader& reader,
                                std::vector<WrittenAddress>& all) {
  constexpr std::string_view kFederal[] = {"US", "CA"};
  if (!country.empty() && !is_one_of(kFederal, country)) return;
  std::size_t floor = 0;
  std::size_t tries = 0;
  std::vector<WrittenAddress> more;
  for (std::size_t begin = 0; begin < text.size() && tries < kMostAddresses;) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (!ends_capitalised(line)) continue;
    const std::size_t near = end < kReach ? 0 : end - kReach + 1;
    if (find_digit(text.substr(0, end), near) == std::string_view::npos) continue;
    for (const std::string_view federal : kFederal) {
      if ((!country.empty() && country != federal) || !ends_with_state(line, federal)) continue;
      ++tries;
      auto address = reader.without_code(end, floor, federal);
      if (!address) continue;
      floor = end;
      const bool known = std::any_of(all.begin(), all.end(), [&](const WrittenAddress& other) {
        return other.begin < address->end && address->begin < other.end;
      });
      if (!known) more.push_back(std::move(*address));
      break;
    }
  }
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<WrittenAddress> find_addresses(std::string_view text, std::string_view country) {
  std::vector<WrittenAddress> all;
  Reader reader(text, country);
  std::size_t floor = 0;
  for (const Postcode& code : find_postcodes(text, country)) {
    if (code.begin < floor || all.size() >= kMostAddresses) continue;
    if (auto address = reader.around(code, floor)) {
      floor = address->end;
      all.push_back(std::move(*address));
    }
  }
  add_addresses_without_code(text, country, reader, all);
  std::stable_sort(all.begin(), all.end(), [](const WrittenAddress& a, const WrittenAddress& b) {
    return a.begin < b.begin;
  });
  return all;
}

std::optional<WrittenAddress> split_address(std::string_view line, std::string_view country) {
  line = trimmed(line);
  auto found = find_addresses(line, country);
  if (found.size() != 1) return std::nullopt;
  WrittenAddress& address = found.front();
  if (address.street.empty() || address.city.empty() || address.postcode.empty()) {
    return std::nullopt;
  }
  const std::string_view rest = trimmed(line.substr(address.end));
  if (address.begin != 0 || !(rest.empty() || rest == "." || rest == ",")) return std::nullopt;
  return std::move(address);
}

}  // namespace placer
