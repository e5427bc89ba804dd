#include "storage/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "storage/database_file.h"
#include "storage/place_columns.h"

namespace placer {
namespace {

using Json = nlohmann::ordered_json;

struct Exported {
  std::string id;
  Place place;
  std::optional<std::string> source_url;
  std::string first_seen;
  std::string last_seen;
  std::optional<std::string> gone_since;
  double completeness = 0;
};

Exported read_exported(const Statement& row) {
  const auto fields = static_cast<int>(place_field_names().size());
  return {row.string(0),          read_place(row, 1),     row.optional_string(fields + 1),
          row.string(fields + 2), row.string(fields + 3), row.optional_string(fields + 4),
          row.real(fields + 5)};
}

// Visits every column of an exported place as (name, std::optional).
template <class Visitor>
void for_each_column(Visitor&& visit, const Exported& row) {
  visit("id", std::optional(row.id));
  for_each_field(visit, row.place);
  visit("source_url", row.source_url);
  visit("first_seen", std::optional(row.first_seen));
  visit("last_seen", std::optional(row.last_seen));
  visit("gone_since", row.gone_since);
  visit("completeness", std::optional(row.completeness));
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_flat_object(const Json& json) {
  return json.is_object() && std::none_of(json.begin(), json.end(),
                                          [](const Json& value) { return value.is_structured(); });
}

// Columns that hold a JSON object become JSON, not text with JSON in it.
Json nested(std::string_view column, const std::optional<std::string>& text) {
  if (column == "socials" || column == "tags") {
    Json parsed = Json::parse(*text, nullptr, false);
    if (is_flat_object(parsed)) return parsed;
  }
  return *text;
}
Json nested(std::string_view, const auto& value) { return *value; }

std::string csv_header() {
  std::string line;
  for_each_column(
      [&line](const char* name, const auto&) {
        if (!line.empty()) line += ',';
        line += name;
      },
      Exported{});
  return line + "\r\n";
}

std::string csv_row(const Exported& row) {
  std::string line;
  for_each_column(
      [&line](const char*, const auto& value) {
        if (!line.empty()) line += ',';
        if (value) line += csv_cell(fmt::format("{}", *value));
      },
      row);
  return line + "\r\n";
}

std::string json_row(const Exported& row) {
  Json object = Json::object();
  for_each_column(
      [&object](const char* name, const auto& value) {
        if (value) object[name] = nested(name, value);
      },
      row);
  return dump(object) + '\n';
}

std::string osm_key(std::string_view column) {
  constexpr std::string_view kAddress = "addr_";
  if (column.starts_with(kAddress)) return "addr:" + std::string(column.substr(kAddress.size()));
  return std::string(column);
}

Json osm_properties(const Exported& row) {
  Json properties = Json::object();
  for_each_column(
      [&properties](std::string_view name, const auto& value) {
        if (!value || name == "id" || name == "lat" || name == "lon" || name == "category" ||
            name == "socials" || name == "tags") {
          return;
        }
        properties[name == "source_url" ? "@source_uri" : osm_key(name)] = *value;
      },
      row);
  if (row.place.category) {
    const std::string& tag = *row.place.category;
    const std::size_t equals = tag.find('=');
    if (equals == std::string::npos) {
      properties["category"] = tag;
    } else {
      properties[tag.substr(0, equals)] = tag.substr(equals + 1);
    }
  }
  const auto spread = [&properties](const std::optional<std::string>& column, const char* prefix) {
    const Json object = column ? Json::parse(*column, nullptr, false) : Json();
    if (!is_flat_object(object)) return;
    for (const auto& [key, value] : object.items()) {
      const std::string name = prefix + key;
      if (!properties.contains(name)) properties[name] = value;
    }
  };
  spread(row.place.socials, "contact:");
  spread(row.place.tags, "");
  return properties;
}

std::string geojson_feature(const Exported& row) {
  Json feature = {{"type", "Feature"}, {"id", row.id}, {"geometry", nullptr}};
  if (row.place.lat && row.place.lon) {
    feature["geometry"] = {{"type", "Point"},
                           {"coordinates", Json::array({*row.place.lon, *row.place.lat})}};
  }
  feature["properties"] = osm_properties(row);
  return dump(feature);
}

bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  std::size_t count = digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    count += digits();
  }
  if (count == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

// What spreadsheets skip before they look for a formula.
std::string_view without_leading_space(std::string_view text) {
  constexpr std::array<std::string_view, 5> kSpaces = {" ", "\u00a0", "\ufeff", "\u200b", "\u3000"};
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view space : kSpaces) {
      if (text.starts_with(space)) {
        text.remove_prefix(space.size());
        found = true;
      }
    }
  }
  return text;
}

bool looks_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 11> kTriggers = {
      "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  if (is_number(text)) return false;
  const std::string_view seen = without_leading_space(text);
  return std::any_of(kTriggers.begin(), kTriggers.end(),
                     [seen](std::string_view trigger) { return seen.starts_with(trigger); });
}

}  // namespace

std::optional<ExportFormat> export_format_of(std::string_view name) {
  if (name == "csv") return ExportFormat::kCsv;
  if (name == "jsonl") return ExportFormat::kJsonl;
  if (name == "geojson") return ExportFormat::kGeojson;
  return std::nullopt;
}

std::string csv_cell(std::string_view text) {
  std::string cell;
  if (looks_like_formula(text)) cell += '\'';
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::uint64_t> export_places(const std::string& db, ExportFormat format, std::ostream& out,
                                    const ExportOptions& options) {
  auto opened = open_for_reading(db);
  if (!opened) return tl::unexpected(opened.error());
  Statement rows(**opened,
                 "SELECT id, " + place_field_list() +
                     ", source_url, first_seen, last_seen, gone_since, completeness FROM place" +
                     (options.gone ? "" : " WHERE gone_since IS NULL") + " ORDER BY id",
                 "reading the places");
  if (format == ExportFormat::kCsv) out << csv_header();
  if (format == ExportFormat::kGeojson) out << R"({"type":"FeatureCollection","features":[)";
  std::uint64_t count = 0;
  for (bool row = rows.first(); row && out; row = rows.next()) {
    const Exported place = read_exported(rows);
    switch (format) {
      case ExportFormat::kCsv:
        out << csv_row(place);
        break;
      case ExportFormat::kJsonl:
        out << json_row(place);
        break;
      case ExportFormat::kGeojson:
        out << (count == 0 ? "\n" : ",\n") << geojson_feature(place);
        break;
    }
    ++count;
  }
  if (format == ExportFormat::kGeojson) out << "\n]}\n";
  out.flush();
  if (auto status = (*opened)->status(); !status) return tl::unexpected(status.error());
  if (!out) return fail(ErrorCode::kStorage, db + ": exporting: the output cannot be written");
  return count;
}

}  // namespace placer
