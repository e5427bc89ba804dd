#include "scraper/extract/text/findings.h"

#include <algorithm>
#include <map>
#include <utility>

#include "scraper/frontier/url.h"
#include "scraper/place/country.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

// Languages that one country speaks for the most part, and pages of no stated country are in.
struct LanguageCountry {
  std::string_view language;
  std::string_view country;
};
constexpr LanguageCountry kCountries[] = {
    {"de", "DE"}, {"fr", "FR"}, {"es", "ES"}, {"it", "IT"}, {"nl", "NL"}, {"pl", "PL"},
    {"cs", "CZ"}, {"sk", "SK"}, {"sv", "SE"}, {"da", "DK"}, {"no", "NO"}, {"nb", "NO"},
    {"fi", "FI"}, {"ro", "RO"}, {"hu", "HU"}, {"el", "GR"}, {"tr", "TR"}, {"ru", "RU"},
    {"uk", "UA"}, {"ja", "JP"}, {"ko", "KR"}, {"bg", "BG"}, {"hr", "HR"}, {"sl", "SI"},
    {"et", "EE"}, {"lv", "LV"}, {"lt", "LT"}};

std::string country_of_language(std::string_view tag) {
  const std::size_t dash = tag.find_first_of("-_");
  if (dash != std::string_view::npos && tag.size() == dash + 3 && tag.substr(0, dash) != "en") {
    if (auto code = country_code(tag.substr(dash + 1))) return *code;
  }
  const std::string language = lower_ascii(tag.substr(0, dash));
  if (language == "en" && dash != std::string_view::npos && tag.size() == dash + 3 &&
      lower_ascii(tag.substr(dash + 1)) != "us") {
    return country_code(tag.substr(dash + 1)).value_or("");  // "en-US" is a default of editors
  }
  for (const LanguageCountry& row : kCountries) {
    if (row.language == language) return std::string(row.country);
  }
  return {};
}

std::string country_of_addresses(const std::vector<WrittenAddress>& addresses) {
  std::map<std::string, std::size_t> votes;
  for (const WrittenAddress& address : addresses) {
    if (!address.country.empty()) ++votes[address.country];
  }
  std::string most;
  for (const auto& [country, count] : votes) {
    if (most.empty() || count > votes[most]) most = country;
  }
  return most;
}

std::size_t digit_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// "tel:" links whose text is no number, or another.
void add_phone_links(const Prose& prose, std::string_view region,
                     std::vector<PhoneMention>& phones) {
  for (const ProseLink& link : prose.phone_links) {
    const auto numbers = parse_phones(link.href, region);
    const auto stated = numbers.empty() ? parse_phones(link.href, "US") : numbers;
    if (stated.size() != 1 || digit_count(link.href) < 7) continue;
    const bool known = std::any_of(phones.begin(), phones.end(), [&](const PhoneMention& phone) {
      return phone.e164 == stated[0].e164;
    });
    if (known) continue;
    PhoneMention mention;
    mention.begin = mention.end = std::min<std::size_t>(link.at, prose.text.size());
    mention.e164 = stated[0].e164;
    mention.extension = stated[0].extension;
    mention.labelled = true;
    phones.push_back(std::move(mention));
  }
  std::stable_sort(phones.begin(), phones.end(),
                   [](const PhoneMention& a, const PhoneMention& b) { return a.begin < b.begin; });
}

// The end of a telephone number may look like a postal code: "+49 89 212 72784".
void drop_addresses_in_numbers(Findings& found) {
  std::erase_if(found.addresses, [&](const WrittenAddress& address) {
    if (address.postcode.empty()) return false;
    const std::string_view upto = std::string_view(found.prose.text).substr(0, address.end);
    const std::size_t code = upto.substr(address.begin).rfind(address.postcode);
    if (code == std::string_view::npos) return false;
    const std::size_t at = address.begin + code;
    // The last number that begins before the end of the code.
    const auto after = std::upper_bound(
        found.phones.begin(), found.phones.end(), at,
        [](std::size_t place, const PhoneMention& phone) { return place < phone.begin; });
    return after != found.phones.begin() && std::prev(after)->end > at &&
           !std::prev(after)->e164.empty();
  });
}

}  // namespace

Findings read_findings(const Page& page, Prose prose) {
  Findings found;
  found.prose = std::move(prose);
  const std::string& text = found.prose.text;
  if (find_digit(text, 0) == std::string_view::npos && found.prose.phone_links.empty()) {
    return found;
  }
  const auto url = Url::parse(page.url());
  found.country = url ? country_of_host(url->host()).value_or("") : std::string();
  const std::string spoken = country_of_language(page.facts().language);
  found.addresses = find_addresses(text, found.country.empty() ? spoken : found.country);
  if (found.country.empty()) found.country = country_of_addresses(found.addresses);
  if (found.country.empty()) found.country = spoken;
  found.phones = find_phones(text, found.country);
  drop_addresses_in_numbers(found);
  if (!found.prose.phone_links.empty()) add_phone_links(found.prose, found.country, found.phones);
  return found;
}

}  // namespace placer
