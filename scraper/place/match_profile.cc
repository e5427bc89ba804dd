// A place taken apart for comparing (match.h).
#include <algorithm>
#include <charconv>

#include "scraper/ascii.h"
#include "scraper/frontier/url.h"
#include "scraper/place/match.h"
#include "scraper/place/match_words.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kMaxWords = 16;  // of a name or a street
constexpr std::size_t kMaxPhones = 4;
constexpr double kGenericWeight = 0.4;
constexpr double kSmallWeight = 0.1;  // of joining words and of the place's own town

using ascii::is_digit;
using ascii::is_letter;

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> words;
  const std::string flat = folded(text);
  for (const std::string_view word : split_any(flat, " ")) {
    if (words.size() == kMaxWords) break;
    words.emplace_back(word);
  }
  return words;
}

std::string host_of(std::string_view url) {
  const auto parsed = Url::parse(url);
  if (!parsed) return {};
  std::string_view host = parsed->host();
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

// "12", "12b", "12-14", "12-b", "12/3"; nothing for "2nd" and for words.
bool read_house_number(std::string_view word, StreetParts& out) {
  while (word.ends_with(',') || word.ends_with('.')) word.remove_suffix(1);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits > 6) return false;
  std::string_view rest = word.substr(digits);
  const std::string ending = lower_ascii(rest);
  if (ending == "st" || ending == "nd" || ending == "rd" || ending == "th") return false;
  if (rest.size() > 8) return false;
  std::uint32_t low = 0;
  std::from_chars(word.data(), word.data() + digits, low);
  out.low = out.high = low;
  out.suffix.clear();
  const bool dash = rest.starts_with('-') || rest.starts_with("\xE2\x80\x93");
  if (dash) rest.remove_prefix(rest[0] == '-' ? 1 : 3);
  std::uint32_t high = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), high);
  constexpr std::uint32_t kWidestRange = 200;
  if (dash && error == std::errc{} && high >= low && high - low <= kWidestRange) {
    out.high = high;
  } else {
    for (const char c : rest) {
      if (is_letter(c) || is_digit(c)) out.suffix += lower_ascii(std::string_view(&c, 1));
    }
  }
  return true;
}

// Takes the house number off the words of a street line: at its begin or at its end.
void take_house_number(std::vector<std::string_view>& words, StreetParts& out) {
  if (words.size() < 2) return;
  if (read_house_number(words.front(), out)) {
    words.erase(words.begin());
    return;
  }
  const std::string_view last = words.back();
  const bool letter = last.size() == 1 && is_letter(last[0]) && words.size() > 2;
  if (letter && is_digit(words[words.size() - 2].front()) &&
      read_house_number(words[words.size() - 2], out)) {
    out.suffix = lower_ascii(last);
    words.resize(words.size() - 2);
  } else if (read_house_number(last, out)) {
    words.pop_back();
  }
}

// "hauptstrasse" and "hauptstr" -> "haupt".
bool strip_street_ending(std::string& word) {
  for (const std::string_view ending : {"strasse", "straat", "str"}) {
    if (word.size() > ending.size() + 1 && word.ends_with(ending)) {
      word.resize(word.size() - ending.size());
      return true;
    }
  }
  return false;
}

void read_street_word(const std::string& word, bool last, StreetParts& out) {
  std::string_view type = street_type(word);
  if (type.empty() && last && word == "la" && !out.words.empty()) type = "ln";
  if (word == "st" && !last && out.words.empty()) type = {};  // a saint
  const std::string_view direction = street_direction(word);
  if (!type.empty() && out.type.empty()) {
    out.type = type;
  } else if (!direction.empty() && out.direction.empty()) {
    out.direction = direction;
    out.joined += direction;
  } else if (kind_of_name_word(word) != NameWord::kJoining || word.size() == 1) {
    std::string name = canonical_name_word(word);
    if (out.type.empty() && strip_street_ending(name)) out.type = "st";
    out.joined += name;
    out.words.push_back(std::move(name));
  }
}

void read_street(std::string_view line, std::string_view number, StreetParts& out) {
  std::vector<std::string_view> raw = split_any(line, " ,");
  if (raw.size() > kMaxWords) raw.resize(kMaxWords);
  take_house_number(raw, out);
  if (!number.empty()) {
    const auto parts = split_any(number, " ");
    if (!parts.empty() && read_house_number(parts[0], out) && parts.size() == 2 &&
        parts[1].size() == 1) {
      out.suffix = lower_ascii(parts[1]);
    }
  }
  std::string text;
  for (const std::string_view word : raw) text.append(word).append(" ");
  const auto words = folded_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool begun = !out.words.empty() || !out.type.empty();
    const bool numbered =
        i + 1 < words.size() && (is_digit(words[i + 1][0]) || words[i + 1].size() == 1);
    if (begun && numbered && names_unit(word)) {
      if (out.unit.empty()) out.unit = words[i + 1];
      break;
    }
    if (begun && ends_street(word)) break;
    // After "Main Street" comes a direction or what is no part of the street any more.
    const bool named = !out.words.empty() && !out.type.empty() && i >= 2;
    const bool type_last = named && street_type(words[i - 1]) == out.type;
    if (type_last && street_direction(word).empty()) break;
    read_street_word(word, i + 1 == words.size(), out);
  }
  if (out.words.empty() && !out.type.empty()) {  // "Highway 66", "Broadway"
    out.words.push_back(out.type);
    if (out.low != 0 && number.empty()) {
      out.words.push_back(std::to_string(out.low));
      out.low = out.high = 0;
    }
    out.joined += out.type;
  }
}

