#include "scraper/page/resolve_links.h"

#include <xxhash.h>

#include <bit>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

#include "scraper/frontier/key.h"

namespace placer {
namespace {

// Drawn once: a page cannot be written such that all its links meet in one slot.
std::uint64_t secret() {
  static const std::uint64_t drawn = std::uint64_t{std::random_device()()} << 32 | 0x9E3779B1U;
  return drawn;
}

// Which of `links` has a URL: open addressing, at most half full.
class LinkPositions {
 public:
  LinkPositions(const std::vector<Link>& links, std::size_t most)
      : links_(links), slots_(std::bit_ceil(2 * most + 2), kFree) {}

  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  // The slot of `url`: it holds the link's position, or is free for it.
  std::uint32_t& slot(std::string_view url) {
    const std::uint64_t hash = XXH3_64bits_withSeed(url.data(), url.size(), secret());
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      if (slots_[i] == kFree || links_[slots_[i]].url == url) return slots_[i];
    }
  }

 private:
  const std::vector<Link>& links_;
  std::vector<std::uint32_t> slots_;
};

std::optional<Url> resolve_reference(const Reference& reference, const Bases& bases) {
  auto url = Url::parse(reference.url, reference.from_header ? bases.header : bases.markup);
  if (!url) return std::nullopt;
  return std::move(*url).without_fragment_and_userinfo();
}

}  // namespace

std::vector<Link> resolve_links(const std::vector<Reference>& references, const Bases& bases) {
  std::vector<Link> links;
  links.reserve(references.size());
  LinkPositions positions(links, references.size());
  for (const Reference& reference : references) {
    std::optional<Url> url = resolve_reference(reference, bases);
    if (!url) continue;
    std::uint32_t& position = positions.slot(url->href());
    if (position == LinkPositions::kFree) {
      position = static_cast<std::uint32_t>(links.size());
      links.push_back(link_to(std::move(*url), reference.kind));
      links.back().nofollow = reference.nofollow;
    } else {
      Link& link = links[position];
      link.nofollow = link.nofollow && reference.nofollow;
    }
  }
  return links;
}

std::string resolve_canonical(const std::vector<Reference>& references, const Bases& bases) {
  for (const Reference& reference : references) {
    if (reference.kind != LinkKind::kCanonical) continue;
    if (auto url = resolve_reference(reference, bases)) return std::move(*url).take_href();
  }
  return {};
}

}  // namespace placer
