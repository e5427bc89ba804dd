// Help, manual and completions say the same of each command, for they are one table's; and other
// programs can read them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "config/option_texts.h"
#include "tests/program.h"

namespace placer {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

std::string output_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PLACER_BINARY);
  ProgramResult result = run_program(arguments);
  EXPECT_EQ(result.status, 0) << result.err;
  return result.out;
}

std::string complaint_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PLACER_BINARY);
  ProgramResult result = run_program(arguments);
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  return result.err;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), regex);
       it != std::sregex_iterator(); ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

// The commands that the help of the program names.
std::vector<std::string> commands() {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(output_of({"--help"}))) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex("  ([a-z-]+)  +[A-Z].*"))) {
      names.push_back(match[1]);
    } else if (line.starts_with("Also: ")) {
      for (const std::string& name : all_matches(line, "([a-z-]+),")) names.push_back(name);
    }
  }
  return names;
}

// The options that the help of a command names, "--output" and "-o".
std::set<std::string> options_of(const std::string& command) {
  std::set<std::string> names;
  for (const std::string& line : lines_of(output_of({command, "--help"}))) {
    if (!line.starts_with("  -")) continue;
    const std::string heading = line.substr(0, line.find("  ", 2));
    names.merge(all_matches(heading, "(--?[a-z][a-z-]*)"));
  }
  return names;
}

std::map<std::string, std::set<std::string>> options_by_command() {
  std::map<std::string, std::set<std::string>> out;
  for (const std::string& command : commands()) out[command] = options_of(command);
  return out;
}

bool installed(const std::string& program) {
  return run_program({"/bin/sh", "-c", "command -v " + program}).status == 0;
}

TEST(CommandLineTest, TheHelpNamesTheCommandsThatPeopleCall) {
  EXPECT_THAT(commands(), IsSupersetOf({"run", "check", "init", "inspect", "status", "query",
                                        "export", "report", "explain", "diff", "runs", "schedule",
                                        "bench", "verify", "debug", "completion", "manual"}));
  EXPECT_THAT(commands(), Not(Contains("worker")));
}

TEST(CommandLineTest, EachHelpFitsAScreenAndGivesAnExample) {
  std::vector<std::vector<std::string>> helps = {{"--help"}};
  for (const std::string& command : commands()) helps.push_back({command, "--help"});
  for (const std::vector<std::string>& help : helps) {
    const std::string text = output_of(help);
    SCOPED_TRACE(help.front());
    EXPECT_LE(lines_of(text).size(), 24U) << text;
    for (const std::string& line : lines_of(text)) EXPECT_LE(line.size(), 80U) << line;
    EXPECT_TRUE(std::regex_search(text, std::regex("\n  (placer|source|echo) .*"))) << text;
  }
}

TEST(CommandLineTest, ExamplesUseOptionsThatAre) {
  for (const auto& [command, options] : options_by_command()) {
    const std::string help = output_of({command, "--help"});
    const std::size_t examples = help.find("Examples:\n");
    ASSERT_NE(examples, std::string::npos) << command;
    for (const std::string& line : lines_of(help.substr(examples))) {
      const std::size_t begin = line.find("placer " + command + " ");
      if (begin == std::string::npos) continue;
      const std::string call = line.substr(begin, line.find_first_of("|#>", begin) - begin);
      for (const std::string& used : all_matches(call, " (--[a-z][a-z-]*)")) {
        EXPECT_THAT(options, Contains(used)) << line;
      }
    }
  }
}

// The part of the manual that is about a command.
std::string manual_section(const std::string& manual, const std::string& command) {
  const std::size_t begin = manual.find(".SS \"placer " + command + " ");
  if (begin == std::string::npos) return {};
  const std::size_t end = std::min(manual.find("\n.SS ", begin), manual.find("\n.SH ", begin));
  return manual.substr(begin, end - begin);
}

TEST(CommandLineTest, TheManualHasTheOptionsOfTheHelp) {
  const std::string manual = output_of({"manual"});
  for (const auto& [command, options] : options_by_command()) {
    std::string section = manual_section(manual, command);
    section = std::regex_replace(section, std::regex("\\\\-"), "-");
    std::set<std::string> named;
    for (const std::string& line : lines_of(section)) {
      if (line.starts_with("\\fB-")) named.merge(all_matches(line, "(--?[a-z][a-z-]*)"));
    }
    EXPECT_EQ(named, options) << command;
  }
}

TEST(CommandLineTest, TheManualOfTheJobFileHasEachOption) {
  const std::string manual =
      std::regex_replace(output_of({"manual", "job"}), std::regex("\\\\-"), "-");
  for (const OptionText& option : option_texts()) {
    const std::string heading =
        option.type.empty() ? ".SS \"" + option.name + ":" : "\\fB" + option.name + "\\fR";
    EXPECT_THAT(manual, HasSubstr(heading));
  }
}

