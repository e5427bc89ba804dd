#include "scraper/cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "scraper/cli/command.h"
#include "scraper/cli/command_text.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kMostIndent = 26;  // where texts begin at the farthest

// `text` in lines of kWidth. `column`: where the first begins; the others begin at `indent`.
std::string wrapped(std::string_view text, std::size_t column, std::size_t indent) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (column + word.size() > kWidth) {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    out.append(word).append(end < text.size() ? " " : "");
    column += word.size() + 1;
    begin = end + 1;
  }
  return out + "\n";
}

std::string command_help(const CommandText& command) {
  std::string out = "usage: " + synopsis(command) + "\n" + wrapped(command.text + ".", 0, 0);
  std::vector<CommandOption> rows = command.arguments;
  rows.insert(rows.end(), command.options.begin(), command.options.end());
  std::size_t indent = 0;
  for (const CommandOption& option : rows) {
    const std::size_t width = 2 + heading(option).size() + 2;
    if (width <= kMostIndent) indent = std::max(indent, width);
  }
  for (const CommandOption& option : rows) {
    std::string name = "  " + heading(option) + "  ";
    name.resize(std::max(name.size(), indent), ' ');
    out += name + wrapped(whole_text(option), name.size(), indent);
  }
  if (!command.examples.empty()) out += "Examples:\n";
  for (const std::string& line : command.examples) out += "  " + line + "\n";
  return out;
}

std::string program_help(const CLI::App& app) {
  std::string out = "usage: placer COMMAND ...      (placer COMMAND --help says more)\n" +
                    wrapped(app.get_description(), 0, 0);
  std::string group;
  std::string also;
  for (const CommandText& command : command_texts(app)) {
    if (command.group == kGroupAlso) {
      also += command.name + ", ";
      continue;
    }
    if (command.group != group) out += command.group + ":\n";
    group = command.group;
    out += fmt::format("  {:<10}{}\n", command.name, command.text);
  }
  out += "Also: " + also + "--version\n";
  return out + app.get_footer();
}

class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string /*name*/,
                        CLI::AppFormatMode /*mode*/) const override {
    return app->get_parent() == nullptr ? program_help(*app) : command_help(command_text(*app));
  }
};

std::string unknown_command(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  for (const CommandText& command : command_texts(app)) names.push_back(command.name);
  return fmt::format("unknown command '{}'{}", printable(name), did_you_mean(name, names));
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

// The first argument from `begin` on that looks like an option and is none of `command`.
std::string unknown_option(const CLI::App& command, int begin, int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (const CommandOption& option : command_text(command).options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  for (int i = begin; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string argument = argv[i];
    const std::string name = argument.substr(0, argument.find('='));
    if (name.size() < 2 || name.front() != '-') continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return fmt::format("no option '{}'{}", printable(name), did_you_mean(name, names));
    }
  }
  return {};
}

// "JOB.yaml is missing": the first argument that has to be there and is not.
std::string missing_argument(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (!option->nonpositional() && option->get_required() && option->count() == 0) {
      return option->get_type_name().substr(0, option->get_type_name().find(':')) + " is missing";
    }
  }
  return {};
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<HelpFormatter>(); }

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error, int argc,
                          const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  const CLI::App* command = command_named(app, first);
  std::string problem;
  if (command == nullptr) {
    problem =
        first.starts_with('-') ? unknown_option(app, 1, argc, argv) : unknown_command(app, first);
  } else if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    problem = unknown_option(*command, 2, argc, argv);
  } else if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    problem = missing_argument(*command);
  }
  if (problem.empty()) problem = printable(error.what());
  return fmt::format("placer: {}\nTry 'placer {}--help'.\n", problem,
                     command == nullptr ? "" : first + " ");
}

void add_help(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("help", "Say how a command is used")->group(kGroupAlso);
  auto name = std::make_shared<std::string>();
  command->add_option("command", *name, "Without it, what all commands are for")
      ->type_name("COMMAND");
  command->footer("placer help run");
  command->callback([&app, &action, name] {
    action = [&app, name] {
      const CLI::App* about = name->empty() ? &app : command_named(app, *name);
      if (about == nullptr) {
        fmt::print(stderr, "placer: {}\nTry 'placer --help'.\n", unknown_command(app, *name));
        return kExitUsage;
      }
      fmt::print("{}", about->help());
      return kExitDone;
    };
  });
}

}  // namespace placer::cli
