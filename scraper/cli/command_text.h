// What the command line offers, as plain values.
//
// Read off CLI11's commands, where each is declared once; help, the manual and the completions of
// the shells are all written from this, so that none of them can tell of an option that is not
// there.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace placer::cli {

struct CommandOption {
  std::vector<std::string> names;    // "-o", "--output"; the one name of an argument: "database"
  std::string value;                 // what stands for its value, "FILE"; empty: a flag
  std::vector<std::string> choices;  // the only values that are accepted; empty: any
  std::string text;
  std::string default_value;
  bool required = false;
  bool repeated = false;  // an argument that takes all that follow
};

struct CommandText {
  std::string name;
  std::string group;  // kGroup... of command.h
  std::string text;   // a line, without a full stop
  std::vector<CommandOption> arguments;
  std::vector<CommandOption> options;
  std::vector<std::string> examples;  // command lines
};

// The commands that people call, in the order in which they were added; others have no group.
std::vector<CommandText> command_texts(const CLI::App& app);
CommandText command_text(const CLI::App& command);

// "placer export [OPTION]... DB"
std::string synopsis(const CommandText& command);
// "-o, --output FILE"; "DB" or "[WORD...]" of an argument.
std::string heading(const CommandOption& option);
// The text with the choices, unless it names them itself, and the default: "At most so many [20]".
std::string whole_text(const CommandOption& option);

}  // namespace placer::cli
