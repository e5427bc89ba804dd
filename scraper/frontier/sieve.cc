#include "scraper/frontier/sieve.h"

namespace placer {

Result<void> Sieve::look_up(std::vector<Found>& links) {
  fingerprints_.clear();
  for (const Found& found : links) fingerprints_.push_back(found.link.fingerprint);
  std::ranges::sort(fingerprints_);
  fingerprints_.erase(std::unique(fingerprints_.begin(), fingerprints_.end()), fingerprints_.end());
  auto known = storage_.known(fingerprints_);
  if (!known) return tl::unexpected(std::move(known.error()));
  known_ = std::move(*known);

  std::vector<std::uint64_t> nameless;
  std::vector<Found*> targets;
  for (Found& found : links) {
    if (!found.on_record) continue;
    nameless.push_back(found.link.fingerprint);
    targets.push_back(&found);
  }
  if (nameless.empty()) return {};
  auto pages = storage_.pages(nameless);
  if (!pages) return tl::unexpected(std::move(pages.error()));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (auto& page = (*pages)[i]) {
      targets[i]->link.url = std::move(page->url);
      targets[i]->depth = page->depth;
      if (page->kind == RequestKind::kSitemap) targets[i]->link.kind = LinkKind::kSitemap;
    }
  }
  return {};
}

}  // namespace placer
