#include "scraper/page/sitemap_text.h"

#include <algorithm>
#include <utility>

#include "scraper/ascii.h"

namespace placer {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::size_t kRatioFrom = std::size_t{1} << 20;
constexpr std::size_t kLongestDeclaration = 1024;

// The label in <?xml version="1.0" encoding="..."?>; empty: none.
std::string_view declared_label(std::string_view bytes) {
  const std::size_t begin = bytes.find_first_not_of(ascii::kWhiteSpace);
  if (begin == bytes.npos || !bytes.substr(begin).starts_with("<?xml")) return {};
  bytes = bytes.substr(begin, kLongestDeclaration);
  bytes = bytes.substr(0, bytes.find("?>"));
  const std::size_t name = bytes.find("encoding");
  const std::size_t open = bytes.find_first_of("\"'", std::min(name, bytes.size()));
  if (open == bytes.npos) return {};
  const std::size_t close = bytes.find(bytes[open], open + 1);
  return bytes.substr(open + 1, close == bytes.npos ? 0 : close - open - 1);
}

// The encoding, and the length of the byte order mark that says so.
std::pair<const Encoding*, std::size_t> encoding_of(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {&encoding("utf-8"), 3};
  if (bytes.starts_with("\xFE\xFF")) return {&encoding("utf-16be"), 2};
  if (bytes.starts_with("\xFF\xFE")) return {&encoding("utf-16le"), 2};
  if (bytes.starts_with("\0<"sv)) return {&encoding("utf-16be"), 0};
  if (bytes.starts_with("<\0"sv)) return {&encoding("utf-16le"), 0};
  // What can be read as ASCII is not UTF-16, whatever it says.
  const Encoding* stated = find_encoding(declared_label(bytes));
  if (stated == nullptr || stated->name.starts_with("UTF-16") || stated->name == "replacement") {
    stated = &encoding("utf-8");
  }
  return {stated, 0};
}

// Up to where `bytes` can be converted on their own: after a '\n' or '>', which are no part of
// another character in any encoding that a crawler meets.
std::size_t last_cut(std::string_view bytes, const Encoding& encoding) {
  std::size_t cut = 0;
  if (encoding.name.starts_with("UTF-16")) {
    const std::size_t high = encoding.name == "UTF-16BE" ? 0 : 1;
    for (std::size_t unit = bytes.size() / 2 * 2; unit > 0 && cut == 0; unit -= 2) {
      const char low = bytes[unit - 1 - high];
      if ((low == '\n' || low == '>') && bytes[unit - 2 + high] == '\0') cut = unit;
    }
    return cut > 0 ? cut : bytes.size() / 2 * 2;
  }
  const std::size_t last = bytes.find_last_of("\n>");
  return last == bytes.npos ? bytes.size() : last + 1;
}

}  // namespace

SitemapText::SitemapText(std::string_view bytes, const SitemapLimits& limits)
    : plain_(bytes), limits_(limits) {
  if (is_gzip(bytes)) gunzip_.emplace(bytes);
}

std::string_view SitemapText::next_raw() {
  if (end_ != SitemapEnd::kComplete) return {};
  std::string_view piece;
  if (gunzip_) {
    piece = gunzip_->next();
    if (gunzip_->is_damaged()) end_ = SitemapEnd::kDamaged;
  } else {
    piece = plain_.substr(0, kPieceBytes);
    plain_.remove_prefix(piece.size());
  }
  read_ += piece.size();
  if (read_ > limits_.bytes) {
    piece.remove_suffix(std::min(read_ - limits_.bytes, piece.size()));
    end_ = SitemapEnd::kTooLarge;
  } else if (gunzip_ && read_ > kRatioFrom && read_ / limits_.ratio > gunzip_->taken()) {
    end_ = SitemapEnd::kTooLarge;
  }
  return piece;
}

std::string SitemapText::convert(std::size_t length) {
  std::string rest = carry_.substr(length);
  carry_.resize(length);
  return to_utf8(std::exchange(carry_, std::move(rest)), *encoding_);
}

std::string SitemapText::next() {
  while (true) {
    const std::string_view raw = next_raw();
    if (raw.empty()) {
      return carry_.empty() ? std::string() : convert(carry_.size());
    }
    carry_ += raw;
    if (encoding_ == nullptr) {
      std::size_t mark = 0;
      std::tie(encoding_, mark) = encoding_of(carry_);
      carry_.erase(0, mark);
    }
    if (const std::size_t cut = last_cut(carry_, *encoding_); cut > 0) return convert(cut);
  }
}

}  // namespace placer
