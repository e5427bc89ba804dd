#include "scraper/extract/text/page_contacts.h"

#include <algorithm>
#include <string_view>

#include "scraper/ascii.h"
#include "scraper/frontier/url.h"
#include "scraper/place/contact.h"

namespace placer {
namespace {

constexpr std::size_t kMostEmails = 10;
constexpr std::size_t kMostProfiles = 20;

// Whether the mail's domain and the host are of one name: "ann@acme.org" on "www.acme.org".
bool is_own(std::string_view email, std::string_view host) {
  const std::string_view domain = email.substr(email.find('@') + 1);
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) &&
          host[host.size() - domain.size() - 1] == '.') ||
         (domain.size() > host.size() && domain.ends_with(host) &&
          domain[domain.size() - host.size() - 1] == '.');
}

// "https://example.org/", whose pages are nobody's profile; empty on a network.
std::string origin_without_profiles(const Url& url) {
  std::string origin = url.origin() + '/';
  return profile_network(origin + "@name") ? std::string() : origin;
}

}  // namespace

PageContacts page_contacts(const Page& page) {
  PageContacts contacts;
  const auto url = Url::parse(page.url());
  const std::string_view host = url ? url->host() : std::string_view();
  for (const Node element : page.index().references) {
    if (contacts.emails.size() == kMostEmails) break;
    if (element.tag() != "a") continue;
    const auto href = element.attribute("href");
    if (!href || href->size() < 8) continue;
    const std::string_view written = ascii::trim(*href);
    if (!ascii::equals_ignoring_case(written.substr(0, 7), "mailto:")) continue;
    auto email = email_address(written);
    if (email && std::ranges::find(contacts.emails, *email) == contacts.emails.end()) {
      contacts.emails.push_back(std::move(*email));
    }
  }
  std::stable_partition(contacts.emails.begin(), contacts.emails.end(),
                        [&](const std::string& email) { return is_own(email, host); });
  std::vector<std::string> networks;
  const std::string own = url ? origin_without_profiles(*url) : std::string();
  for (const Link& link : page.links()) {
    if (contacts.profiles.size() >= kMostProfiles) break;
    if (!own.empty() && link.url.starts_with(own)) continue;
    const auto network = profile_network(link.url);
    if (!network || std::ranges::find(networks, *network) != networks.end()) continue;
    networks.emplace_back(*network);
    contacts.profiles.push_back(link.url);
  }
  return contacts;
}

}  // namespace placer
