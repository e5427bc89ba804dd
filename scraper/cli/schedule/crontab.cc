#include "scraper/cli/schedule/crontab.h"

#include <fmt/core.h>

#include "scraper/cli/call_program.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::size_t kLongestCommand = 998;  // Debian's cron has a buffer of 1,000

// '%' is a line end to cron.
std::string percent_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%') out += '\\';
    out += c;
  }
  return out;
}

std::string cron_mark(const std::string& mark) { return " " + percent_escaped(mark); }

// Of what crontab printed, one line for a message.
std::string said(const std::string& text) {
  return printable(text.substr(0, text.find('\n')), 200);
}

tl::expected<ProgramEnd, std::string> crontab(const char* argument, const std::string& input) {
  ProgramCall call;
  call.arguments = {"crontab", argument};
  call.input = input;
  call.environment = {"LC_ALL=C"};
  call.collect = true;
  auto end = call_program(call);
  if (!end) return tl::unexpected(end.error() + "; Debian's package cron has it");
  if (end->killed) return tl::unexpected(std::string("crontab did not end"));
  return end;
}

}  // namespace

tl::expected<std::string, std::string> crontab_line(const ScheduledRun& run) {
  std::string command = "cd " + shell_word(run.folder) + " && ";
  if (!run.variables.empty()) {
    command += "set -a && . " + shell_word(run.variables_file) + " && set +a && ";
  }
  for (const std::string& word : run.command) command += shell_word(word) + " ";
  command += mark_of(run);
  if (command.find("\\\\") != command.npos || command.find("\\%") != command.npos) {
    return tl::unexpected(
        std::string("a crontab cannot hold a backslash before another or before '%'; put the "
                    "command of --notify into a script of its own, or use --systemd"));
  }
  command = percent_escaped(command);
  if (command.size() > kLongestCommand) {
    return tl::unexpected(
        fmt::format("a command of a crontab has at most {} characters, this one {}; put options "
                    "into the job file, or use --systemd",
                    kLongestCommand, command.size()));
  }
  return cron_fields(run.time) + " " + command;
}

std::string with_line(std::string_view table, const std::string& mark, const std::string& line) {
  const std::string own = cron_mark(mark);
  std::string out;
  bool placed = line.empty();
  while (!table.empty()) {
    const std::size_t end = table.find('\n');
    const std::string_view entry = table.substr(0, end);
    const std::size_t begin = entry.find_first_not_of(" \t");
    if (entry.ends_with(own) && entry[begin] != '#') {
      if (!placed) out += line + "\n";
      placed = true;
    } else {
      out += table.substr(0, end == table.npos ? end : end + 1);
    }
    table.remove_prefix(end == table.npos ? table.size() : end + 1);
  }
  if (placed) return out;
  if (!out.empty() && out.back() != '\n') out += '\n';
  return out + line + "\n";
}

tl::expected<std::string, std::string> read_crontab() {
  auto end = crontab("-l", "");
  if (!end) return tl::unexpected(end.error());
  if (end->status == 0) return end->out;
  if (end->err.find("no crontab for") != std::string::npos) return std::string();
  return tl::unexpected("crontab -l: " + said(end->err));
}

std::optional<std::string> write_crontab(const std::string& table) {
  const auto end = crontab("-", table);
  if (!end) return end.error();
  if (end->status != 0) return "crontab: " + said(end->err);
  return std::nullopt;
}

}  // namespace placer::cli
