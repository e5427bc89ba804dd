// placer completion: what a shell has to know to complete placer's command lines.
#include <fmt/format.h>

#include <memory>

#include "config/option_texts.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/help.h"

namespace placer::cli {
namespace {

// What may stand for a value: files whose names end so, or these words.
struct Values {
  bool files = false;
  std::vector<std::string> endings;  // ".db"; none: any file
  std::vector<std::string> words;
  bool unfinished = false;  // the words go on: "politeness.delay="
};

Values values_of(const Taken& option) {
  Values values;
  values.words = option.choices;
  if (option.value == "JOB.yaml") {
    values.files = true;
    values.endings = {".yaml", ".yml"};
  } else if (option.value == "DB") {
    values.files = true;
    values.endings = {".db", ".sqlite"};
  } else if (option.value.find("FILE") != std::string::npos) {
    values.files = true;
  } else if (option.value == "KEY=VALUE") {
    values.unfinished = true;
    for (const OptionText& key : option_texts()) {
      if (!key.type.empty()) values.words.push_back(key.name + "=");
    }
  }
  return values;
}

// In single quotes; in fish a backslash means itself there unless before one of the two.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// ---- bash: one function that looks at the words so far.

std::string bash_values(const Values& values) {
  if (values.files) return fmt::format("_placer_files {}", fmt::join(values.endings, " "));
  if (values.words.empty()) return "COMPREPLY=()";
  return fmt::format("{}_placer_words {}", values.unfinished ? "compopt -o nospace; " : "",
                     shell_quoted(fmt::format("{}", fmt::join(values.words, " "))));
}

std::string bash_command(const Command& command) {
  std::string valued;
  std::string names;
  for (const Taken& option : all_taken(command)) {
    if (option.names.empty()) continue;
    names += fmt::format("{}{}", names.empty() ? "" : " ", fmt::join(option.names, " "));
    if (option.value.empty()) continue;
    valued += fmt::format("        {}) {}; return ;;\n", fmt::join(option.names, "|"),
                          bash_values(values_of(option)));
  }
  std::string out = fmt::format("    {})\n", command.name());
  if (!valued.empty()) out += "      case $previous in\n" + valued + "      esac\n";
  out += fmt::format("      if [[ $current == -* ]]; then _placer_words {}\n", shell_quoted(names));
  for (const Taken& argument : command.taken()) {
    if (!argument.names.empty()) continue;
    const Values values = values_of(argument);
    if (values.files || !values.words.empty()) {
      out += fmt::format("      else {}\n", bash_values(values));
      break;
    }
  }
  return out + "      fi ;;\n";
}

std::string bash(const std::vector<const Command*>& commands) {
  std::string names;
  std::string cases;
  for (const Command* command : commands) {
    names += command->name() + " ";
    cases += bash_command(*command);
  }
  return R"(# bash completion for placer

_placer_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

# Folders, and files whose names end in one of these, or any.
_placer_files() {
  compopt -o filenames
  local ending
  mapfile -t COMPREPLY < <(
    compgen -d -- "$current"
    if (($#)); then
      for ending; do compgen -f -X "!*$ending" -- "$current"; done
    else
      compgen -f -- "$current"
    fi | sort -u
  )
}

_placer() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _placer_words ')" +
         names + R"(--help --version'
    return
  fi
  case ${COMP_WORDS[1]} in
)" + cases +
         R"(  esac
}
complete -F _placer placer
)";
}

// ---- zsh: a specification per option for _arguments.

// Between brackets and colons of a specification.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// ":FILE:_files", the part of a specification that is about a value.
std::string zsh_value(const Taken& option) {
  const Values values = values_of(option);
  std::string action = " ";  // nothing that could be completed
  if (values.files) {
    std::string pattern;
    for (const std::string& ending : values.endings) {
      pattern += (pattern.empty() ? "*" : "|*") + ending;
    }
    action = "_files";
    if (!pattern.empty()) action += " -g \"(" + pattern + ")(-.)\"";
  } else if (values.unfinished) {
    action = fmt::format("compadd -S \"\" - {}", fmt::join(values.words, " "));
    action = "{" + action + "}";
  } else if (!values.words.empty()) {
    action = fmt::format("({})", fmt::join(values.words, " "));
  }
  return fmt::format(":{}:{}", zsh_text(option.value), action);
}

std::string zsh_command(const Command& command) {
  std::string out = fmt::format("    {})\n      _arguments", command.name());
  for (const Taken& option : all_taken(command)) {
    for (const std::string& name : option.names) {
      std::string spec = fmt::format("{}[{}]", name, zsh_text(option.text));
      if (!option.value.empty()) spec += zsh_value(option);
      out += " \\\n        " + shell_quoted(spec);
    }
  }
  for (const Taken& argument : command.taken()) {
    if (!argument.names.empty()) continue;
    out += " \\\n        " + shell_quoted((argument.repeated ? "*" : "") + zsh_value(argument));
  }
  return out + " ;;\n";
}

std::string zsh(const std::vector<const Command*>& commands) {
  std::string names;
  std::string cases;
  for (const Command* command : commands) {
    names += "    " + shell_quoted(command->name() + ":" + zsh_text(command->text())) + "\n";
    cases += zsh_command(*command);
  }
  return R"(#compdef placer

_placer() {
  local -a commands=(
)" + names +
         R"(  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands -- '(--help --version)'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
)" + cases +
         R"(  esac
}

# Sourced, or loaded from a folder of $fpath.
if [[ $funcstack[1] == _placer ]]; then _placer "$@"; else compdef _placer placer; fi
)";
}

