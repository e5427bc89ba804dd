// Places in JSON that is there for scripts, not for readers.
//
// Read are JSON scripts (application/json: Next.js, Nuxt, ...), literals and JSON strings in
// JavaScript ("var stores = [...]", "JSON.parse('...')"), the payload that React Server Components
// push piece by piece (self.__next_f), attributes that hold JSON (data-props, data-page) or state a
// marker (data-lat, data-lng), and whole responses of JSON or XML. All of it is searched by key
// names (dictionary.h). JSON-LD is not read here, nor what a store locator answers (locator.h).
//
// Paths: "script[3]/props/pageProps/stores/0", K counting the page's scripts from 1;
// "script[4]/stores/0" for what is assigned to `stores`; "self.__next_f/1a/3/stores/0";
// "data-props[1]/stores/0", counting such attributes; "marker[7]"; "/stores/0" in a response.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "scraper/extractor.h"

namespace placer {

class Embedded : public Extractor {
 public:
  std::string_view format() const override { return "embedded"; }

  // The documents in which a key word stands, as {"path": ..., "value": ...}.
  nlohmann::json items(const Page& page) const override;

  // At most 20,000; from at most 16 MiB of text and the values of one JsonBudget.
  std::vector<RawPlace> places(const Page& page) const override;
};

}  // namespace placer
