// From a command line to what is done.
#pragma once

#include <string>
#include <vector>

#include "scraper/cli/command.h"

namespace placer::cli {

// Does what the command line says and returns the exit status. --help and --version are answered,
// and what cannot be understood is said on stderr, with what was perhaps meant.
int run_command_line(const std::vector<Command>& commands, int argc, const char* const* argv);

}  // namespace placer::cli
