#include "scraper/extract/observe.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/extract/schema/types.h"
#include "scraper/extract/text/page_contacts.h"
#include "scraper/frontier/url.h"
#include "scraper/place/clean.h"
#include "scraper/place/identity.h"

namespace placer {
namespace {

// Small businesses have their mail here. The first label of the domain.
constexpr std::array<std::string_view, 24> kMailProviders = {
    "aol",     "arcor",   "bluewin",  "btinternet", "freenet", "gmail", "gmx", "hotmail",
    "icloud",  "laposte", "libero",   "live",       "mail",    "me",    "msn", "orange",
    "outlook", "seznam",  "t-online", "virgilio",   "wanadoo", "web",   "wp",  "yahoo"};

std::string_view domain_of(std::string_view email) { return email.substr(email.find('@') + 1); }

std::string_view without_www(std::string_view host) {
  if (host.starts_with("www.")) host.remove_prefix(4);
  return host;
}

bool is_businesss_own(std::string_view email, std::string_view page_url) {
  const std::string_view domain = domain_of(email);
  const auto url = Url::parse(page_url);
  const std::string_view host = url ? without_www(url->host()) : std::string_view();
  if (host == domain || host.ends_with("." + std::string(domain))) return true;
  return std::ranges::find(kMailProviders, domain.substr(0, domain.find('.'))) !=
         kMailProviders.end();
}

// True when all observations are of one business, so that the page's links are its own.
bool is_of_one_business(const std::vector<Observation>& seen, const std::string& url) {
  if (seen.empty()) return false;
  const std::string key = identity_key(seen.front().place, url);
  return std::ranges::all_of(seen, [&](const Observation& observation) {
    const Place& place = observation.place;
    return place.name && (!place.schema_type || is_local_business(*place.schema_type)) &&
           identity_key(place, url) == key;
  });
}

std::optional<Observation> contacts_of(const Page& page, const std::vector<Observation>& seen,
                                       const CleanContext& context) {
  const auto states = [&seen](auto field) {
    return std::ranges::any_of(
        seen, [field](const Observation& o) { return (o.place.*field).has_value(); });
  };
  const bool has_email = states(&Place::email);
  const bool has_socials = states(&Place::socials);
  if ((has_email && has_socials) || !is_of_one_business(seen, page.url())) return std::nullopt;
  const PageContacts contacts = page_contacts(page);
  RawPlace raw{"links", nlohmann::json::object()};
  if (!has_email && !contacts.emails.empty() &&
      is_businesss_own(contacts.emails.front(), page.url())) {
    raw.fields["email"] = contacts.emails.front();
  }
  if (!has_socials && !contacts.profiles.empty()) raw.fields["sameAs"] = contacts.profiles;
  if (raw.fields.empty()) return std::nullopt;
  Observation observation = clean(raw, "contacts", context);
  observation.about = 1;
  return observation;
}

}  // namespace

void observe(const Page& page, const std::vector<std::unique_ptr<Extractor>>& extractors,
             Outcome& outcome) {
  const CleanContext context{page.url(), page.facts().language};
  std::vector<Observation>& seen = outcome.places;
  std::uint32_t precedence = 0;
  for (const auto& extractor : extractors) {
    const std::uint32_t own = precedence++;
    if (extractor->last_resort() && !seen.empty()) continue;
    Extraction found = extractor->read(page);
    std::ranges::move(found.links, std::back_inserter(outcome.links));
    if (!found.rule_hits.empty()) outcome.rule_hits = std::move(found.rule_hits);
    for (const RawPlace& raw : found.places) {
      seen.push_back(clean(raw, extractor->format(), context));
      seen.back().precedence = own;
    }
  }
  if (auto contacts = contacts_of(page, seen, context)) {
    contacts->precedence = precedence;
    seen.push_back(std::move(*contacts));
  }
}

}  // namespace placer
