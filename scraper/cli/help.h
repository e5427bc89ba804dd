// What `--help` prints.
//
// Each help fits a screen of 24 lines of 80 columns.
#pragma once

#include <string>
#include <vector>

#include "scraper/cli/command.h"

namespace placer::cli {

std::string program_help(const std::vector<Command>& commands);
std::string command_help(const Command& command);

// "unknown command 'rnu' (did you mean 'run'?)"
std::string unknown_command(const std::vector<Command>& commands, const std::string& name);

// The commands that are for people.
std::vector<const Command*> listed(const std::vector<Command>& commands);

// Arguments first, then --help, which all commands take, and the options.
std::vector<Taken> all_taken(const Command& command);

// "placer export [OPTION]... DB"
std::string synopsis(const Command& command);
// "-o, --output FILE"; "DB" or "[WORD...]" of an argument.
std::string heading(const Taken& taken);
// The text with the choices, unless it names them itself, and the default: "At most so many [20]".
std::string whole_text(const Taken& taken);

}  // namespace placer::cli
