#include "scraper/page/page.h"

#include <optional>
#include <utility>

#include "scraper/frontier/robots.h"
#include "scraper/frontier/url.h"
#include "scraper/page/charset.h"
#include "scraper/page/json_text.h"
#include "scraper/page/links.h"
#include "scraper/page/resolve_links.h"
#include "scraper/page/xml_text.h"

namespace placer {

bool Page::reads(const PageSource& source, std::string_view body) {
  return document_kind(source.content_type, body) != DocumentKind::kOther;
}

Result<Page> Page::parse(std::string body, const PageSource& source, const ParseLimits& limits) {
  const DocumentKind kind = document_kind(source.content_type, body);
  Decoded decoded = decode(std::move(body), source.content_type);
  Page page(source.url, std::make_unique<std::string>(std::move(decoded.text)));
  page.facts_.charset = std::move(decoded.label);
  if (kind != DocumentKind::kHtml) page.read_values(kind);
  // What only looks like JSON may be a page after all.
  const bool html = media_type_essence(source.content_type).find("html") != std::string::npos;
  if (kind == DocumentKind::kHtml || (html && !page.json_)) {
    Result<Tree> tree = Tree::parse(*page.text_, limits);
    if (!tree) return tl::unexpected(std::move(tree.error()));
    page.tree_ = std::move(*tree);
    page.index_ = TreeIndex(page.root());
  }
  page.read_tree(source);
  return page;
}

void Page::read_values(DocumentKind kind) {
  json_ = kind == DocumentKind::kXml ? read_xml(*text_) : read_json(json_part(*text_));
  if (json_ && !json_->is_structured()) json_.reset();
}

// Links and what the document says of itself, of a tree and of the response's headers.
void Page::read_tree(const PageSource& source) {
  const std::string_view agent = product_token(source.user_agent);
  Markup markup;
  if (tree_) markup = read_markup(root(), index_, agent);
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
  if (bases.markup != nullptr) base_ = bases.markup->href();
  links_ = resolve_links(markup.references, bases);
  for (Link& link : links_) link.nofollow = link.nofollow || markup.robots.nofollow;

  facts_.title = std::move(markup.title);
  facts_.canonical = resolve_canonical(markup.references, bases);
  facts_.language = std::string(markup.language);
  facts_.noindex = markup.robots.noindex || (markup.robots.unavailable_after &&
                                             *markup.robots.unavailable_after <= source.now);
  facts_.nofollow = markup.robots.nofollow;
}

std::string Page::resolve(std::string_view reference) const {
  const std::optional<Url> base = Url::parse(base_);
  const std::optional<Url> url = Url::parse(reference, base ? &*base : nullptr);
  return url ? url->href() : std::string();
}

}  // namespace placer
