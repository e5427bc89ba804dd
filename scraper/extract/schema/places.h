// The places in a page's schema.org-shaped documents.
//
// JSON-LD documents are such documents as they are; other formats bring their items into that form:
// {"@type": [...], "@id": "...", property: value or array}. Which nodes are places is said in
// schema/graph.h, what their fields look like in fields.h.
#pragma once

#include <vector>

#include "scraper/extract/schema/graph.h"
#include "scraper/extractor.h"

namespace placer {

// Every place, in document order, each once, whatever the number of its types. Nodes that share an
// @id state one place: they are joined, with the path of the fullest, unless they contradict each
// other in name, address, telephone, geo or branchCode (pages give all branches of a chain the @id
// of the company), or say exactly the same (a place stated twice is two observations).
std::vector<RawPlace> find_places(const std::vector<SchemaDocument>& documents, PathStyle style);

}  // namespace placer
