#include <string>
#include <utility>

#include "scraper/extract/text/findings.h"
#include "scraper/extract/text/names.h"
#include "scraper/extract/text/page_text.h"
#include "scraper/place/contact.h"
#include "scraper/place/hours_prose.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

using nlohmann::json;

json item(const Prose& prose, std::size_t at, std::string_view text) {
  return {{"text", plain_text(text)}, {"line", prose.line_at(at) + 1}};
}

void add_phone_items(const Findings& found, json& items) {
  for (const PhoneMention& phone : found.phones) {
    const std::string_view written =
        std::string_view(found.prose.text).substr(phone.begin, phone.end - phone.begin);
    json one = item(found.prose, phone.begin, written.empty() ? phone.e164 : written);
    if (!phone.e164.empty()) one["e164"] = phone.e164;
    if (!phone.extension.empty()) one["extension"] = phone.extension;
    if (phone.voice) items["phones"].push_back(one);
    if (phone.fax) items["faxes"].push_back(std::move(one));
  }
}

void add_address_items(const Findings& found, json& items) {
  for (const WrittenAddress& address : found.addresses) {
    const std::pair<const char*, const std::string*> parts[] = {{"streets", &address.street},
                                                                {"cities", &address.city},
                                                                {"states", &address.state},
                                                                {"postcodes", &address.postcode}};
    for (const auto& [kind, text] : parts) {
      if (!text->empty()) items[kind].push_back(item(found.prose, address.begin, *text));
    }
  }
}

}  // namespace

json PageText::items(const Page& page) const {
  const Findings found = read_findings(page, read_prose(page));
  json items = json::object();
  for (const char* kind : {"phones", "faxes", "postcodes", "streets", "cities", "states", "hours",
                           "names", "emails"}) {
    items[kind] = json::array();
  }
  add_phone_items(found, items);
  add_address_items(found, items);
  for (const HoursMention& hours : find_hours(found.prose.text, page.facts().language)) {
    json one =
        item(found.prose, hours.begin,
             std::string_view(found.prose.text).substr(hours.begin, hours.end - hours.begin));
    one["osm"] = hours.hours.osm;
    items["hours"].push_back(std::move(one));
  }
  for (const OwnerName& owner : owner_names(page, found.prose))
    items["names"].push_back({{"text", owner.name}});
  for (const ProseLink& link : found.prose.mail_links) {
    if (const auto email = email_address(link.href)) {
      items["emails"].push_back(item(found.prose, link.at, *email));
    }
  }
  return items;
}

}  // namespace placer
