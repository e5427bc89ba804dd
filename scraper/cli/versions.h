// What `--version` prints: placer's version, and those of the libraries whose behaviour shows.
#pragma once

#include <string>

namespace placer::cli {

std::string versions();

}  // namespace placer::cli