TEST(CommandLineTest, GroffReadsTheManualWithoutWarnings) {
  if (!installed("groff")) GTEST_SKIP() << "groff is not installed";
  const TemporaryFolder folder;
  for (const char* page : {"placer", "job"}) {
    folder.write("page.man", output_of({"manual", page}));
    const ProgramResult groff =
        run_program({"/usr/bin/groff", "-man", "-Tutf8", "-ww", "-z", folder / "page.man"});
    EXPECT_EQ(groff.status, 0);
    EXPECT_EQ(groff.err, "");
  }
}

// What bash offers for the last of `words`.
std::vector<std::string> bash_offers(const TemporaryFolder& folder,
                                     const std::vector<std::string>& words) {
  std::string script = "cd '" + (folder / "") + "'\nsource '" + (folder / "placer.bash") +
                       "'\ncompopt() { :; }\nCOMP_WORDS=(placer";
  for (const std::string& word : words) script += " '" + word + "'";
  script += ")\nCOMP_CWORD=" + std::to_string(words.size()) +
            "\n_placer\nif ((${#COMPREPLY[@]})); then printf '%s\\n' \"${COMPREPLY[@]}\"; fi\n";
  const ProgramResult bash = run_program({"/bin/bash", "-c", script});
  EXPECT_EQ(bash.status, 0);
  EXPECT_EQ(bash.err, "");
  return lines_of(bash.out);
}

TEST(CompletionTest, BashOffersCommandsOptionsWordsAndFiles) {
  const TemporaryFolder folder;
  folder.write("placer.bash", output_of({"completion", "bash"}));
  folder.write("my cafes.yaml", "");
  folder.write("cafes.db", "");
  folder.write("notes.txt", "");
  EXPECT_THAT(bash_offers(folder, {"ex"}), testing::UnorderedElementsAre("export", "explain"));
  for (const auto& [command, options] : options_by_command()) {
    EXPECT_THAT(bash_offers(folder, {""}), Contains(command));
    const std::vector<std::string> offered = bash_offers(folder, {command, "-"});
    EXPECT_EQ(std::set<std::string>(offered.begin(), offered.end()), options) << command;
  }
  EXPECT_THAT(bash_offers(folder, {"export", "--format", "g"}), testing::ElementsAre("geojson"));
  EXPECT_THAT(bash_offers(folder, {"run", "--backend", "p"}), testing::ElementsAre("processes"));
  EXPECT_THAT(bash_offers(folder, {"run", ""}), testing::ElementsAre("my cafes.yaml"));
  EXPECT_THAT(bash_offers(folder, {"query", ""}), testing::ElementsAre("cafes.db"));
  EXPECT_THAT(bash_offers(folder, {"run", "--set", "politeness.d"}),
              testing::ElementsAre("politeness.delay="));
  EXPECT_THAT(bash_offers(folder, {"run", "--max-time", ""}), testing::IsEmpty());
}

TEST(CompletionTest, FishOffersCommandsOptionsWordsAndFiles) {
  if (!installed("fish")) GTEST_SKIP() << "fish is not installed";
  const TemporaryFolder folder;
  folder.write("placer.fish", output_of({"completion", "fish"}));
  folder.write("cafes.yaml", "");
  folder.write("notes.txt", "");
  std::string script = "cd '" + (folder / "") + "'; source placer.fish\n";
  const auto by_command = options_by_command();
  for (const auto& [command, options] : by_command) {
    script += "echo '== " + command + "'\ncomplete -C 'placer " + command + " -'\n";
  }
  script += "echo '== files'\ncomplete -C 'placer run '\n";
  script += "echo '== words'\ncomplete -C 'placer export --format '\n";
  const ProgramResult fish = run_program(
      {"/usr/bin/env", "HOME=" + folder.path(), "/usr/bin/fish", "--no-config", "-c", script});
  EXPECT_EQ(fish.status, 0);
  EXPECT_EQ(fish.err, "");
  std::map<std::string, std::set<std::string>> offered;
  std::string first_file;
  std::string about;
  for (const std::string& line : lines_of(fish.out)) {
    if (line.starts_with("== ")) {
      about = line.substr(3);
    } else {
      if (about == "files" && first_file.empty()) first_file = line;
      offered[about].insert(line.substr(0, line.find('\t')));
    }
  }
  for (const auto& [command, options] : by_command) EXPECT_EQ(offered[command], options) << command;
  EXPECT_EQ(first_file, "cafes.yaml");  // others follow, as is fish's custom
  EXPECT_THAT(offered["words"],
              testing::UnorderedElementsAre("csv", "jsonl", "geojson", "ndgeojson"));
}

