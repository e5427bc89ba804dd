// placer query: the places of a database, for people; also SQL, for reading only.
#include "storage/query.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

#include "config/values.h"
#include "scraper/cli/commands.h"
#include "scraper/cli/place_json.h"
#include "scraper/cli/place_words.h"
#include "scraper/cli/sql_rows.h"
#include "scraper/cli/table.h"
#include "scraper/cli/terminal.h"
#include "scraper/place/text.h"
#include "storage/moment.h"

namespace placer::cli {
namespace {

struct QueryOptions {
  std::string database;
  std::vector<std::string> words;
  std::string text;
  std::string city;
  PlaceFilterText filter;
  std::string columns;
  std::uint32_t limit = 20;
  bool gone = false;
  bool json = false;
  bool show_sql = false;
  std::string sql;
  std::string max_time = "1m";
};

using ordered_json = nlohmann::ordered_json;

ordered_json json_of(const FoundPlace& found) {
  ordered_json line = {{"id", std::to_string(found.id)}};
  line.update(place_json(found.place));
  if (found.source_url) line["source_url"] = *found.source_url;
  line["last_seen"] = found.last_seen;
  if (found.gone_since) line["gone_since"] = *found.gone_since;
  if (found.distance_m) line["distance_m"] = *found.distance_m;
  return line;
}

// "cafe" of "amenity=cafe".
std::string kind_of(const Place& place) {
  if (!place.category) return "";
  return place.category->substr(place.category->find('=') + 1);
}

std::string address_of(const Place& place) {
  if (place.addr_full) return *place.addr_full;
  std::string address;
  const auto add = [&address](const std::optional<std::string>& part, const char* before) {
    if (part) address += (address.empty() ? "" : before) + *part;
  };
  add(place.addr_street, "");
  add(place.addr_housenumber, " ");
  add(place.addr_postcode, ", ");
  add(place.addr_city, place.addr_postcode ? " " : ", ");
  return address;
}

std::string distance_text(double metres) {
  return metres < 1000 ? fmt::format("{:.0f} m", metres) : fmt::format("{:.1f} km", metres / 1000);
}

struct Cells {
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;
};

Cells usual_cells(const std::vector<FoundPlace>& found) {
  Cells cells;
  cells.columns = {{"name"},  {"kind"},  {"distance", true}, {"address"},
                   {"phone"}, {"hours"}, {"gone since"}};
  for (const FoundPlace& row : found) {
    const Place& place = row.place;
    cells.rows.push_back({place.name.value_or("(no name)"), kind_of(place),
                          row.distance_m ? distance_text(*row.distance_m) : "", address_of(place),
                          place.phone.value_or(""), place.opening_hours.value_or(""),
                          row.gone_since.value_or("").substr(0, 10)});
  }
  for (std::size_t i = cells.columns.size(); i-- > 0;) {  // without those that nobody fills
    if (std::ranges::any_of(cells.rows, [i](const auto& row) { return !row[i].empty(); })) continue;
    cells.columns.erase(cells.columns.begin() + static_cast<std::ptrdiff_t>(i));
    for (auto& row : cells.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return cells;
}

Cells chosen_cells(const std::vector<FoundPlace>& found, const std::vector<std::string>& names) {
  Cells cells;
  for (const std::string& name : names) cells.columns.push_back({name});
  for (const FoundPlace& row : found) {
    const ordered_json json = json_of(row);
    auto& line = cells.rows.emplace_back();
    for (const std::string& name : names) {
      const auto value = json.find(name);
      line.push_back(value == json.end()  ? ""
                     : value->is_string() ? value->get<std::string>()
                                          : value->dump());
    }
  }
  return cells;
}

void show(const std::vector<FoundPlace>& found, const std::vector<std::string>& names) {
  const Cells cells = names.empty() ? usual_cells(found) : chosen_cells(found, names);
  Table table(cells.columns, table_width(), wants_colour(1), stdout);
  for (const auto& row : cells.rows) table.row(row);
  table.end();
}

void show_json(const std::vector<FoundPlace>& found, const std::vector<std::string>& names) {
  for (const FoundPlace& place : found) {
    ordered_json line = json_of(place);
    if (!names.empty()) {
      ordered_json chosen = ordered_json::object();
      for (const std::string& name : names) {
        if (line.contains(name)) chosen[name] = line[name];
      }
      line = std::move(chosen);
    }
    fmt::print("{}\n",
               printable_json(line.dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
  }
}

// Which clock told what was open.
void say_clock(const PlaceQuery& query, const std::vector<FoundPlace>& found) {
  const auto now = std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
  const auto moment = parse_moment(*query.open_at, now);
  if (!moment || !std::holds_alternative<Instant>(*moment)) {
    fmt::print(stderr, "open at {} by each place's own clock\n", printable(*query.open_at));
    return;
  }
  const Instant at = std::get<Instant>(*moment);
  const auto by_country = std::ranges::count_if(found, [at](const FoundPlace& row) {
    return row.place.addr_country && country_clock(*row.place.addr_country, at).has_value();
  });
  const std::size_t by_machine = found.size() - static_cast<std::size_t>(by_country);
  const WallTime here = local_clock(at);
  if (by_machine == 0) {
    fmt::print(stderr, "open {} by the clock of each place's country\n", printable(*query.open_at));
    return;
  }
  fmt::print(stderr,
             "open {} by the clock of each place's country; for {} place(s), whose country is"
             " unknown or has several time zones, by this machine's: {:02}:{:02} ({})\n",
             printable(*query.open_at), by_machine, here.minute / 60, here.minute % 60,
             printable(local_zone_name()));
}

// Why nothing was found: words that no place has.
void say_nothing(Lookup& lookup, const PlaceQuery& query, const CategoryWords& vocabulary) {
  for (const std::string_view word : split_any(query.text, " ")) {
    PlaceQuery alone;
    alone.text = word;
    alone.gone = query.gone;
    alone.limit = 1;
    const auto found = lookup.find_places(alone);
    if (!found || !found->empty()) continue;
    const std::string meant = vocabulary.meant(word);
    fmt::print(stderr, "placer: no place has a word that begins with '{}'{}\n", printable(word),
               meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant));
  }
  fmt::print(stderr, "no such place\n");
}

tl::expected<std::vector<std::string>, std::string> columns_of(const std::string& text) {
  std::vector<std::string> known = {"id"};
  const Place place;
  for_each_field([&known](const char* name, const auto&) { known.emplace_back(name); }, place);
  known.insert(known.end(), {"source_url", "last_seen", "gone_since", "distance_m"});
  return chosen_columns(text, known);
}

int show_statement(Lookup& lookup, const PlaceQuery& wanted) {
  const auto sql = lookup.find_places_sql(wanted);
  if (!sql) return complain(kExitDatabase, sql.error().message);
  fmt::print("{}\n", printable(*sql));
  return kExitDone;
}

int query_places(const QueryOptions& options) {
  const auto columns = columns_of(options.columns);
  if (!columns) return complain(kExitUsage, columns.error());
  auto lookup = Lookup::open(options.database);
  if (!lookup) return complain(kExitDatabase, lookup.error().message);
  const auto present = lookup->categories();
  if (!present) return complain(kExitDatabase, present.error().message);
  const CategoryWords vocabulary(*present);
  PlaceQuery wanted;
  wanted.text = options.text;
  wanted.limit = options.limit;
  wanted.gone = options.gone;
  if (auto done = add_words(options.words, vocabulary, wanted); !done) {
    return complain(kExitUsage, done.error());
  }
  if (!options.city.empty()) wanted.city = options.city;
  if (auto done = add_filters(options.filter, vocabulary, wanted); !done) {
    return complain(kExitUsage, done.error());
  }
  if (options.show_sql) return show_statement(*lookup, wanted);
  const auto found = lookup->find_places(wanted);
  if (!found) return complain(kExitDatabase, found.error().message);
  if (options.json) {
    show_json(*found, *columns);
    return found->empty() ? kExitNothing : kExitDone;
  }
  if (found->empty()) {
    say_nothing(*lookup, wanted, vocabulary);
    return kExitNothing;
  }
  show(*found, *columns);
  std::fflush(stdout);
  if (wanted.open_at) say_clock(wanted, *found);
  if (options.limit != 0 && found->size() == options.limit && stderr_is_terminal()) {
    fmt::print(stderr, "the first {}; --limit 0 shows all\n", options.limit);
  }
  return kExitDone;
}

int query(const QueryOptions& options) {
  std::signal(SIGPIPE, SIG_DFL);  // `placer query ... | head` ends quietly
  if (options.sql.empty()) return query_places(options);
  const auto most = parse_duration(options.max_time);
  if (!most) {
    return complain(kExitUsage, fmt::format("--max-time {}: expected a duration such as 30s or 5m",
                                            printable(options.max_time)));
  }
  return show_sql_rows(options.database, options.sql, *most, options.json);
}

}  // namespace

Command query_command() {
  Command command("query", kGroupPlaces, "Find places by words, position, category and hours");
  auto options = std::make_shared<QueryOptions>();
  add_database(command, options->database);
  command
      .arguments("WORD", options->words,
                 "Categories and words, 'in CITY', 'near LAT,LON', 'within 2km', 'open now'")
      .option("--text", "WORDS", options->text, "Words of the place, taken as they stand")
      .option("--in", "CITY", options->city, "In this city");
  add_filters_to(command, options->filter);
  command
      .option("--open-at", "TIME", options->filter.open_at,
              "Known to be open: now, 'Sa 20:00', 2026-12-24T18:00")
      .number("--limit", options->limit, "At most this many; 0: all")
      .option("--columns", "LIST", options->columns, "These columns: name,phone,...")
      .flag("--gone", options->gone, "Also places that no page states any more")
      .flag("--json", options->json, "One JSON object per line")
      .flag("--show-sql", options->show_sql, "Print the SQL of the question instead")
      .option("--sql", "SELECT", options->sql, "This SELECT instead; distance_m(), open_at()")
      .option("--max-time", "TIME", options->max_time, "Longest time that --sql may take")
      .examples({"placer query cafes.db cafes in Berlin open now",
                 "placer query cafes.db bakeries near 52.52,13.40 within 2km",
                 "placer query cafes.db --sql 'SELECT addr_city, count(*) FROM place GROUP BY 1'"})
      .action([options] { return query(*options); });
  return command;
}

}  // namespace placer::cli
