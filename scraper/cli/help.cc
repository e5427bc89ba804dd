#include "scraper/cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "scraper/cli/commands.h"
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

Taken help_flag() {
  Taken taken;
  taken.names = {"-h", "--help"};
  taken.text = "This help";
  return taken;
}

struct Row {
  std::string heading;
  std::string text;
};

// Those that are told of in one row, when `taken` is one of them.
const Alternatives* told_together(const Command& command, const Taken& taken) {
  for (const Alternatives& alternatives : command.alternatives()) {
    if (alternatives.text.empty() || taken.names.empty()) continue;
    if (std::ranges::count(alternatives.names, taken.names.back()) > 0) return &alternatives;
  }
  return nullptr;
}

std::vector<Row> rows_of(const Command& command) {
  std::vector<Row> rows;
  const Alternatives* before = nullptr;
  for (const Taken& taken : all_taken(command)) {
    const Alternatives* together = told_together(command, taken);
    if (together == nullptr) {
      rows.push_back({heading(taken), whole_text(taken)});
    } else if (together != before) {
      rows.push_back({fmt::format("{}", fmt::join(together->names, " | ")), together->text});
    }
    before = together;
  }
  return rows;
}

}  // namespace

std::vector<const Command*> listed(const std::vector<Command>& commands) {
  std::vector<const Command*> out;
  for (const Command& command : commands) {
    if (!command.group().empty()) out.push_back(&command);
  }
  return out;
}

std::vector<Taken> all_taken(const Command& command) {
  std::vector<Taken> out = command.taken();
  const auto options = std::stable_partition(
      out.begin(), out.end(), [](const Taken& taken) { return taken.names.empty(); });
  out.insert(options, help_flag());
  return out;
}

std::string heading(const Taken& taken) {
  if (taken.names.empty()) {
    const std::string name = taken.value + (taken.repeated ? "..." : "");
    return taken.required ? name : "[" + name + "]";
  }
  return fmt::format("{}{}{}", fmt::join(taken.names, ", "), taken.value.empty() ? "" : " ",
                     taken.value);
}

std::string whole_text(const Taken& taken) {
  std::string text = taken.text;
  if (!taken.choices.empty() && text.find(taken.choices.front()) == std::string::npos) {
    text += fmt::format(": {}", fmt::join(taken.choices, ", "));
  }
  if (!taken.default_value.empty()) text += " [" + taken.default_value + "]";
  return text;
}

std::string synopsis(const Command& command) {
  std::string out = "placer " + command.name() + " [OPTION]...";
  for (const Taken& taken : command.taken()) {
    if (taken.names.empty()) out += " " + heading(taken);
  }
  return out;
}

std::string command_help(const Command& command) {
  std::string out = "usage: " + synopsis(command) + "\n" + wrapped(command.text() + ".", 0, 0);
  const std::vector<Row> rows = rows_of(command);
  std::size_t indent = 0;
  for (const Row& row : rows) {
    const std::size_t width = 2 + row.heading.size() + 2;
    if (width <= kMostIndent) indent = std::max(indent, width);
  }
  for (const Row& row : rows) {
    std::string name = "  " + row.heading + "  ";
    name.resize(std::max(name.size(), indent), ' ');
    out += name + wrapped(row.text, name.size(), indent);
  }
  if (!command.examples().empty()) out += "Examples:\n";
  for (const std::string& line : command.examples()) out += "  " + line + "\n";
  return out;
}

std::string program_help(const std::vector<Command>& commands) {
  std::string out =
      "usage: placer COMMAND ...                    (placer COMMAND --help says more)\n"
      "Scrapes places (businesses, points of interest) from the web into SQLite.\n";
  std::string group;
  std::string also;
  for (const Command* command : listed(commands)) {
    if (command->group() == kGroupAlso) {
      also += command->name() + ", ";
      continue;
    }
    if (command->group() != group) out += command->group() + ":\n";
    group = command->group();
    out += fmt::format("  {:<10}{}\n", command->name(), command->text());
  }
  return out + "Also: " + also +
         "--version\n"
         "  placer init https://example.org/ && placer run example.org.yaml\n"
         "  placer query example.org.db cafes near 52.52,13.40 within 2km open now\n";
}

std::string unknown_command(const std::vector<Command>& commands, const std::string& name) {
  std::vector<std::string> names;
  for (const Command* command : listed(commands)) names.push_back(command->name());
  return fmt::format("unknown command '{}'{}", printable(name), did_you_mean(name, names));
}

Command help_command(const std::vector<Command>& all) {
  Command command("help", kGroupAlso, "Say how a command is used");
  auto name = std::make_shared<std::string>();
  command.optional_argument("COMMAND", *name, "Without it, what all commands are for");
  command.examples({"placer help run"});
  command.action([&all, name] {
    const auto about = std::ranges::find(all, *name, &Command::name);
    if (!name->empty() && about == all.end()) {
      fmt::print(stderr, "placer: {}\nTry 'placer --help'.\n", unknown_command(all, *name));
      return kExitUsage;
    }
    fmt::print("{}", name->empty() ? program_help(all) : command_help(*about));
    return kExitDone;
  });
  return command;
}

}  // namespace placer::cli