TEST(CompletionTest, ZshReadsItsScriptAndHasEachOption) {
  const std::string script = output_of({"completion", "zsh"});
  for (const auto& [command, options] : options_by_command()) {
    const std::size_t begin = script.find("    " + command + ")\n");
    ASSERT_NE(begin, std::string::npos) << command;
    const std::string part = script.substr(begin, script.find(";;\n", begin) - begin);
    EXPECT_EQ(all_matches(part, "\n        '(--?[a-z][a-z-]*)\\["), options) << command;
  }
  if (!installed("zsh")) GTEST_SKIP() << "zsh is not installed; its script was not run";
  const TemporaryFolder folder;
  folder.write("_placer", script);
  const ProgramResult zsh =
      run_program({"/usr/bin/zsh", "-f", "-c",
                   "autoload -U compinit && compinit -D -u && source '" + (folder / "_placer") +
                       "' && print -r -- ${_comps[placer]}"});
  EXPECT_EQ(zsh.status, 0);
  EXPECT_EQ(zsh.err, "");
  EXPECT_EQ(zsh.out, "_placer\n");
}

TEST(CommandLineTest, SaysWhatWasPerhapsMeant) {
  EXPECT_THAT(complaint_of({"qurey", "x.db"}),
              HasSubstr("unknown command 'qurey' (did you mean 'query'?)\nTry 'placer --help'."));
  EXPECT_THAT(complaint_of({"help", "rnu"}), HasSubstr("(did you mean 'run'?)"));
  EXPECT_THAT(complaint_of({"run", "x.yaml", "--bakend", "serial"}),
              HasSubstr("no option '--bakend' (did you mean '--backend'?)\nTry 'placer run"));
  EXPECT_THAT(complaint_of({"run", "x.yaml", "--backend", "proceses"}),
              HasSubstr("(did you mean 'processes'?)"));
  EXPECT_THAT(complaint_of({"export", "x.db", "--format", "geojsn"}),
              HasSubstr("(did you mean 'geojson'?)"));
  EXPECT_THAT(complaint_of({"--versoin"}), HasSubstr("(did you mean '--version'?)"));
}

TEST(CommandLineTest, SaysWhatIsMissing) {
  EXPECT_THAT(complaint_of({"run"}), HasSubstr("JOB.yaml is missing\nTry 'placer run --help'."));
  EXPECT_THAT(complaint_of({"explain", "x.db"}), HasSubstr("URL is missing"));
  EXPECT_THAT(complaint_of({}), HasSubstr("usage: placer COMMAND"));
}

TEST(CommandLineTest, SaysWhatDoesNotGoTogether) {
  EXPECT_THAT(complaint_of({"edges", "x.db", "--join", "1", "2", "--apart", "3", "4"}),
              HasSubstr("--join excludes --apart"));
  EXPECT_THAT(complaint_of({"edges", "x.db", "--join", "1"}), HasSubstr("--join"));
  EXPECT_THAT(complaint_of({"edges", "x.db", "--limit", "1x"}), HasSubstr("'1x' is no whole"));
  EXPECT_THAT(complaint_of({"run", "a.yaml", "b.yaml"}), HasSubstr("b.yaml"));
  EXPECT_THAT(complaint_of({"verify", "x.yaml", "--backends", "serial,asnc"}),
              HasSubstr("(did you mean 'async'?)"));
}

TEST(CommandLineTest, TakesWordsAndOptionsInAnyOrder) {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"query", "--json", "x.db", "cafes", "open", "now"},
           {"query", "x.db", "cafes", "--limit=3", "open", "now", "--near", "-33.8,151"},
           {"query", "x.db", "cafes", "--", "--json"}}) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.begin(), PLACER_BINARY);
    const ProgramResult result = run_program(arguments, folder.path());
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.err, "placer: x.db: no such database; 'placer run' writes one\n");
  }
}

TEST(CommandLineTest, AHostileWordIsShownEscaped) {
  EXPECT_THAT(complaint_of({"\x1b[2J"}), AllOf(HasSubstr("\\x1b[2J"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(complaint_of({"run", "x", "--\x1b[2J"}),
              AllOf(HasSubstr("\\x1b[2J"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(complaint_of({"export", "x", "--format", "\x1b[2J"}),
              AllOf(HasSubstr("\\x1b[2J"), Not(HasSubstr("\x1b"))));
}

TEST(CommandLineTest, TheVersionNamesTheLibraries) {
  EXPECT_THAT(output_of({"--version"}),
              testing::MatchesRegex("placer [0-9]+\\.[0-9]+\\.[0-9]+\nlibcurl/[0-9.]+ [^\n]*\n"
                                    "SQLite/3[0-9.]+ ICU/[0-9.]+ Gumbo/[0-9.]+ yaml-cpp/[0-9.]+ "
                                    "[^\n]*\n"));
}

}  // namespace
}  // namespace placer
