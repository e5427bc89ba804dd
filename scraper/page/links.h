// What a document refers to, and what it says of itself, before anything is resolved.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scraper/message.h"
#include "scraper/page/robots_directives.h"
#include "scraper/page/tree_index.h"

namespace placer {

// A reference as written. The view points into a tree or a header.
struct Reference {
  std::string_view url;
  LinkKind kind = LinkKind::kAnchor;
  bool nofollow = false;     // by its rel
  bool from_header = false;  // resolves against the document's URL, whatever its base is
};

// What a tree holds. Views live as long as the tree.
struct Markup {
  std::string_view base;  // href of the first base element that has one; empty: none
  std::string title;      // of the first HTML title element, white space collapsed
  std::string_view language;
  RobotsDirectives robots;  // of meta elements
  std::vector<Reference> references;
};

// Links are a, area, iframe, frame, meta refresh, and link elements whose rel is canonical, next,
// prev or an alternate in HTML. `agent` is the product token whose meta elements count beside
// "robots". Inert markup (template) is passed over.
Markup read_markup(Node root, const TreeIndex& index, std::string_view agent);

// The references of one Link header (RFC 8288, section 3): rel canonical, next and prev.
std::vector<Reference> read_link_header(std::string_view value);

// The URL of a meta refresh's content (HTML, "shared declarative refresh steps"); empty when the
// page only reloads itself.
std::string_view refresh_url(std::string_view content);

}  // namespace placer
