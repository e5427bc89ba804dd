#include "scraper/place/contact.h"

#include <algorithm>

#include "scraper/frontier/percent.h"
#include "scraper/place/references.h"
#include "scraper/place/text.h"
#include "scraper/place/values.h"

namespace placer {
namespace {

using nlohmann::json;

struct Network {
  std::string_view domain;
  const char* name;
};

constexpr Network kNetworks[] = {
    {"facebook.com", "facebook"},
    {"fb.com", "facebook"},
    {"fb.me", "facebook"},
    {"instagram.com", "instagram"},
    {"twitter.com", "twitter"},
    {"x.com", "twitter"},
    {"linkedin.com", "linkedin"},
    {"youtube.com", "youtube"},
    {"youtu.be", "youtube"},
    {"tiktok.com", "tiktok"},
    {"pinterest.com", "pinterest"},
    {"pinterest.de", "pinterest"},
    {"pinterest.fr", "pinterest"},
    {"pinterest.es", "pinterest"},
    {"pinterest.co.uk", "pinterest"},
    {"t.me", "telegram"},
    {"telegram.me", "telegram"},
    {"vk.com", "vk"},
    {"yelp.com", "yelp"},
    {"yelp.de", "yelp"},
    {"yelp.fr", "yelp"},
    {"yelp.it", "yelp"},
    {"yelp.es", "yelp"},
    {"yelp.ca", "yelp"},
    {"yelp.co.uk", "yelp"},
    {"foursquare.com", "foursquare"},
    {"snapchat.com", "snapchat"},
    {"threads.net", "threads"},
    {"bsky.app", "bluesky"},
    {"wa.me", "whatsapp"},
    {"whatsapp.com", "whatsapp"},
    {"xing.com", "xing"},
    {"vimeo.com", "vimeo"},
    {"github.com", "github"},
    {"soundcloud.com", "soundcloud"},
    {"flickr.com", "flickr"},
    {"ok.ru", "ok"},
    {"weibo.com", "weibo"},
    {"mastodon.social", "mastodon"},
    {"mastodon.online", "mastodon"},
    {"mstdn.social", "mastodon"},
    {"fosstodon.org", "mastodon"},
    {"chaos.social", "mastodon"},
};

constexpr std::string_view kSharingPaths[] = {"/sharer",     "/share",   "/intent/",
                                              "/home",       "/login",   "/plugins/",
                                              "/pin/create", "/dialog/", "/tr"};

bool has_domain(std::string_view host, std::string_view domain) {
  return host == domain || (host.ends_with(domain) && host.size() > domain.size() &&
                            host[host.size() - domain.size() - 1] == '.');
}

const char* network_of_host(std::string_view host) {
  for (const Network& network : kNetworks) {
    if (has_domain(host, network.domain)) return network.name;
  }
  return nullptr;
}

const char* network_of(const Url& url) {
  if (const char* name = network_of_host(url.host())) return name;
  // Anyone may run these two under a name of their own.
  if (url.host().starts_with("mastodon.") && url.path().starts_with("/@")) return "mastodon";
  if (has_domain(url.host().substr(0, url.host().rfind('.')), "tripadvisor") ||
      url.host().find("tripadvisor.co") != std::string_view::npos) {
    return "tripadvisor";
  }
  return nullptr;
}

// The host of an http(s) URL that is written as a parser would write it, port and all; empty: only
// the parser can tell.
std::string_view plain_host(std::string_view written) {
  const std::size_t scheme = written.starts_with("https://")  ? 8
                             : written.starts_with("http://") ? 7
                                                              : written.size();
  const std::string_view rest = written.substr(scheme);
  const std::string_view host = rest.substr(0, rest.find('/'));
  const bool plain = std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
  });
  return plain ? host.substr(0, host.find(':')) : std::string_view();
}

bool may_be_network(std::string_view host) {
  return network_of_host(host) != nullptr || host.starts_with("mastodon.") ||
         host.find("tripadvisor") != std::string_view::npos;
}

bool is_profile(const Url& url) {
  if (url.path() == "/" && url.query().empty()) return false;
  return std::none_of(std::begin(kSharingPaths), std::end(kSharingPaths),
                      [&](std::string_view prefix) { return url.path().starts_with(prefix); });
}

bool is_local_part(std::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

bool is_mail_domain(std::string_view text) {
  constexpr std::string_view kFiles[] = {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js"};
  if (text.size() > 253 || text.find('.') == std::string_view::npos) return false;
  if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) {
    return false;
  }
  const auto labels = split_any(text, ".");
  const bool plain = std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
    return label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), [](char c) {
             return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
                    (c >= 'a' && c <= 'z') || c == '-';
           });
  });
  const std::string_view last = labels.back();
  return plain && last.size() >= 2 && (last.front() < '0' || last.front() > '9') &&
         std::find(std::begin(kFiles), std::end(kFiles), last) == std::end(kFiles);
}

void add_phones(const json& node, std::string_view property, std::string_view region,
                std::vector<Phone>& phones, int& texts_left) {
  constexpr std::size_t kMostPhones = 10;
  for (const json* value : values_of(node, property)) {
    const auto text = text_of(*value);
    if (!text || texts_left-- <= 0) continue;
    for (Phone& phone : parse_phones(*text, region)) {
      if (property == "faxNumber") phone.fax = true;
      const bool known = std::any_of(phones.begin(), phones.end(), [&](const Phone& other) {
        return other.e164 == phone.e164 && other.fax == phone.fax;
      });
      if (!known && phones.size() < kMostPhones) phones.push_back(std::move(phone));
    }
  }
}

