// The bytes of a sitemap as text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/page/encoding.h"
#include "scraper/page/gunzip.h"
#include "scraper/page/sitemap.h"

namespace placer {

// Inflates what begins as gzip and converts to UTF-8, piece by piece, so that neither a bomb nor a
// large sitemap is ever in memory as a whole.
class SitemapText {
 public:
  // `bytes` and `limits` outlive this.
  SitemapText(std::string_view bytes, const SitemapLimits& limits);

  // The next piece, well-formed UTF-8 without byte order mark; empty when there is no more. Pieces
  // end after a line feed or a '>' unless there is none for 64 KiB.
  std::string next();

  // Why there is no more: kComplete, kDamaged or kTooLarge.
  SitemapEnd end() const { return end_; }

 private:
  std::string_view next_raw();
  std::string convert(std::size_t length);

  std::string_view plain_;        // what is left of it, without gunzip_
  std::optional<Gunzip> gunzip_;  // not movable
  const SitemapLimits& limits_;
  std::size_t read_ = 0;                // decompressed bytes
  std::string carry_;                   // not yet converted
  const Encoding* encoding_ = nullptr;  // from the first piece on
  SitemapEnd end_ = SitemapEnd::kComplete;
};

}  // namespace placer
