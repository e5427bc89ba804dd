// JSON-LD in <script type="application/ld+json"> (JSON-LD 1.1, section 7 "Embedding in HTML").
//
// Documents are read as plain JSON in schema.org's terms, as publishers write them and search
// engines read them: no remote context is fetched, none is applied but for schema.org's prefixes.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class JsonLd : public Extractor {
 public:
  std::string_view format() const override { return "json-ld"; }

  // The documents (arrays and objects) as they stand. A block that cannot be read (json_text.h) is
  // left out and costs no other; so are blocks beyond the page's JsonBudget.
  nlohmann::json items(const Page& page) const override;

  // Paths begin with "script[K]", K counting the page's JSON-LD scripts from 1, read or not, and go
  // on as JSON Pointer: "script[2]/@graph/0".
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
