// placer query and export: the places of a database, for people and for other programs.
#include <fmt/core.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "scraper/cli/command.h"
#include "scraper/cli/place_json.h"
#include "scraper/cli/terminal.h"
#include "storage/export.h"
#include "storage/query.h"

namespace placer::cli {
namespace {

struct QueryOptions {
  std::string database;
  std::vector<std::string> words;
  std::string near;
  std::string within = "1km";
  std::string category;
  std::uint32_t limit = 20;
  bool gone = false;
  bool json = false;
};

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "52.52,13.40"
std::optional<Position> parse_position(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto lat = parse_number(text.substr(0, comma));
  const auto lon = parse_number(text.substr(comma + 1));
  const bool valid = lat && lon && *lat >= -90 && *lat <= 90 && *lon >= -180 && *lon <= 180;
  return valid ? std::optional(Position{*lat, *lon}) : std::nullopt;
}

// "500m", "2km" or metres.
std::optional<double> parse_distance(std::string_view text) {
  double unit = 1;
  if (text.ends_with("km")) {
    unit = 1000;
    text.remove_suffix(2);
  } else if (text.ends_with('m')) {
    text.remove_suffix(1);
  }
  const auto value = parse_number(text);
  return value && *value > 0 ? std::optional(*value * unit) : std::nullopt;
}

void print_place(const FoundPlace& found, bool json) {
  const Place& place = found.place;
  if (json) {
    nlohmann::ordered_json line = {{"id", std::to_string(found.id)}};
    line.update(place_json(place));
    if (found.source_url) line["source_url"] = *found.source_url;
    line["last_seen"] = found.last_seen;
    if (found.distance_m) line["distance_m"] = *found.distance_m;
    fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return;
  }
  fmt::print("{}", printable(place.name.value_or("(no name)")));
  if (place.category) fmt::print("  [{}]", printable(*place.category));
  if (found.distance_m) fmt::print("  {:.0f} m", *found.distance_m);
  if (found.gone_since) fmt::print("  (gone since {})", *found.gone_since);
  fmt::print("\n");
  for (const auto* field : {&place.addr_full, &place.phone, &place.opening_hours, &place.website}) {
    if (*field) fmt::print("    {}\n", printable(**field));
  }
}

int usage_error(const std::string& message) {
  fmt::print(stderr, "placer: {}\n", message);
  return kExitUsage;
}

int query(const QueryOptions& options) {
  PlaceQuery wanted;
  for (const std::string& word : options.words) {
    wanted.text += (wanted.text.empty() ? "" : " ") + word;
  }
  wanted.category = options.category;
  wanted.limit = options.limit;
  wanted.gone = options.gone;
  if (!options.near.empty()) {
    const auto centre = parse_position(options.near);
    const auto radius = parse_distance(options.within);
    if (!centre) {
      return usage_error(fmt::format("--near {}: expected LAT,LON in degrees, such as 52.52,13.40",
                                     printable(options.near)));
    }
    if (!radius) {
      return usage_error(fmt::format("--within {}: expected a distance such as 500m or 2km",
                                     printable(options.within)));
    }
    wanted.near = Near{*centre, *radius};
  }
  auto lookup = Lookup::open(options.database);
  const auto found = lookup ? lookup->find_places(wanted)
                            : Result<std::vector<FoundPlace>>(tl::unexpected(lookup.error()));
  if (!found) {
    fmt::print(stderr, "placer: {}\n", printable(found.error().message));
    return kExitDatabase;
  }
  for (const FoundPlace& place : *found) print_place(place, options.json);
  return found->empty() ? kExitNothing : kExitDone;
}

struct ExportCommand {
  std::string database;
  std::string format;
  std::string output;
  bool gone = false;
};

int export_to_file(const ExportCommand& options, ExportFormat format) {
  // A reader of the file never sees half of it: written beside, then renamed.
  const std::string partial = options.output + ".part";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  if (!out) {
    return usage_error(
        fmt::format("cannot write '{}': {}", printable(partial), std::strerror(errno)));
  }
  auto count = export_places(options.database, format, out, {options.gone});
  out.close();
  if (count && !out) count = fail(ErrorCode::kStorage, "cannot write " + partial);
  if (count && std::rename(partial.c_str(), options.output.c_str()) != 0) {
    count = fail(ErrorCode::kStorage, "cannot rename " + partial + " to " + options.output);
  }
  if (!count) {
    std::remove(partial.c_str());
    fmt::print(stderr, "placer: {}\n", printable(count.error().message));
    return kExitDatabase;
  }
  fmt::print(stderr, "{} places -> {}\n", human_count(*count), printable(options.output));
  return kExitDone;
}

int export_command(const ExportCommand& options) {
  const ExportFormat format = *export_format_of(options.format);
  if (!options.output.empty() && options.output != "-") return export_to_file(options, format);
  const auto count = export_places(options.database, format, std::cout, {options.gone});
  if (count) return kExitDone;
  fmt::print(stderr, "placer: {}\n", printable(count.error().message));
  return kExitDatabase;
}

}  // namespace

void add_query(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("query", "Find places by text, position and category");
  auto options = std::make_shared<QueryOptions>();
  command->add_option("database", options->database)->required()->type_name("DB");
  command->add_option("words", options->words, "Words, or beginnings of words, of the place")
      ->type_name("WORD");
  command->add_option("--near", options->near, "Around this position, nearest first")
      ->type_name("LAT,LON");
  command->add_option("--within", options->within, "Farthest distance from --near")
      ->type_name("DISTANCE")
      ->capture_default_str();
  command->add_option("--category", options->category, "An OSM tag: amenity=cafe, or amenity")
      ->type_name("TAG");
  command->add_option("--limit", options->limit)->type_name("N")->capture_default_str();
  command->add_flag("--gone", options->gone, "Also places that no page states any more");
  command->add_flag("--json", options->json, "One JSON object per line");
  command->callback([&action, options] { action = [options] { return query(*options); }; });
}

void add_export(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("export", "Write the places as csv, jsonl or geojson");
  auto options = std::make_shared<ExportCommand>();
  command->add_option("database", options->database)->required()->type_name("DB");
  command->add_option("--format", options->format, "csv, jsonl or geojson")
      ->required()
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"csv", "jsonl", "geojson"}));
  command->add_option("-o,--output", options->output, "A file; standard output without it")
      ->type_name("FILE");
  command->add_flag("--gone", options->gone, "Also places that no page states any more");
  command->callback(
      [&action, options] { action = [options] { return export_command(*options); }; });
}

}  // namespace placer::cli
