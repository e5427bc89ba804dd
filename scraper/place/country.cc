#include "scraper/place/country.h"

#include <unicode/locid.h>
#include <unicode/udata.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>
#include <unicode/ures.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "scraper/place/text.h"

namespace placer {
namespace {

using CodeByText = std::unordered_map<std::string, std::string>;

constexpr const char* kLanguages[] = {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da",
                                      "nb", "fi", "cs", "sk", "hu", "ro", "bg", "el", "tr", "ru",
                                      "uk", "hr", "sl", "et", "lv", "lt", "ca", "ja", "zh", "ko",
                                      "ar", "he", "fa", "th", "vi", "id", "ms", "hi", "is", "ga"};

struct Alias {
  std::string_view name;  // folded
  const char* code;
};

constexpr Alias kAliases[] = {
    {"uk", "GB"},
    {"england", "GB"},
    {"scotland", "GB"},
    {"wales", "GB"},
    {"northern ireland", "GB"},
    {"great britain", "GB"},
    {"britain", "GB"},
    {"the united kingdom", "GB"},
    {"united kingdom of great britain and northern ireland", "GB"},
    {"u k", "GB"},
    {"u s", "US"},
    {"u s a", "US"},
    {"united states of america", "US"},
    {"the united states", "US"},
    {"america", "US"},
    {"eeuu", "US"},
    {"ee uu", "US"},
    {"etats unis d amerique", "US"},
    {"vereinigte staaten von amerika", "US"},
    {"the netherlands", "NL"},
    {"holland", "NL"},
    {"czech republic", "CZ"},
    {"republic of ireland", "IE"},
    {"eire", "IE"},
    {"el", "GR"},
    {"hellas", "GR"},
    {"bundesrepublik deutschland", "DE"},
    {"federal republic of germany", "DE"},
    {"brd", "DE"},
    {"republic of korea", "KR"},
    {"korea", "KR"},
    {"russian federation", "RU"},
    {"viet nam", "VN"},
    {"ivory coast", "CI"},
    {"cape verde", "CV"},
    {"swaziland", "SZ"},
    {"macedonia", "MK"},
    {"turkiye", "TR"},
    {"turkey", "TR"},
    {"burma", "MM"},
    {"uae", "AE"},
    {"hong kong", "HK"},
    {"macau", "MO"},
    {"people s republic of china", "CN"},
    {"pr china", "CN"},
    {"taiwan roc", "TW"},
    {"brasil", "BR"},
    {"espana", "ES"},
    {"ksa", "SA"},
    {"schweiz suisse", "CH"},
};

// Country-code domains that anyone registers for their letters or price.
constexpr std::string_view kGeneric[] = {
    "ac", "ad", "ag", "ai", "am", "as", "bz", "cc", "cd", "cf", "co", "cx", "fm", "ga",
    "gd", "gg", "gl", "gq", "gs", "hm", "im", "io", "ki", "la", "lc", "li", "ly", "me",
    "ml", "ms", "nf", "nr", "nu", "pm", "pn", "pw", "sc", "sh", "so", "sr", "st", "sx",
    "tc", "tf", "tk", "tl", "tm", "to", "tv", "vc", "vg", "vu", "wf", "ws", "yt"};

const std::unordered_set<std::string>& alpha2_codes() {
  static const std::unordered_set<std::string> codes = [] {
    std::unordered_set<std::string> all = {"XK"};  // Kosovo: assigned by its users
    for (const char* const* code = uloc_getISOCountries(); *code != nullptr; ++code) {
      all.emplace(*code);
    }
    return all;
  }();
  return codes;
}

const CodeByText& alpha3_codes() {
  static const CodeByText codes = [] {
    CodeByText all;
    for (const std::string& code : alpha2_codes()) {
      const char* alpha3 = icu::Locale("", code.c_str()).getISO3Country();
      if (alpha3 != nullptr && *alpha3 != '\0') all.emplace(alpha3, code);
    }
    return all;
  }();
  return codes;
}

std::optional<std::string> find(const CodeByText& table, const std::string& key) {
  const auto found = table.find(key);
  if (found == table.end()) return std::nullopt;
  return found->second;
}

// The table of country names in ICU's locale data. One look-up by uloc costs as much as reading all
// of it.
class DisplayCountries {
 public:
  explicit DisplayCountries(const char* language) : locale_(language) {
    UErrorCode status = U_ZERO_ERROR;
    bundle_.adoptInstead(ures_open(U_ICUDATA_NAME "-region", language, &status));
    table_.adoptInstead(ures_getByKey(bundle_.getAlias(), "Countries", nullptr, &status));
    usable_ = U_SUCCESS(status) != 0;
  }