// "example.org", which would otherwise be a relative path.
bool is_bare_host(std::string_view text) {
  const std::string_view host = text.substr(0, text.find('/'));
  if (host.find_first_of(" :?#@") != std::string_view::npos) return false;
  const std::string lower = lower_ascii(host);
  if (lower.starts_with("www.") && lower.find('.', 4) != std::string::npos) return true;
  return lower.ends_with(".com") || lower.ends_with(".org") || lower.ends_with(".net");
}

}  // namespace

std::optional<std::string> web_url(std::string_view written, const Url* base) {
  written = trimmed(written);
  if (written.empty() || written == "#") return std::nullopt;
  const std::string absolute =
      is_bare_host(written) ? "https://" + std::string(written) : std::string(written);
  const auto url = Url::parse(absolute, base);
  if (!url) return std::nullopt;
  return url->href();
}

std::optional<std::string> first_web_url(const json& node, std::string_view property,
                                         const Url* base) {
  for (const json* value : values_of(node, property)) {
    const auto link = link_of(*value);
    if (!link) continue;
    if (auto url = web_url(*link, base)) return url;
  }
  return std::nullopt;
}

std::optional<std::string> email_address(std::string_view written) {
  std::string text = percent_decoded(trimmed(written));
  if (lower_ascii(text).starts_with("mailto:")) text.erase(0, 7);
  if (const std::size_t query = text.find('?'); query != std::string::npos) text.resize(query);
  // Of "a@x.org, b@x.org" the first; of "Ann <a@x.org>" the address.
  for (std::string_view part : split_any(text, ",; <>")) {
    const std::size_t at = part.find('@');
    if (at == std::string_view::npos) continue;
    const std::string domain = lower_ascii(part.substr(at + 1));
    if (!is_local_part(part.substr(0, at)) || !is_mail_domain(domain)) continue;
    const std::string address = std::string(part.substr(0, at + 1)) + domain;
    if (plain_text(address) == address) return address;
  }
  return std::nullopt;
}

std::optional<std::string> email_of(const json& fields) {
  std::vector<const json*> nodes = {&fields};
  for (const char* property : {"contactPoint", "contactPoints", "location"}) {
    const auto more = values_of(fields, property);
    nodes.insert(nodes.end(), more.begin(), more.end());
  }
  for (const json* node : nodes) {
    for (const json* value : values_of(*node, "email")) {
      // "Ann <a@x.org>" is no markup.
      const auto text = value->is_string() ? decode_references(value->get_ref<const std::string&>())
                                           : text_of(*value).value_or("");
      if (auto address = email_address(text)) return address;
    }
  }
  return std::nullopt;
}

std::vector<Phone> phones_of(const json& fields, std::string_view region) {
  const auto is_voice = [](const Phone& phone) { return !phone.fax; };
  std::vector<Phone> phones;
  int texts_left = 30;  // a parse costs some 10 us
  add_phones(fields, "telephone", region, phones, texts_left);
  for (const char* property : {"contactPoint", "contactPoints", "location", "address"}) {
    if (std::any_of(phones.begin(), phones.end(), is_voice)) break;
    for (const json* node : values_of(fields, property)) {
      add_phones(*node, "telephone", region, phones, texts_left);
    }
  }
  texts_left = 5;
  add_phones(fields, "faxNumber", region, phones, texts_left);
  return phones;
}

std::optional<std::string_view> profile_network(std::string_view written) {
  constexpr std::string_view kPosts[] = {
      "/p/",      "/reel/",    "/status/", "/watch",   "/posts/",       "/photo",  "/hashtag",
      "/events/", "/groups/",  "/embed",   "/sharing", "/shareArticle", "/submit", "/playlist",
      "/search",  "/policies", "/legal",   "/privacy", "/help"};
  const auto find = [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  // Most links lead elsewhere: no need to parse those.
  if (const auto host = plain_host(written); !host.empty() && !may_be_network(host)) {
    return std::nullopt;
  }
  if (std::none_of(std::begin(kNetworks), std::end(kNetworks),
                   [&](const Network& network) { return find(written, network.domain); }) &&
      !find(written, "tripadvisor.") && !find(written, "mastodon.")) {
    return std::nullopt;
  }
  const auto url = Url::parse(written);
  if (!url || !is_profile(*url) || url->path() == "/") return std::nullopt;
  if (std::any_of(std::begin(kPosts), std::end(kPosts),
                  [&](std::string_view post) { return find(url->path(), post); })) {
    return std::nullopt;
  }
  const char* network = network_of(*url);
  if (network == nullptr) return std::nullopt;
  return network;
}

json socials_of(const json& fields, const Url* base) {
  json socials;
  for (const json* value : values_of(fields, "sameAs")) {
    const auto link = link_of(*value);
    if (!link) continue;
    const auto written = web_url(*link, base);
    if (!written) continue;
    const auto url = Url::parse(*written);
    if (!url || !is_profile(*url)) continue;
    const char* network = network_of(*url);
    if (network != nullptr && !socials.contains(network)) socials[network] = *written;
  }
  return socials;
}

}  // namespace placer
