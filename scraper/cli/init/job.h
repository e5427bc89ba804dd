// The job that `placer init` proposes for a site, as commented YAML.
#pragma once

#include <string>
#include <vector>

#include "scraper/cli/init/look.h"

namespace placer::cli {

// Which parts of the site the places are in, as globs; empty: all over the site, or not known.
std::vector<std::string> include_globs(const SiteLook& look);

// Loads as it stands. `site`, the host that the look began with, names the job; `file` is where it
// will be.
std::string init_job(const SiteLook& look, const LookOptions& options, const std::string& site,
                     const std::string& file);

}  // namespace placer::cli
