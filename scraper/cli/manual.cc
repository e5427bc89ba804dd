// placer manual: placer(1) and placer-job(5), for man.
#include <fmt/format.h>

#include <memory>

#include "config/option_texts.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/help.h"
#include "scraper/cli/roff.h"

namespace placer::cli {
namespace {

constexpr const char* kRelease = "placer " PLACER_VERSION;

std::string sentence(std::string text) { return text + "."; }

void describe_command(ManualPage& page, const Command& command) {
  page.subsection(synopsis(command));
  page.paragraph(sentence(command.text()));
  for (const Taken& taken : all_taken(command)) {
    page.item(heading(taken), sentence(whole_text(taken)));
  }
  if (command.examples().empty()) return;
  page.example(fmt::format("{}", fmt::join(command.examples(), "\n")));
}

std::string program_manual(const std::vector<Command>& commands) {
  ManualPage page("placer", 1, kRelease, "scrape places from the web into SQLite");
  page.section("Synopsis");
  page.paragraph("placer COMMAND [OPTION]... [ARGUMENT]...");
  page.section("Description");
  page.paragraph(
      "placer takes places (businesses and other points of interest: name, address, phone, hours, "
      "coordinates ...) from their owners' own web sites and writes them to an SQLite database, "
      "with the page that each field came from. What to scrape is said in a job file, "
      "placer-job(5). A run that was interrupted or killed goes on where it stopped when the same "
      "command is given again; a run of a job that is done asks again for what has changed.");
  page.paragraph(
      "Results are written to standard output, everything else to standard error. On a terminal, a "
      "run shows how it goes; else it says one line at its end. The first Ctrl-C finishes the "
      "requests under way and saves, the second leaves at once; both lose nothing.");
  page.section("Commands");
  for (const Command* command : listed(commands)) describe_command(page, *command);
  page.section("Exit status");
  for (const auto& [status, meaning] : kExitMeanings) {
    page.item(std::to_string(status), sentence(meaning));
  }
  page.section("Environment");
  page.item("NO_COLOR", "When it is set and not empty, nothing is coloured.");
  page.item("NAME", "Any variable that a job file names as ${NAME}, see placer-job(5).");
  page.section("See also");
  page.paragraph("placer-job(5), sqlite3(1), crontab(5), systemd.timer(5)");
  return page.text();
}

void describe_rules(ManualPage& page) {
  page.section("Rules");
  page.paragraph(
      "extract.rules is a list. A rule says with when on which pages it is asked, by a glob over "
      "path "
      "and query. each is a CSS selector, or a path in JSON and XML; every match "
      "is one place. place maps fields to expressions: columns of the table place, hours, fax, "
      "tags.KEY, and schema.org's properties (address.postalCode). A list of expressions means the "
      "first that yields something. follow is an expression, or a list, for links to go on with.");
  page.item("h2.name", "The text of each element that a CSS selector matches.");
  page.item("a.tel @href", "An attribute of each; @data-id alone is one of the each element.");
  page.item("/stores/0/name, stores[*].name",
            "In JSON and XML: JSON Pointer (RFC 6901) with * for every element, or dots; $. begins "
            "at the document's root.");
  page.item("= amenity=cafe", "A constant.");
  page.item("| re: PATTERN", "Filter: the first group of an RE2 expression, or its whole match.");
  page.item("| split: \",\"", "Filter: several values out of one.");
  page.item("| join: \", \"", "Filter: one value out of several.");
  page.item("| add: 1", "Filter: a number, so much greater.");
  page.paragraph(
      "placer inspect URL --select EXPRESSION shows what an expression matches, placer inspect URL "
      "--rules JOB.yaml what each part of the rules took.");
}

void describe_secrets(ManualPage& page) {
  page.section("Secrets");
  page.paragraph(
      "${NAME} in fetch.headers, fetch.auth and fetch.proxy stands for a variable of the "
      "environment. Its value is looked up when a request is made, and never stored or shown. "
      "Fields and logins are sent to the hosts that they are for, whatever pages link or redirect "
      "to. $${ stands for ${ itself.");
}

std::string job_manual() {
  ManualPage page("placer-job", 5, kRelease, "what placer scrapes, and how");
  page.section("Description");
  page.paragraph(
      "A job file is YAML of at most 1 MiB. One document is one job; --- separates several. "
      "Unknown "
      "keys, wrong types and values out of range are errors; anchors and aliases are refused. "
      "Durations are written 500ms, 1.5s, 10m, 2h or 3d, sizes 64KiB, 10MiB or 500KB. placer check "
      "prints a job with every option, placer init writes one for a site, and placer check "
      "--schema "
      "the JSON Schema with which editors complete and check job files.");
  page.section("Options");
  for (const OptionText& option : option_texts()) {
    if (option.type.empty()) {
      page.subsection(option.name + ": " + option.description);
      continue;
    }
    std::string text = fmt::format("{} ({})", option.description, option.type);
    if (!option.default_value.empty()) text += fmt::format(" [{}]", option.default_value);
    page.item(option.name, sentence(text));
  }
  describe_rules(page);
  describe_secrets(page);
  page.section("Example");
  page.example(
      "job: cafes\n"
      "start: [https://example.org/cafes/]\n"
      "scope: {include: [\"/cafes/**\"], exclude: [\"**?sort=*\"], max_depth: 5}\n"
      "politeness: {user_agent: \"my-bot/1.0 (+https://example.org/about-my-bot)\", delay: 2s}\n"
      "extract:\n"
      "  rules:\n"
      "    - when: \"/cafes/*\"\n"
      "      each: \"div.cafe\"\n"
      "      place: {name: \"h2\", phone: \"a[href^='tel:'] @href\", category: \"= "
      "amenity=cafe\"}\n"
      "      follow: \"a.next @href\"\n"
      "storage: {path: cafes.db}");
  page.section("See also");
  page.paragraph("placer(1), and the examples beside placer's documentation");
  return page.text();
}

}  // namespace

Command manual_command(const std::vector<Command>& all) {
  Command command("manual", kGroupAlso, "Print a page of the manual, for man");
  auto name = std::make_shared<std::string>("placer");
  command.optional_argument("PAGE", *name, "placer: the commands; job: the job file")
      .choices({"placer", "job"})
      .examples({"placer manual job | man -l -"})
      .action([&all, name] {
        fmt::print("{}", *name == "job" ? job_manual() : program_manual(all));
        return kExitDone;
      });
  return command;
}

}  // namespace placer::cli
