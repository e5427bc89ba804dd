// What `--help` prints, and what is said of a command line that cannot be understood.
//
// Each help fits a screen of 24 lines of 80 columns.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace placer::cli {

// Of the program when asked for the root, else of a command.
std::shared_ptr<CLI::FormatterBase> help_formatter();

// "unknown command 'rnu' (did you mean 'run'?)": what is wrong, and what was perhaps meant.
std::string usage_problem(const CLI::App& app, const CLI::ParseError& error, int argc,
                          const char* const* argv);

}  // namespace placer::cli
