// The formats placer reads, by name.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "scraper/extractor.h"

namespace placer {

// The name in job files and in observation.format: "json-ld". A promise.
std::string_view format_name(Format format);

// One extractor for the job's rules when there are any, then one for each of `formats`, in that
// order.
std::vector<std::unique_ptr<Extractor>> make_extractors(const std::vector<Format>& formats,
                                                        const std::vector<RuleOptions>& rules = {});

}  // namespace placer
