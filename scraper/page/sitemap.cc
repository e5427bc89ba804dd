#include "scraper/page/sitemap.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/page/sitemap_entries.h"
#include "scraper/page/sitemap_text.h"
#include "scraper/page/sitemap_xml.h"

namespace placer {
namespace {

constexpr std::size_t kMostOfProlog = 4 << 10;

// Lines that are URLs. What holds none is no sitemap.
class Lines {
 public:
  Lines(const SitemapLimits& limits, Sitemap& sitemap)
      : limits_(limits), sitemap_(sitemap), entries_(limits, sitemap) {}

  void take(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find_first_of("\r\n");
      // What is beyond this is too long already.
      line_ += text.substr(0, std::min(end, limits_.url_bytes + 1));
      line_.resize(std::min(line_.size(), limits_.url_bytes + 1));
      if (end == text.npos) return;
      end_line();
      text.remove_prefix(end + 1);
    }
  }

  void finish() {
    end_line();
    if (sitemap_.links.empty()) {
      sitemap_.dropped = {};
    } else {
      sitemap_.format = SitemapFormat::kText;
    }
  }

 private:
  void end_line() {
    const std::string_view text = ascii::trim(line_);
    if (text.find_first_of(ascii::kWhiteSpace) != text.npos) {
      ++sitemap_.dropped.invalid;  // prose, or a table
    } else if (!text.empty()) {
      entries_.add(text, nullptr, LinkKind::kAnchor, 0);
    }
    line_.clear();
  }

  const SitemapLimits& limits_;
  Sitemap& sitemap_;
  SitemapEntries entries_;
  std::string line_;
};

std::string_view trim_start(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(ascii::kWhiteSpace), text.size()));
}

// The name of the first element in `text`; empty when there is none in it.
std::string_view first_element(std::string_view text) {
  while (true) {
    text = trim_start(text);
    if (!text.starts_with('<')) return {};
    const bool comment = text.starts_with("<!--");
    if (!comment && !text.starts_with("<?") && !text.starts_with("<!")) break;
    const std::string_view close = comment ? "-->" : text.starts_with("<?") ? "?>" : ">";
    const std::size_t end = text.find(close);
    if (end == text.npos) return {};
    text.remove_prefix(end + close.size());
  }
  text.remove_prefix(1);
  const std::size_t end = text.find_first_of("\t\n\f\r />");
  return end == text.npos ? std::string_view() : text.substr(0, end);
}

}  // namespace

std::string_view sitemap_format_name(SitemapFormat format) {
  constexpr std::array<std::string_view, 6> kNames = {"none", "urlset", "sitemapindex",
                                                      "rss",  "atom",   "text"};
  return kNames[static_cast<std::size_t>(format)];
}

std::string_view sitemap_end_name(SitemapEnd end) {
  constexpr std::array<std::string_view, 7> kNames = {"complete",    "malformed", "damaged",
                                                      "too-large",   "too-deep",  "too-many-names",
                                                      "declarations"};
  return kNames[static_cast<std::size_t>(end)];
}

Sitemap read_sitemap(std::string_view bytes, const Url& url, const SitemapLimits& limits) {
  Sitemap sitemap;
  SitemapText text(bytes, limits);
  std::string piece = text.next();
  if (!trim_start(piece).starts_with('<')) {
    Lines lines(limits, sitemap);
    for (; !piece.empty(); piece = text.next()) lines.take(piece);
    lines.finish();
    sitemap.end = text.end();
    return sitemap;
  }
  // A declaration may only stand at the very beginning.
  piece.erase(0, piece.find('<'));
  SitemapXml xml(url, limits, sitemap);
  while (!piece.empty() && xml.take(std::move(piece))) piece = text.next();
  xml.finish();
  const bool cut_off = sitemap.end == SitemapEnd::kMalformed && text.end() != SitemapEnd::kComplete;
  if (cut_off || sitemap.end == SitemapEnd::kComplete) sitemap.end = text.end();
  return sitemap;
}

SitemapFormat sitemap_format(std::string_view bytes) {
  const std::string_view prolog = bytes.substr(0, kMostOfProlog);
  SitemapLimits limits;
  limits.bytes = kMostOfProlog;
  return format_of_root(first_element(SitemapText(prolog, limits).next()));
}

}  // namespace placer
