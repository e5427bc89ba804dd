// schema.org's types at or below Place, the LocalBusiness tree among them (release 30.0).
//
// A type may have several parents, so the tree is a graph: a Hospital is a CivicStructure and an
// EmergencyService. All functions take bare names ("Restaurant"), compared ignoring case, and
// answer false for names outside the table, Organization and Thing among them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace placer {

struct SchemaType {
  std::string_view name;     // as schema.org spells it
  std::string_view parents;  // names separated by one space; some are outside the table
};

// The table, sorted by name ignoring case.
std::span<const SchemaType> schema_types();

// Null for types outside the table.
const SchemaType* find_schema_type(std::string_view name);

// `written` without a prefix that says schema.org ("http://schema.org/", "schema:") and the slashes
// after the name that such URLs carry; anything else as it is.
std::string_view strip_schema_prefix(std::string_view written);

// The bare name of a type as pages write it: "http://schema.org/Hotel",
// "https://www.schema.org/#Hotel/", "schema.org/Hotel", "schema:Hotel", "hotel" -> "Hotel". Types
// of the table come back in schema.org's spelling, others as written.
std::string bare_type_name(std::string_view written);

// True when `name` is `ancestor` or below it.
bool is_schema_subtype(std::string_view name, std::string_view ancestor);

bool is_place_type(std::string_view name);      // Place or below
bool is_local_business(std::string_view name);  // LocalBusiness or below

// Of several types of one thing the one that says most: in the LocalBusiness tree rather than
// elsewhere, then the farthest from Place, then the first. Empty when none is in the table.
std::string_view most_specific_type(std::span<const std::string> types);

}  // namespace placer
