// The seam to page formats: one Extractor per format.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/page/page.h"

namespace placer {

// A place as one format of one page states it, before any cleaning.
struct RawPlace {
  std::string path;       // where in the page: "script[2]/@graph/0", "item[3]/location"
  nlohmann::json fields;  // an object in schema.org's vocabulary; "@type" is an array of names
  // A place of its own only where the formats before state none on the page: else it is more about
  // the one they state, if the names agree, or nothing.
  bool last_resort = false;
};

// What one format finds on one page.
struct Extraction {
  std::vector<RawPlace> places;
  std::vector<Link> links;
  std::vector<std::uint32_t> rule_hits;  // of rules only: see Outcome::rule_hits
};

// Reads one format. Stateless, safe for concurrent use; accepts whatever a hostile site can send.
class Extractor {
 public:
  virtual ~Extractor() = default;

  virtual std::string_view format() const = 0;  // stored with each observation: "json-ld"

  // Every item of the format in its own terms, places or not; for `debug` and `inspect`.
  virtual nlohmann::json items(const Page& page) const = 0;

  virtual std::vector<RawPlace> places(const Page& page) const = 0;

  // What the format asks to be fetched besides the page's own links.
  virtual std::vector<Link> links(const Page& /*page*/) const { return {}; }

  // Both at once, for what would do its work twice otherwise.
  virtual Extraction read(const Page& page) const { return {places(page), links(page), {}}; }

  // True for what is only asked when no other format states a place on the page.
  virtual bool last_resort() const { return false; }
};

}  // namespace placer