// ---- fish: a line per option.

std::string fish_value(const Taken& option) {
  const Values values = values_of(option);
  if (values.files) {
    if (values.endings.empty()) return " -r -F";
    // It offers other files too, after those.
    return fmt::format(" -x -a '(__fish_complete_suffix {})'", values.endings.front());
  }
  if (values.words.empty()) return " -x";
  return " -x -a " + shell_quoted(fmt::format("{}", fmt::join(values.words, " ")));
}

std::string fish_command(const Command& command) {
  const std::string begin =
      fmt::format("complete -c placer -n '__fish_seen_subcommand_from {}'", command.name());
  std::string out;
  for (const Taken& option : all_taken(command)) {
    if (option.names.empty()) continue;
    out += begin;
    for (const std::string& name : option.names) {
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.value.empty()) out += fish_value(option);
    out += " -d " + shell_quoted(option.text) + "\n";
  }
  for (const Taken& argument : command.taken()) {
    if (!argument.names.empty()) continue;
    const Values values = values_of(argument);
    if (values.files) {
      out +=
          begin + (values.endings.empty() ? " -F" : " -k" + fish_value(argument).substr(3)) + "\n";
    } else if (!values.words.empty()) {
      out += begin + fish_value(argument).substr(3) + "\n";
    }
  }
  return out;
}

std::string fish(const std::vector<const Command*>& commands) {
  std::string out =
      "# fish completion for placer\n"
      "complete -c placer -f\n"
      "complete -c placer -n __fish_use_subcommand -l version -d 'Versions of placer and its "
      "libraries'\n"
      "complete -c placer -n __fish_use_subcommand -s h -l help -d 'What the commands are for'\n";
  for (const Command* command : commands) {
    out += fmt::format("complete -c placer -n __fish_use_subcommand -a {} -d {}\n", command->name(),
                       shell_quoted(command->text()));
  }
  for (const Command* command : commands) out += fish_command(*command);
  return out;
}

}  // namespace

Command completion_command(const std::vector<Command>& all) {
  Command command("completion", kGroupAlso,
                  "Print what completes command lines in bash, zsh or fish");
  auto shell = std::make_shared<std::string>();
  command.argument("SHELL", *shell, "bash, zsh or fish")
      .choices({"bash", "zsh", "fish"})
      .examples({"source <(placer completion bash)      # in ~/.bashrc, or with zsh in ~/.zshrc",
                 "placer completion fish > ~/.config/fish/completions/placer.fish"})
      .action([&all, shell] {
        const std::vector<const Command*> commands = listed(all);
        fmt::print("{}", *shell == "bash"  ? bash(commands)
                         : *shell == "zsh" ? zsh(commands)
                                           : fish(commands));
        return kExitDone;
      });
  return command;
}

}  // namespace placer::cli
