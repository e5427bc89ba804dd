#include "scraper/page/sitemap_entries.h"

#include <optional>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/frontier/key.h"

namespace placer {

void SitemapEntries::add(std::string_view text, const Url* base, LinkKind kind,
                         std::int64_t modified) {
  text = ascii::trim(text);
  if (text.size() > limits_.url_bytes) {
    ++sitemap_.dropped.too_long;
    return;
  }
  if (sitemap_.links.size() >= limits_.urls) {
    ++sitemap_.dropped.beyond;
    return;
  }
  const auto url = text.empty() ? std::nullopt : Url::parse(text, base);
  if (!url) {
    ++sitemap_.dropped.invalid;
  } else if (url->href().size() > limits_.url_bytes) {
    ++sitemap_.dropped.too_long;
  } else if (url_bytes_ + url->href().size() > limits_.bytes) {
    ++sitemap_.dropped.beyond;
  } else {
    Link link = link_to(*url, kind);
    link.modified = modified;
    url_bytes_ += link.url.size();
    sitemap_.links.push_back(std::move(link));
  }
}

}  // namespace placer
