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
#include "scraper/place/text.h"

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

// True when all observations that stand for themselves are of one place.
bool are_of_one_place(const std::vector<Observation>& seen, const std::string& url) {
  if (seen.empty()) return false;
  const std::string key = identity_key(seen.front().place, url);
  return std::ranges::all_of(seen, [&](const Observation& observation) {
    return observation.about != 0 ||
           (observation.place.name && identity_key(observation.place, url) == key);
  });
}

// True when all are of one business, so that the page's links are its own.
bool are_of_one_business(const std::vector<Observation>& seen, const std::string& url) {
  return are_of_one_place(seen, url) && std::ranges::all_of(seen, [](const Observation& o) {
           return o.about != 0 || !o.place.schema_type || is_local_business(*o.place.schema_type);
         });
}

// "Acme" and "Acme Tools Ltd".
bool are_of_one_name(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  if (!a || !b) return false;
  const std::string one = folded(*a);
  const std::string other = folded(*b);
  return !one.empty() && !other.empty() &&
         (one.find(other) != std::string::npos || other.find(one) != std::string::npos);
}

// Adds what a format states to what those before it do.
void add_places(const Extractor& extractor, const std::vector<RawPlace>& found,
                const CleanContext& context, std::uint32_t precedence,
                std::vector<Observation>& seen) {
  const std::size_t before = seen.size();
  for (const RawPlace& raw : found) {
    Observation observation = clean(raw, extractor.format(), context);
    observation.precedence = precedence;
    if (raw.last_resort && before > 0) {
      if (!are_of_one_name(seen.front().place.name, observation.place.name) ||
          !are_of_one_place(seen, context.page_url)) {
        continue;
      }
      observation.about = 1;
    }
    seen.push_back(std::move(observation));
  }
}

std::optional<Observation> contacts_of(const Page& page, const std::vector<Observation>& seen,
                                       const CleanContext& context) {
  const auto states = [&seen](auto field) {
    return std::ranges::any_of(
        seen, [field](const Observation& o) { return (o.place.*field).has_value(); });
  };
  const bool has_email = states(&Place::email);
  const bool has_socials = states(&Place::socials);
  if ((has_email && has_socials) || !are_of_one_business(seen, page.url())) return std::nullopt;
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
    add_places(*extractor, found.places, context, own, seen);
  }
  if (auto contacts = contacts_of(page, seen, context)) {
    contacts->precedence = precedence;
    seen.push_back(std::move(*contacts));
  }
}

}  // namespace placer
