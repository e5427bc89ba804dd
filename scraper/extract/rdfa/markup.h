// The markup of an element as an XML literal (RDF 1.1 Concepts, section 5.2).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/page/tree.h"

namespace placer {

// The content of `element` as XML; the outermost elements declare `namespaces` (prefix and IRI, in
// this order) beside XHTML's. Cut off after `max_bytes`. Iterative.
std::string xml_content(Node element,
                        const std::vector<std::pair<std::string, std::string_view>>& namespaces,
                        std::size_t max_bytes);

}  // namespace placer
