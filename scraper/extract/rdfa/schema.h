// RDFa in schema.org's terms, as find_places (schema/places.h) reads it.
//
// Beside schema.org's own names these are understood, as far as they describe places:
//   data-vocabulary.org (v:), vCard (vcard:), GoodRelations (gr:), FOAF, rdfs:label, rdfs:comment,
//   rdf:value and wgs84_pos (lat, long).
// An organization of these vocabularies is a LocalBusiness when it states an address, coordinates
// or one location, else an Organization; gr:Location and vcard:Location are Places.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extract/rdfa/graph.h"

namespace placer {

// The bare name of schema.org's property that `iri` is or stands for; empty when there is none.
// Valid while `iri` is.
std::string_view schema_property(std::string_view iri);

// True for properties that are a text and never a page: name, parts of an address, ...
bool is_text_property(std::string_view name);

// {"@type": [...], "@id": "...", property: [values]}: one tree for each resource that is no other's
// value, in the order of the page, then for what is left of cycles. Each resource is written once,
// within the first that has it as a value; others refer to it by its "@id". Only what has a name in
// schema.org is there. References to what the page does not describe are strings.
std::vector<nlohmann::json> schema_nodes(const RdfaGraph& graph);

}  // namespace placer
