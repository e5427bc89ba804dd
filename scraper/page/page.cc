#include "scraper/page/page.h"

#include <optional>
#include <utility>

#include "scraper/frontier/robots.h"
#include "scraper/frontier/url.h"
#include "scraper/page/charset.h"
#include "scraper/page/links.h"

namespace placer {
Result<Page> Page::parse(std::string body, const PageSource& source, const ParseLimits& limits) {
  Decoded decoded = decode(std::move(body), source.content_type);
  auto text = std::make_unique<std::string>(std::move(decoded.text));
  Result<Tree> tree = Tree::parse(*text, limits);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  Page page(source.url, std::move(text), std::move(*tree));

  const std::string_view agent = product_token(source.user_agent);
  Markup markup = read_markup(page.root(), agent);
  for (const std::string& header : source.robots_headers) {
    add_robots_header(header, agent, markup.robots);
  }

  for (const std::string& header : source.link_headers) {
    for (const Reference& reference : read_link_header(header)) {
      markup.references.push_back(reference);
    }
  }

  const std::optional<Url> url = Url::parse(source.url);
  const Url* const own = url ? &*url : nullptr;
  const auto stated = markup.base.empty() ? std::nullopt : Url::parse(markup.base, own);
  const Bases bases{stated ? &*stated : own, own};
  if (bases.markup != nullptr) page.base_ = bases.markup->href();
  page.links_ = resolve_links(markup.references, bases);
  for (Link& link : page.links_) link.nofollow = link.nofollow || markup.robots.nofollow;

  page.facts_.title = std::move(markup.title);
  page.facts_.canonical = resolve_canonical(markup.references, bases);
  page.facts_.language = std::string(markup.language);
  page.facts_.charset = std::move(decoded.label);
  page.facts_.noindex = markup.robots.noindex;
  page.facts_.nofollow = markup.robots.nofollow;
  return page;
}

std::string Page::resolve(std::string_view reference) const {
  const std::optional<Url> base = Url::parse(base_);
  const std::optional<Url> url = Url::parse(reference, base ? &*base : nullptr);
  return url ? url->href() : std::string();
}

}  // namespace placer
