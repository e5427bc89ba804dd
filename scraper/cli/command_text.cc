#include "scraper/cli/command_text.h"

#include <fmt/format.h>

namespace placer::cli {
namespace {

// CLI11 describes a value as "FORMAT:{csv,jsonl}", "N:POSITIVE": its name, then what is checked.
std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::string name = type.substr(0, type.find(':'));
  std::string value = name;
  if (!option.nonpositional()) return value;
  for (int i = 1; i < option.get_expected_min(); ++i) value += " " + name;
  return value;
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find(":{");
  std::vector<std::string> choices;
  if (begin == std::string::npos) return choices;
  std::string word;
  for (const char c : type.substr(begin + 2)) {
    if (c == ',' || c == '}') choices.push_back(std::move(word));
    if (c == '}') break;
    word = c == ',' ? "" : word + c;
  }
  return choices;
}

CommandOption option_of(const CLI::Option& option) {
  CommandOption out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  if (out.names.empty()) out.names.push_back(option.get_name(true));
  if (option.get_items_expected_max() > 0) out.value = value_name(option);
  out.choices = choices_of(option);
  out.text = option.get_description();
  out.default_value = option.get_default_str();
  out.required = option.get_required();
  out.repeated = !option.nonpositional() && option.get_items_expected_max() > 1;
  return out;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

CommandText command_text(const CLI::App& command) {
  CommandText out;
  out.name = command.get_name();
  out.group = command.get_group();
  out.text = command.get_description();
  out.examples = lines(command.get_footer());
  for (const CLI::Option* option : command.get_options()) {
    (option->nonpositional() ? out.options : out.arguments).push_back(option_of(*option));
  }
  return out;
}

std::vector<CommandText> command_texts(const CLI::App& app) {
  std::vector<CommandText> out;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) out.push_back(command_text(*command));
  }
  return out;
}

std::string heading(const CommandOption& option) {
  if (option.names.front().front() != '-') {
    const std::string name = option.value + (option.repeated ? "..." : "");
    return option.required ? name : "[" + name + "]";
  }
  return fmt::format("{}{}{}", fmt::join(option.names, ", "), option.value.empty() ? "" : " ",
                     option.value);
}

std::string whole_text(const CommandOption& option) {
  std::string text = option.text;
  if (!option.choices.empty() && text.find(option.choices.front()) == std::string::npos) {
    text += fmt::format(": {}", fmt::join(option.choices, ", "));
  }
  if (!option.default_value.empty()) text += " [" + option.default_value + "]";
  return text;
}

std::string synopsis(const CommandText& command) {
  std::string out = "placer " + command.name + " [OPTION]...";
  for (const CommandOption& argument : command.arguments) out += " " + heading(argument);
  return out;
}

}  // namespace placer::cli
