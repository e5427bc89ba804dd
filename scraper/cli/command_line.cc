#include "scraper/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "scraper/cli/help.h"
#include "scraper/cli/terminal.h"
#include "scraper/cli/versions.h"

namespace placer::cli {
namespace {

const Command* command_named(const std::vector<Command>& commands, std::string_view name) {
  const auto found = std::ranges::find(commands, name, &Command::name);
  return found == commands.end() ? nullptr : &*found;
}

void declare(CLI::App& parser, const Taken& taken, std::size_t position) {
  const std::string name = taken.names.empty() ? fmt::format("argument-{}", position)
                                               : fmt::format("{}", fmt::join(taken.names, ","));
  const auto take = [&taken](const CLI::results_t& values) {
    for (const std::string& value : values) {
      const std::string problem = taken.take(value);
      if (problem.empty()) continue;
      throw CLI::ValidationError(taken.names.empty() ? taken.value : taken.names.back(), problem);
    }
    return true;
  };
  if (taken.value.empty()) {
    parser.add_flag_callback(name, [&taken] { taken.take(""); });
    return;
  }
  CLI::Option* option = parser.add_option(name, take, "", false);
  option->required(taken.required);
  if (taken.repeated) {
    option->expected(1, CLI::detail::expected_max_vector_size);
    option->allow_extra_args(taken.names.empty());
  } else {
    option->expected(static_cast<int>(taken.values));
    option->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  }
}

// The first argument that looks like an option and is none of `names`.
std::string unknown_option(const std::vector<std::string>& names, const char* const* begin,
                           const char* const* end) {
  for (; begin != end && std::string_view(*begin) != "--"; ++begin) {
    const std::string argument = *begin;
    const std::string name = argument.substr(0, argument.find('='));
    if (name.size() < 2 || name.front() != '-' || std::ranges::count(names, name) > 0) continue;
    return fmt::format("no option '{}'{}", printable(name), did_you_mean(name, names));
  }
  return {};
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names;
  for (const Taken& taken : all_taken(command)) {
    names.insert(names.end(), taken.names.begin(), taken.names.end());
  }
  return names;
}

// "JOB.yaml is missing": the first argument that has to be there and is not.
std::string missing_argument(const CLI::App& parser, const Command& command) {
  std::size_t position = 0;
  for (const Taken& taken : command.taken()) {
    if (!taken.names.empty()) continue;
    const CLI::Option* option = parser.get_option(fmt::format("argument-{}", position++));
    if (taken.required && option->count() == 0) return taken.value + " is missing";
  }
  return {};
}

int usage_error(const std::string& problem, const std::string& about) {
  fmt::print(stderr, "placer: {}\nTry 'placer {}--help'.\n", problem, about);
  return kExitUsage;
}

}  // namespace

int run_command_line(const std::vector<Command>& commands, int argc, const char* const* argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version") {
    fmt::print("{}\n", versions());
    return kExitDone;
  }
  if (first.empty() || first == "--help" || first == "-h") {
    fmt::print(argc == 1 ? stderr : stdout, "{}", program_help(commands));
    return argc == 1 ? kExitUsage : kExitDone;
  }
  const Command* command = command_named(commands, first);
  if (command == nullptr) {
    return usage_error(first.front() == '-'
                           ? unknown_option({"-h", "--help", "--version"}, argv + 1, argv + argc)
                           : unknown_command(commands, std::string(first)),
                       "");
  }
  CLI::App parser;
  parser.set_help_flag("-h,--help");
  std::size_t position = 0;
  for (const Taken& taken : command->taken()) {
    declare(parser, taken, position);
    if (taken.names.empty()) ++position;
  }
  for (const Alternatives& alternatives : command->alternatives()) {
    for (const std::string& one : alternatives.names) {
      for (const std::string& other : alternatives.names) {
        if (one < other) parser.get_option(one)->excludes(other);
      }
    }
  }
  try {
    parser.parse(argc - 1, argv + 1);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", command_help(*command));
    return kExitDone;
  } catch (const CLI::ParseError& error) {
    std::string problem;
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
      problem = unknown_option(option_names(*command), argv + 2, argv + argc);
    } else if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
      problem = missing_argument(parser, *command);
    }
    return usage_error(problem.empty() ? printable(error.what()) : problem, command->name() + " ");
  }
  return command->action()();
}

}  // namespace placer::cli
