#include "scraper/page/resolve_links.h"

#include <optional>
#include <unordered_map>

#include "scraper/frontier/key.h"

namespace placer {
namespace {

std::optional<Url> resolve_reference(const Reference& reference, const Bases& bases) {
  const auto url = Url::parse(reference.url, reference.from_header ? bases.header : bases.markup);
  if (!url) return std::nullopt;
  return url->without_fragment_and_userinfo();
}

}  // namespace

std::vector<Link> resolve_links(const std::vector<Reference>& references, const Bases& bases) {
  std::vector<Link> links;
  std::unordered_map<std::string, std::size_t> position;
  for (const Reference& reference : references) {
    const std::optional<Url> url = resolve_reference(reference, bases);
    if (!url) continue;
    const auto [found, is_new] = position.try_emplace(url->href(), links.size());
    if (is_new) {
      links.push_back(link_to(*url, reference.kind));
      links.back().nofollow = reference.nofollow;
    } else {
      Link& link = links[found->second];
      link.nofollow = link.nofollow && reference.nofollow;
    }
  }
  return links;
}

std::string resolve_canonical(const std::vector<Reference>& references, const Bases& bases) {
  for (const Reference& reference : references) {
    if (reference.kind != LinkKind::kCanonical) continue;
    if (const auto url = resolve_reference(reference, bases)) return url->href();
  }
  return {};
}

}  // namespace placer
