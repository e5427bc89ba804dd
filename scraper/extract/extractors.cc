#include "scraper/extract/extractors.h"

#include <algorithm>
#include <iterator>

#include "scraper/extract/embedded/embedded.h"
#include "scraper/extract/json_ld.h"
#include "scraper/extract/locator/locator.h"
#include "scraper/extract/microdata/microdata.h"
#include "scraper/extract/microformats/microformats.h"
#include "scraper/extract/opengraph/opengraph.h"
#include "scraper/extract/rdfa/rdfa.h"
#include "scraper/extract/rules/rules.h"
#include "scraper/extract/text/page_text.h"

namespace placer {
namespace {

template <class Reader>
std::unique_ptr<Extractor> make() {
  return std::make_unique<Reader>();
}

struct Entry {
  Format format;
  std::string_view name;
  std::unique_ptr<Extractor> (*make)();
};

// A new format is a line here, beside its own file.
constexpr Entry kFormats[] = {
    {Format::kJsonLd, "json-ld", make<JsonLd>},
    {Format::kMicrodata, "microdata", make<Microdata>},
    {Format::kRdfa, "rdfa", make<Rdfa>},
    {Format::kMicroformats, "microformats", make<Microformats>},
    {Format::kLocator, "locator", make<Locator>},
    {Format::kEmbedded, "embedded", make<Embedded>},
    {Format::kOpenGraph, "opengraph", make<OpenGraph>},
    {Format::kText, "text", make<PageText>},
};

const Entry* find_entry(Format format) {
  const auto* const found = std::ranges::find(kFormats, format, &Entry::format);
  return found == std::end(kFormats) ? nullptr : found;
}

}  // namespace

std::string_view format_name(Format format) {
  const Entry* entry = find_entry(format);
  return entry == nullptr ? std::string_view() : entry->name;
}

std::vector<std::unique_ptr<Extractor>> make_extractors(const std::vector<Format>& formats,
                                                        const std::vector<RuleOptions>& rules) {
  std::vector<std::unique_ptr<Extractor>> extractors;
  if (!rules.empty()) extractors.push_back(std::make_unique<Rules>(rules));
  for (const Format format : formats) {
    if (const Entry* entry = find_entry(format)) extractors.push_back(entry->make());
  }
  return extractors;
}

}  // namespace placer
