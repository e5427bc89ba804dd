// The attributes of RDFa on one element (RDFa Core 1.1, section 5), as written.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "scraper/page/tree.h"

namespace placer {

// Views live as long as the tree.
struct RdfaAttributes {
  explicit RdfaAttributes(Node element);

  std::optional<std::string_view> about, resource, href, src, datatype, property, rel, rev, type_of;
  // Also what HTML elements have in its place: datetime of time, value of data and meter
  // (HTML+RDFa 1.1, section 3.1).
  std::optional<std::string_view> content;
  std::optional<std::string_view> language;  // lang before xml:lang
  bool declares = false;                     // vocab, prefix, xmlns:* or version

  bool any() const;
};

// Unique tokens of an attribute, at most 64.
std::vector<std::string_view> attribute_tokens(std::optional<std::string_view> attribute);

}  // namespace placer
