// Sitemaps and feeds: lists of a site's pages, with the dates of their last changes.
//
// Read are urlset and sitemapindex (https://www.sitemaps.org/protocol.html), RSS 0.9 to 2.0, Atom
// (RFC 4287) and plain text with one URL a line, all of them gzipped or not, in any encoding of the
// Encoding Standard. Sites rarely get them right, so names count without case and whatever their
// namespace, a bare '&' stands for itself, and a document that breaks off has what came before.
//
// Priority and change frequency are no facts and not read; neither are images, videos, news and
// alternate languages, which are no pages of their own. Left to the frontier: which hosts a sitemap
// may speak for, how deep indexes may nest, that a URL is listed twice, and dates in the future.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "scraper/frontier/url.h"
#include "scraper/message.h"

namespace placer {

enum class SitemapFormat : std::uint8_t {
  kNone,  // no sitemap: an error page, an image, ...
  kUrlset,
  kIndex,
  kRss,
  kAtom,
  kText,
};

// "none", "urlset", "sitemapindex", "rss", "atom", "text".
std::string_view sitemap_format_name(SitemapFormat format);

// Why reading ended. All but kComplete leave what was read before.
enum class SitemapEnd : std::uint8_t {
  kComplete,
  kMalformed,     // XML that is not well-formed, or ends early
  kDamaged,       // gzip that breaks its checksum, or ends early
  kTooLarge,      // more bytes than SitemapLimits allows, or packed more tightly than any sitemap
  kTooDeep,       // nested elements
  kTooManyNames,  // of elements and attributes; no format has so many
  kDeclarations,  // a DOCTYPE that declares something itself: entities, attributes
};

// "complete", "malformed", "damaged", "too-large", "too-deep", "too-many-names", "declarations".
std::string_view sitemap_end_name(SitemapEnd end);

struct SitemapLimits {
  std::size_t urls = 50'000;                  // pages and child sitemaps taken
  std::size_t bytes = std::size_t{50} << 20;  // of the document, decompressed
  std::size_t ratio = 200;                    // decompressed to compressed, from the first MiB on
  std::size_t url_bytes = 8 << 10;            // of one URL
  std::size_t depth = 64;                     // of nested elements
};

// Entries that gave no link.
struct SitemapDropped {
  std::size_t invalid = 0;   // no http or https URL
  std::size_t too_long = 0;  // beyond SitemapLimits::url_bytes
  std::size_t beyond = 0;    // after SitemapLimits::urls, or SitemapLimits::bytes of URLs

  friend bool operator==(const SitemapDropped&, const SitemapDropped&) = default;
};

struct Sitemap {
  SitemapFormat format = SitemapFormat::kNone;
  // In the document's order: pages are kAnchor, child sitemaps kSitemap.
  std::vector<Link> links;
  SitemapDropped dropped;
  SitemapEnd end = SitemapEnd::kComplete;
};

// Reads a sitemap from `url`, against which its URLs resolve. Takes time linear in the
// decompressed bytes; beside the links it holds about 3 MiB. Entities are never expanded and
// nothing is ever opened. Stateless, safe for concurrent use; cannot fail.
Sitemap read_sitemap(std::string_view bytes, const Url& url, const SitemapLimits& limits = {});

// What the root element says that a document is, as far as the first 4 KiB show it; never kText.
SitemapFormat sitemap_format(std::string_view bytes);

}  // namespace placer
