// placer edges: why places are one record or several, and changing it by hand.
#include "storage/edges.h"

#include <fmt/core.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "scraper/cli/commands.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

struct EdgesCommand {
  std::string database;
  bool review = false;
  bool pinned = false;
  bool json = false;
  std::uint32_t limit = 20;
  std::vector<std::int64_t> join;
  std::vector<std::int64_t> apart;
  std::vector<std::int64_t> undo;
};

int failed(const Error& error) {
  return complain(error.code == ErrorCode::kLocked            ? kExitLocked
                  : error.code == ErrorCode::kInvalidArgument ? kExitUsage
                                                              : kExitDatabase,
                  error.message);
}

nlohmann::ordered_json json_of(const EdgeRow::End& end) {
  // Ids as text: they are 53 bits wide, and more after a collision.
  nlohmann::ordered_json json = {{"id", std::to_string(end.identity)},
                                 {"place", std::to_string(end.place)}};
  if (end.name) json["name"] = *end.name;
  if (end.address) json["address"] = *end.address;
  if (end.city) json["city"] = *end.city;
  if (end.url) json["url"] = *end.url;
  return json;
}

void print_json(const EdgeRow& edge) {
  const nlohmann::ordered_json line = {{"a", json_of(edge.a)},
                                       {"b", json_of(edge.b)},
                                       {"decision", edge.decision},
                                       {"score", edge.score},
                                       {"reasons", edge.reasons},
                                       {"pinned", edge.pinned},
                                       {"joined", edge.a.place == edge.b.place}};
  fmt::print("{}\n", printable_json(line.dump(-1, ' ', false,
                                              nlohmann::ordered_json::error_handler_t::replace)));
}

void print_end(const EdgeRow::End& end) {
  fmt::print("    {:<17} {}", end.identity, printable(end.name.value_or("(no name)")));
  for (const auto* part : {&end.address, &end.city}) {
    if (*part) fmt::print(", {}", printable(**part));
  }
  if (end.url) fmt::print("  <{}>", printable(*end.url));
  fmt::print("\n");
}

void print_edge(const EdgeRow& edge) {
  fmt::print("{} {:.2f}{}{}\n", edge.decision, edge.score, edge.pinned ? ", decided by hand" : "",
             edge.a.place == edge.b.place ? ": one place" : ": two places");
  print_end(edge.a);
  print_end(edge.b);
  std::string reasons;
  for (const std::string& reason : edge.reasons) {
    reasons += (reasons.empty() ? "" : "; ") + reason;
  }
  if (!reasons.empty()) fmt::print("    {}\n", printable(reasons));
}

int list(const EdgesCommand& options) {
  EdgeQuery query;
  if (options.review) query.decision = MatchDecision::kReview;
  query.pinned = options.pinned;
  query.limit = options.limit;
  const auto edges = read_edges(options.database, query);
  if (!edges) return failed(edges.error());
  for (const EdgeRow& edge : *edges) options.json ? print_json(edge) : print_edge(edge);
  if (options.limit > 0 && edges->size() == options.limit) {
    fmt::print(stderr, "the first {}; more with --limit\n", options.limit);
  }
  return edges->empty() ? kExitNothing : kExitDone;
}

int decide(const EdgesCommand& options, const std::vector<std::int64_t>& ids,
           std::optional<MatchDecision> decision) {
  const auto pinned = pin_edge(options.database, ids[0], ids[1], decision);
  if (!pinned) return failed(pinned.error());
  if (pinned->place_a == pinned->place_b) {
    fmt::print("{} and {} are one place now: {}\n", ids[0], ids[1], pinned->place_a);
  } else {
    fmt::print("{} and {} are two places now: {} and {}\n", ids[0], ids[1], pinned->place_a,
               pinned->place_b);
  }
  return kExitDone;
}

int edges(const EdgesCommand& options) {
  if (!options.join.empty()) return decide(options, options.join, MatchDecision::kMerge);
  if (!options.apart.empty()) return decide(options, options.apart, MatchDecision::kApart);
  if (!options.undo.empty()) return decide(options, options.undo, std::nullopt);
  return list(options);
}

}  // namespace

Command edges_command() {
  Command command("edges", kGroupPlaces,
                  "Show why places are one record or several, and decide by hand");
  auto options = std::make_shared<EdgesCommand>();
  add_database(command, options->database);
  command.flag("--review", options->review, "Only those that somebody should look at")
      .flag("--pinned", options->pinned, "Only those decided by hand")
      .flag("--json", options->json, "One JSON object per line")
      .number("--limit", options->limit, "At most this many; 0: all")
      .ids("--join", options->join, "Make these two one place")
      .ids("--apart", options->apart, "Keep these two apart")
      .ids("--undo", options->undo, "Take the decision about these two back")
      .only_one_of({"--join", "--apart", "--undo"})
      .examples({"placer edges cafes.db --review", "placer edges cafes.db --apart 17 42"})
      .action([options] { return edges(*options); });
  return command;
}

}  // namespace placer::cli