  std::string name_of(const std::string& code) const {
    icu::UnicodeString name;
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t length = 0;
    const UChar* text =
        usable_ ? ures_getStringByKey(table_.getAlias(), code.c_str(), &length, &status) : nullptr;
    if (text != nullptr && U_SUCCESS(status)) {
      name.setTo(text, length);
    } else {
      icu::Locale("", code.c_str()).getDisplayCountry(locale_, name);
    }
    std::string utf8;
    return name.toUTF8String(utf8);
  }

 private:
  icu::Locale locale_;
  icu::LocalUResourceBundlePointer bundle_;
  icu::LocalUResourceBundlePointer table_;
  bool usable_ = false;
};

// The folded names of all countries in one language, in one string: 40 languages are 10,000 names,
// and every worker process has its own.
class CountryNames {
 public:
  explicit CountryNames(const char* language) {
    const DisplayCountries in(language);
    const std::set<std::string> codes(alpha2_codes().begin(), alpha2_codes().end());
    for (const std::string& code : codes) {
      const std::string text = folded(in.name_of(code));
      const auto at = static_cast<std::uint32_t>(text_.size());
      names_.push_back({at, static_cast<std::uint16_t>(text.size()), {code[0], code[1]}});
      text_ += text;
    }
    // Codes in order: a name that two countries share always means the same one.
    std::ranges::stable_sort(names_, {}, [this](const Name& name) { return text_of(name); });
    text_.shrink_to_fit();
    names_.shrink_to_fit();
  }

  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (const Name& name : names_) visit(text_of(name));
  }

  std::optional<std::string> code_of(std::string_view name) const {
    const auto found = std::ranges::lower_bound(
        names_, name, {}, [this](const Name& known) { return text_of(known); });
    if (found == names_.end() || text_of(*found) != name) return std::nullopt;
    return std::string(found->code.data(), found->code.size());
  }

 private:
  struct Name {
    std::uint32_t at;  // in text_
    std::uint16_t length;
    std::array<char, 2> code;  // ISO 3166-1 alpha-2
  };

  std::string_view text_of(const Name& name) const {
    return std::string_view(text_).substr(name.at, name.length);
  }

  std::string text_;
  std::vector<Name> names_;
};

std::size_t short_hash(std::string_view name) {
  return std::hash<std::string_view>()(name) & 0xFFFFU;
}

// Loaded when first asked for.
template <std::size_t kLanguage>
const CountryNames& names_in() {
  static const CountryNames table(kLanguages[kLanguage]);
  return table;
}

// The hashes of the names in all languages, 16 bits of each: most texts that are asked for name no
// country.
template <std::size_t... kLanguage>
const std::bitset<1U << 16U>& names_by_hash(std::index_sequence<kLanguage...>) {
  static const auto hashes = [] {
    std::bitset<1U << 16U> all;
    const auto add = [&all](std::string_view name) { all.set(short_hash(name)); };
    (names_in<kLanguage>().for_each(add), ...);
    return all;
  }();
  return hashes;
}

template <std::size_t... kLanguage>
std::optional<std::string> find_name(std::string_view name, std::index_sequence<kLanguage...> all) {
  std::optional<std::string> code = names_in<0>().code_of(name);  // English, mostly
  if (code || !names_by_hash(all).test(short_hash(name))) return code;
  static_cast<void>(((code = names_in<kLanguage>().code_of(name)) || ...));
  return code;
}

std::string upper_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

std::optional<std::string> country_code(std::string_view text) {
  constexpr std::size_t kLongestName = 100;
  text = trimmed(text);
  if (text.size() > kLongestName) return std::nullopt;
  if (text.starts_with("http://") || text.starts_with("https://")) {
    text = text.substr(text.find_last_of("/#") + 1);
  }
  const std::string code = upper_ascii(text);
  if (code.size() == 2 && alpha2_codes().contains(code)) return code;
  if (code.size() == 3) {
    if (auto alpha2 = find(alpha3_codes(), code)) return alpha2;
  }
  const std::string name = folded(text);
  if (name.empty()) return std::nullopt;
  for (const Alias& alias : kAliases) {
    if (alias.name == name) return alias.code;
  }
  return find_name(name, std::make_index_sequence<std::size(kLanguages)>{});
}

std::optional<std::string> country_of_host(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string domain = lower_ascii(host.substr(dot + 1));
  if (domain == "uk") return "GB";
  if (std::find(std::begin(kGeneric), std::end(kGeneric), domain) != std::end(kGeneric)) {
    return std::nullopt;
  }
  std::string code = upper_ascii(domain);
  if (!alpha2_codes().contains(code)) return std::nullopt;
  return code;
}

}  // namespace placer
