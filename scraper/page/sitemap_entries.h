// What the entries of a sitemap add up to.
#pragma once

#include <cstddef>
#include <string_view>

#include "scraper/page/sitemap.h"

namespace placer {

class SitemapEntries {
 public:
  // `limits` and `sitemap`, whose links and dropped entries are filled, outlive this.
  SitemapEntries(const SitemapLimits& limits, Sitemap& sitemap)
      : limits_(limits), sitemap_(sitemap) {}

  // A URL as written, against `base` (null: only absolute ones count), and when it changed.
  void add(std::string_view text, const Url* base, LinkKind kind, std::int64_t modified);

 private:
  const SitemapLimits& limits_;
  Sitemap& sitemap_;
  std::size_t url_bytes_ = 0;  // of all links: a long base must not multiply
};

}  // namespace placer