// The part of an address line that has a number and is not the postcode.
std::string_view street_of_line(std::string_view line, std::string_view postcode) {
  for (const std::string_view part : split_any(line, ",;\n")) {
    const bool digits = std::any_of(part.begin(), part.end(), is_digit);
    if (digits && (postcode.empty() || part.find(postcode) == std::string_view::npos)) return part;
  }
  return {};
}

void read_address(const Place& place, MatchProfile& profile) {
  if (place.addr_street) {
    read_street(*place.addr_street, place.addr_housenumber.value_or(""), profile.street);
  } else if (place.addr_full) {
    read_street(street_of_line(*place.addr_full, place.addr_postcode.value_or("")),
                place.addr_housenumber.value_or(""), profile.street);
  }
  if (place.addr_unit) {
    const auto words = folded_words(*place.addr_unit);
    if (!words.empty()) profile.street.unit = words.back();
  }
  profile.postcode = folded(place.addr_postcode.value_or(""));
  std::erase(profile.postcode, ' ');
  std::string city;
  for (const std::string& word : folded_words(place.addr_city.value_or(""))) {
    const std::string_view direction = word.size() <= 2 ? street_direction(word) : "";
    city += (city.empty() ? "" : " ") +
            (direction.empty() ? canonical_name_word(word) : std::string(direction));
  }
  profile.city = city;
  profile.country = place.addr_country.value_or("");
}

void read_name(const Place& place, MatchProfile& profile) {
  const auto words = folded_words(place.name.value_or(""));
  const auto town = folded_words(place.addr_city.value_or(""));
  std::vector<std::string> telling;
  std::vector<std::string> generic;
  for (const std::string& word : words) {
    NameWord kind = kind_of_name_word(word);
    if (kind == NameWord::kLegal && words.size() > 1) continue;
    const bool in_town = std::find(town.begin(), town.end(), word) != town.end();
    std::string form = canonical_name_word(word);
    if (in_town || kind == NameWord::kJoining) {
      profile.name.push_back({form, kSmallWeight});
    } else if (kind == NameWord::kGeneric) {
      profile.name.push_back({form, kGenericWeight});
      generic.push_back(std::move(form));
    } else {
      profile.name.push_back({form, 1});
      telling.push_back(std::move(form));
    }
  }
  auto& key = telling.empty() ? generic : telling;
  std::sort(key.begin(), key.end());
  for (const std::string& word : key)
    profile.name_key += (profile.name_key.empty() ? "" : " ") + word;
}

void read_website(const Place& place, MatchProfile& profile) {
  const auto url = Url::parse(place.website.value_or(""));
  if (!url) return;
  std::string_view path = url->path();
  while (path.ends_with('/')) path.remove_suffix(1);
  profile.website = host_of(*place.website);
  profile.website += path;
  if (!url->query().empty()) profile.website += '?' + std::string(url->query());
  profile.front_page = path.empty() && url->query().empty();
}

}  // namespace

MatchProfile match_profile(const Place& place, std::string_view page_url) {
  MatchProfile profile;
  read_name(place, profile);
  read_address(place, profile);
  if (place.lat && place.lon) {
    profile.lat = place.lat;
    profile.lon = place.lon;
  }
  const std::string phones = place.phone.value_or("");
  for (const std::string_view phone : split_any(phones, ";")) {
    if (profile.phones.size() < kMaxPhones) profile.phones.emplace_back(phone);
  }
  profile.email = lower_ascii(place.email.value_or(""));
  read_website(place, profile);
  profile.category = place.category.value_or("");
  profile.brand = folded(place.brand.value_or(""));
  add_publisher(profile, place, page_url);
  return profile;
}

void add_publisher(MatchProfile& profile, const Place& stated, std::string_view page_url) {
  constexpr std::size_t kMaxPublishers = 16;
  const auto add = [&](auto& list, std::string value) {
    std::pair<std::string, std::string> entry(host_of(page_url), std::move(value));
    if (list.size() < kMaxPublishers && !entry.first.empty() && !entry.second.empty() &&
        std::find(list.begin(), list.end(), entry) == list.end()) {
      list.push_back(std::move(entry));
    }
  };
  // "#1" and "_:b0" name a thing within one page only.
  const std::string ref = stated.ref.value_or("");
  if (!ref.starts_with('#') && !ref.starts_with("_:")) add(profile.refs, ref);
  add(profile.branches, folded(stated.branch.value_or("")));
  const std::string page(page_url);
  if (profile.pages.size() < kMaxPublishers && !page.empty() &&
      std::find(profile.pages.begin(), profile.pages.end(), page) == profile.pages.end()) {
    profile.pages.push_back(page);
  }
}

}  // namespace placer
