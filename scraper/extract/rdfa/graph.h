// What the RDFa of a page states: its resources and what is said of each (RDFa Core 1.1, section
// 7.5, "Sequence", with HTML+RDFa 1.1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scraper/extract/rdfa/names.h"
#include "scraper/page/page.h"

namespace placer {

// A literal, or a reference to a resource.
struct RdfaValue {
  static constexpr std::uint32_t kNoResource = UINT32_MAX;

  std::uint32_t resource = kNoResource;  // index into RdfaGraph::resources()
  std::string text;
  std::string language;  // BCP 47; empty: none
  std::string datatype;  // an IRI; empty: plain text
};

struct RdfaStatement {
  std::string property;  // an IRI
  RdfaValue value;
};

struct RdfaResource {
  std::string iri;  // absolute where it resolves; "_:b0" of a blank node
  bool blank = false;
  std::vector<std::string> types;         // IRIs, each once; rdf:type is here only
  std::vector<RdfaStatement> statements;  // in tree order, each once
};

// Reads one page once, in time linear in it but for shared text; that and what is built is bounded:
// on a page made to blow up, later statements are missing. Resources refer to each other by index,
// so cycles cost nothing here. Lists (inlist) are read as plain values. Text is as a reader sees
// it: white space collapsed, without script and style.
class RdfaGraph {
 public:
  RdfaGraph(const Page& page, RdfaReading reading);

  // In the order of their first mention, also those of which nothing is said.
  const std::vector<RdfaResource>& resources() const { return resources_; }

 private:
  class Reader;
  std::vector<RdfaResource> resources_;
};

}  // namespace placer
